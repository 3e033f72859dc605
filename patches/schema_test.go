package patches_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"gopkg.in/yaml.v3"
	"linecook.dev/linecook/patches"
)

func TestSchemaAcceptsPatches(t *testing.T) {
	s := schema(t)
	for _, text := range []string{
		whole,
		prelude + "  a: {oscin: {port: '9000', idletimeout: 1.5, clamp: 0, active: OFF, callbacks: x}}",
		prelude + "  a: {table: }\n  b: {look: {at: a}, in: a, bypass: yes}",
		nested,
		"linecook: v1\nparams: {a: 1, b: x, c: on, d: {type: int, min: 1}, e: {menu: [x, y], default: x, help: z}, f: {default: 0.5, max: '1'}}\nnodes: {}",
		prelude + "  a: {base: {include: parts/strip.yaml, params: {gain: 1, name: =param.x}}, in: b, bypass: on}\n  b: {table: }",
	} {
		if err := validate(t, s, text); err != nil {
			t.Errorf("schema refuses\n%s\n%v", text, err)
		}
	}
}

// What Parse accepts the schema must accept: an editor that marks a good patch is worse than none.
// A null that is written out is the exception: it is the text "null", and to a schema it is nothing.
func TestSchemaAcceptsWhatParseAccepts(t *testing.T) {
	s := schema(t)
	params := []string{"port", "protocol", "clamp", "bytes", "maxlines", "gain", "idletimeout", "addscope", "allow", "callbacks", "active"}
	values := []string{"1", "'1'", "x", "on", "1.5", "[a]", "[[1, ~]]", "=param.x", "'=1'", "'=='", "-3", "", "{}", "1e3", "0x10", "250ms", "'on'", "tcp", "0", ".5", "inf"}
	for _, param := range params {
		for _, value := range values {
			text := prelude + "  a: {oscin: {" + param + ": " + value + ", port: 1}}\n"
			if param == "port" {
				text = prelude + "  a: {oscin: {port: " + value + "}}\n"
			}
			_, err := parse(t, text)
			if invalid := validate(t, s, text); err == nil && invalid != nil {
				t.Errorf("Parse accepts and the schema refuses\n%s%v", text, invalid)
			}
		}
	}
}

func TestSchemaRefusesMistakes(t *testing.T) {
	s := schema(t)
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
		prelude + "  a: {base: {nodes: {}, include: x.yaml}}", prelude + "  a: {base: {nodes: {}, params: {x: 1}}}", prelude + "  a: {base: {include: [x]}}",
		"linecook: v1\nparams: {a: }\nnodes: {}", "linecook: v1\nparams: {a b: 1}\nnodes: {}", "linecook: v1\nparams: {a: {}}\nnodes: {}",
		"linecook: v1\nparams: {a: {type: real}}\nnodes: {}", "linecook: v1\nparams: {a: [1]}\nnodes: {}", "linecook: v1\nparams: {a: {menu: x}}\nnodes: {}",
		"linecook: v1\nparams: {a: {default: 1, mim: 1}}\nnodes: {}", "linecook: v1\nparams: [a]\nnodes: {}",
		prelude + "  a: {base: {nodes: {b: {tabel: }}}}", prelude + "  a: {base: {nodes: {/b: {table: }}}}",
	} {
		if _, err := parse(t, text); err == nil {
			t.Errorf("Parse accepts\n%s", text)
		}
		if err := validate(t, s, text); err == nil {
			t.Errorf("schema accepts\n%s", text)
		}
	}
}

func validate(t *testing.T, s *jsonschema.Schema, text string) error {
	t.Helper()
	var doc any
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	return s.Validate(asJSON(doc))
}

func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	src, err := patches.Schema(registry())
	if err != nil {
		t.Fatalf("Schema: %v", err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(src))
	if err != nil {
		t.Fatalf("Schema is no JSON: %v", err)
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	if err := c.AddResource("patch.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("patch.json")
	if err != nil {
		t.Fatalf("Schema is no schema: %v", err)
	}
	return s
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
