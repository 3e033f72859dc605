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

	"linecook.dev/linecook/patches"
)

// schemaOf returns what linecook ops prints with a flag.
func schemaOf(t *testing.T, flag string) *jsonschema.Schema {
	t.Helper()
	out, err := exec.Command("linecook", "ops", flag).Output()
	if err != nil {
		t.Fatalf("linecook ops %s: %v", flag, err)
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
	return schema
}

// What editors are given accepts every example, with the operators as they are, and its tests.
func TestSchemaAcceptsExamples(t *testing.T) {
	ofPatch, ofTests := schemaOf(t, "--schema"), schemaOf(t, "--test-schema")
	for _, pattern := range []string{"../../patches/examples/*.yaml", "../../patches/examples/*/*.yaml", "../../ops/examples/*.yaml"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("examples %s: %v", pattern, err)
		}
		for _, file := range files {
			schema := ofPatch
			if strings.HasSuffix(file, "_test.yaml") {
				schema = ofTests
			}
			if err := schema.Validate(readYAML(t, file)); err != nil {
				t.Errorf("the schema refuses %s: %v", file, err)
			}
		}
	}
}

// The schema of tests sees what the reader of tests does not take.
func TestSchemaRefusesBrokenTests(t *testing.T) {
	schema := schemaOf(t, "--test-schema")
	for _, text := range []string{
		"linecook: v1", "linecook: v2\ntests: {}", "linecook: v1\ntests: {a: {}}", "linecook: v1\ntests: {a: {expect: {row: {}}}}",
		"linecook: v1\ntests: {a: {expect: {}, input: [{oscc: /a}]}}", "linecook: v1\ntests: {a: {expect: {rows: {loud: [3]}}}}",
		"linecook: v1\ntests: {a: {expect: {received: {alice: [{}]}}}}", "linecook: v1\ntests: {a: {expect: [{frame: 0}]}}",
	} {
		var v any
		if err := yaml.Unmarshal([]byte(text), &v); err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(keyed(v)); err == nil {
			t.Errorf("the schema accepts %q", text)
		}
		if _, err := patches.ParseTests([]byte(text), "x_test.yaml"); err == nil {
			t.Errorf("ParseTests(%q) = nil, want a mistake", text)
		}
	}
}

func readYAML(t *testing.T, file string) any {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var v any
	if err := yaml.Unmarshal(src, &v); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return keyed(v)
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
