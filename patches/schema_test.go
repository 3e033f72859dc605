package patches_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"gopkg.in/yaml.v3"

	"linecook.dev/linecook/patches"
)

func TestSchemaAcceptsPatches(t *testing.T) {
	for _, text := range []string{
		whole,
		prelude + "  a: {oscin: {port: '9000', idletimeout: 1.5, clamp: 0, active: OFF, callbacks: x}}",
		prelude + "  a: {table: }\n  b: {look: {at: a}, in: a, bypass: yes}",
		nested,
	} {
		if err := validate(t, text); err != nil {
			t.Errorf("schema refuses\n%s\n%v", text, err)
		}
	}
}

func TestSchemaRefusesMistakes(t *testing.T) {
	for _, text := range []string{
		"linecook: v2\nnodes: {}", "nodes: {}", "linecook: v1\nnodes: {}\nnode: {}",
		"linecook: v1\ntimeline: {fps: 0}\nnodes: {}", "linecook: v1\ntimeline: {mode: frames}\nnodes: {}",
		prelude + "  a b: {table: }", prelude + "  a: {oscinn: {port: 1}}", prelude + "  a: {active: off}",
		prelude + "  a: {table: , look: }", prelude + "  a: {oscin: {port: 1, maxline: 5}}",
		prelude + "  a: {oscin: }", prelude + "  a: {oscin: {port: 70000}}", prelude + "  a: {oscin: {port: high}}",
		prelude + "  a: {oscin: {port: [1]}}", prelude + "  a: {oscin: {port: 1, protocol: msgin}}",
		prelude + "  a: {oscin: {port: 1, clear: on}}", prelude + "  a: {table: {rows: [[1], 2]}}",
		prelude + "  a: {table: {rows: [[{b: 1}]]}}", prelude + "  a: {table: , in: a}", prelude + "  a: {null: }",
		prelude + "  a: {table: , callbacks: x = 1}", prelude + "  a: {table: , bypass: maybe}",
		prelude + "  a: {oscout: {address: x}, in: [t, t, t]}",
		prelude + "  a: {base: }", prelude + "  a: {base: {node: {}, nodes: {}}}", prelude + "  a: {base: {nodes: {in1: {table: }}}}",
		prelude + "  a: {base: {nodes: {b: {tabel: }}}}", prelude + "  a: {base: {nodes: {/b: {table: }}}}",
	} {
		if _, err := parse(t, text); err == nil {
			t.Errorf("Parse accepts\n%s", text)
		}
		if err := validate(t, text); err == nil {
			t.Errorf("schema accepts\n%s", text)
		}
	}
}

func validate(t *testing.T, text string) error {
	t.Helper()
	src, err := patches.Schema(registry())
	if err != nil {
		t.Fatalf("Schema: %v", err)
	}
	var s map[string]any
	if err := json.Unmarshal(src, &s); err != nil {
		t.Fatalf("Schema is no JSON: %v", err)
	}
	var doc any
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	return validator{s}.check("", s, asJSON(doc))
}

// asJSON gives a document of YAML the types that one of JSON has.
func asJSON(v any) any {
	if m, ok := v.(map[any]any); ok { // a key is null
		out := map[string]any{}
		for k, v := range m {
			out[strings.ReplaceAll(fmt.Sprint(k), "<nil>", "null")] = asJSON(v)
		}
		return out
	}
	if m, ok := v.(map[string]any); ok {
		for k, v := range m {
			m[k] = asJSON(v)
		}
		return m
	}
	if l, ok := v.([]any); ok {
		for i, v := range l {
			l[i] = asJSON(v)
		}
		return l
	}
	if when, ok := v.(time.Time); ok {
		return when.String()
	}
	if n, ok := v.(int); ok {
		return float64(n)
	}
	return v
}

// A validator knows the keywords of JSON Schema that patches.Schema uses, and fails on any other.
type validator struct{ root map[string]any }

func (d validator) check(at string, s map[string]any, v any) error {
	for key, arg := range s {
		if ok, err := d.keyword(at, key, arg, s, v); err != nil {
			return err
		} else if !ok {
			return fmt.Errorf("%s: %v is not %s %v", at, v, key, arg)
		}
	}
	return nil
}

func (d validator) keyword(at, key string, arg any, s map[string]any, v any) (bool, error) {
	number, isNumber := v.(float64)
	text, isText := v.(string)
	list, _ := v.([]any)
	m, isMap := v.(map[string]any)
	switch key {
	case "$schema", "title", "description", "default", "examples", "$defs":
	case "$ref":
		def := d.root["$defs"].(map[string]any)[strings.TrimPrefix(arg.(string), "#/$defs/")]
		return true, d.check(at, def.(map[string]any), v)
	case "const":
		return v == arg, nil
	case "enum":
		return slices.Contains(arg.([]any), v), nil
	case "type":
		types, ok := arg.([]any)
		return slices.Contains(types, any(typeOf(v))) || !ok && (arg == typeOf(v) || arg == "integer" && isNumber && number == float64(int(number))), nil
	case "minimum":
		return !isNumber || number >= arg.(float64), nil
	case "maximum":
		return !isNumber || number <= arg.(float64), nil
	case "pattern":
		return !isText || regexp.MustCompile(arg.(string)).MatchString(text), nil
	case "not":
		return d.check(at, arg.(map[string]any), v) != nil, nil
	case "minItems":
		return list == nil || len(list) >= int(arg.(float64)), nil
	case "maxItems":
		return len(list) <= int(arg.(float64)), nil
	case "maxProperties":
		return len(m) <= int(arg.(float64)), nil
	case "required":
		return !isMap || !slices.ContainsFunc(arg.([]any), func(k any) bool { _, ok := m[k.(string)]; return !ok }), nil
	case "propertyNames":
		for k := range m {
			if err := d.check(at+"/"+k, arg.(map[string]any), k); err != nil {
				return false, err
			}
		}
	case "properties":
		for k, s := range arg.(map[string]any) {
			if v, ok := m[k]; ok {
				if err := d.check(at+"/"+k, s.(map[string]any), v); err != nil {
					return false, err
				}
			}
		}
	case "additionalProperties":
		known, _ := s["properties"].(map[string]any)
		for k, v := range m {
			sub, isSchema := arg.(map[string]any)
			switch _, ok := known[k]; {
			case ok:
			case !isSchema:
				return false, nil
			default:
				if err := d.check(at+"/"+k, sub, v); err != nil {
					return false, err
				}
			}
		}
	case "items":
		for i, v := range list {
			if err := d.check(fmt.Sprintf("%s/%d", at, i), arg.(map[string]any), v); err != nil {
				return false, err
			}
		}
	case "anyOf", "oneOf":
		n := 0
		for _, s := range arg.([]any) {
			if d.check(at, s.(map[string]any), v) == nil {
				n++
			}
		}
		return n == 1 || n > 1 && key == "anyOf", nil
	default:
		return false, fmt.Errorf("%s: keyword %s is not known", at, key)
	}
	return true, nil
}

func typeOf(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case float64:
		return "number"
	case string:
		return "string"
	case []any:
		return "array"
	}
	return "object"
}
