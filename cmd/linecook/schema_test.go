package main_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"gopkg.in/yaml.v3"
)

// What editors are given accepts every example, with the operators as they are.
func TestSchemaAcceptsExamples(t *testing.T) {
	out, err := exec.Command("linecook", "ops", "--schema").Output()
	if err != nil {
		t.Fatalf("linecook ops --schema: %v", err)
	}
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(out)))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("patch.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("patch.json")
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	for _, pattern := range []string{"../../patches/examples/*.yaml", "../../patches/examples/*/*.yaml", "../../ops/examples/*.yaml"} {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) == 0 {
			t.Fatalf("%s: %v, %v", pattern, found, err)
		}
		files = append(files, found...)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.yaml") {
			continue
		}
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var patch any
		if err := yaml.Unmarshal(src, &patch); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if err := schema.Validate(keyed(patch)); err != nil {
			t.Errorf("the schema refuses %s: %v", file, err)
		}
	}
}

// keyed gives mappings the keys that JSON has: the key null is a word like any other.
func keyed(v any) any {
	out := map[string]any{}
	switch v := v.(type) {
	case map[any]any:
		for key, value := range v {
			out[strings.Replace(fmt.Sprint(key), "<nil>", "null", 1)] = keyed(value)
		}
	case map[string]any:
		for key, value := range v {
			out[key] = keyed(value)
		}
	default:
		return v
	}
	return out
}
