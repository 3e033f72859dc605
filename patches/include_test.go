package patches_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/patches"
)

// parts are files that patches in these tests include.
var parts = fstest.MapFS{
	"parts/strip.yaml": {Data: []byte(`linecook: v1
params:
  gain: 1
  name: {default: left, help: where it is}
  mode: {menu: [fast, slow], default: fast}
  size: {type: int, min: 1, max: 8, default: 2}
  mute: off
nodes:
  ears: {oscin: {port: 9000, callbacks: hooks/a.star}}
  out1: {null: , in: in1}
  inner: {base: {include: sub/leaf.yaml, params: {size: 3}}, in: in1}
`)},
	"parts/sub/leaf.yaml":  {Data: []byte("linecook: v1\nparams: {size: {type: number}}\nnodes:\n  out1: {null: , in: in1}\n")},
	"parts/hooks/a.star":   {Data: []byte("x = 1\n")},
	"parts/wrong.yaml":     {Data: []byte("linecook: v1\nnodes:\n  a: {oscinn: }\n  b: {null: , in: in2}\n")},
	"parts/syntax.yaml":    {Data: []byte("linecook: v1\nnodes:\n  a: */x\n")},
	"parts/timeline.yaml":  {Data: []byte("linecook: v1\ntimeline: {fps: 5}\nnodes: {}\n")},
	"parts/outer.yaml":     {Data: []byte("linecook: v1\nnodes:\n  w: {base: {include: wrong.yaml}}\n")},
	"parts/self.yaml":      {Data: []byte("linecook: v1\nnodes:\n  s: {base: {include: ../parts/self.yaml}}\n")},
	"parts/main.yaml":      {Data: []byte("linecook: v1\nnodes:\n  s: {base: {include: ../p.yaml}}\n")},
	"parts/script.yaml":    {Data: []byte("linecook: v1\nnodes:\n  a:\n    oscin: {port: 1}\n    callbacks: |\n      wrong\n")},
	"parts/needs.yaml":     {Data: []byte("linecook: v1\nparams: {port: {type: int, min: 1}}\nnodes: {}\n")},
	"parts/badparams.yaml": {Data: []byte("linecook: v1\nparams: {a b: 1, c: , d: [1], e: {}, f: {type: real}, g: {default: 5, max: 3}, h: {deflt: 1}, i: {menu: x}, j: {default: x, type: int}}\nnodes: {}\n")},
}

func parseWith(text string, files fstest.MapFS) (*patches.Patch, error) {
	return patches.Parse([]byte(text), "p.yaml", files, registry())
}

func TestIncludeIsANetwork(t *testing.T) {
	p, err := parseWith(prelude+`
  a: {table: }
  l: {base: {include: parts/strip.yaml, params: {gain: 0.5, mute: yes}}, in: a}
  r: {base: {include: ./parts/strip.yaml}, in: l}
`, parts)
	if err != nil {
		t.Fatalf("Parse: %v", err)
	}
	var g graph.Graph
	if err := p.Build(&g); err != nil {
		t.Fatalf("Build: %v", err)
	}
	want := `/a:
/l: /l/out1
/l/ears:
/l/in1: /a
/l/inner: /l/inner/out1
/l/inner/in1: /l/in1
/l/inner/out1: /l/inner/in1
/l/out1: /l/in1
/r: /r/out1
/r/ears:
/r/in1: /l
/r/inner: /r/inner/out1
/r/inner/in1: /r/in1
/r/inner/out1: /r/inner/in1
/r/out1: /r/in1
`
	if got := wires(&g); got != want {
		t.Errorf("graph: got\n%s\nwant\n%s", got, want)
	}
	script := p.Node("l/ears").Operator.(*listen).Callbacks
	if script.Text != "x = 1\n" || script.File != "parts/hooks/a.star" {
		t.Errorf("callbacks of l/ears: got %+v, want those of parts/hooks/a.star", script)
	}
}

func TestMistakesOfIncludes(t *testing.T) {
	base := "  a: {base: {include: %s}}\n"
	tests := []struct{ name, text, want string }{
		{"mistake in the file", fmt.Sprintf(base, "parts/wrong.yaml"), `parts/wrong.yaml:3:7: unknown operator "oscinn"; did you mean "oscin"? (included at 3:23)
parts/wrong.yaml:4:19: in: there is no in2: "a" has 0 inputs (included at 3:23)`},
		{"mistake in the file, twice", fmt.Sprintf(base, "parts/syntax.yaml") + "  b: {base: {include: parts/syntax.yaml}}", `parts/syntax.yaml:3:6: '*' begins an alias or an anchor of YAML; quote the value (included at 3:23)`},
		{"chain", fmt.Sprintf(base, "parts/outer.yaml"), `parts/wrong.yaml:3:7: unknown operator "oscinn"; did you mean "oscin"? (included at parts/outer.yaml:3:23, 3:23)
parts/wrong.yaml:4:19: in: there is no in2: "a/w" has 0 inputs (included at parts/outer.yaml:3:23, 3:23)`},
		{"script in the file", fmt.Sprintf(base, "parts/script.yaml"), `parts/script.yaml:6:7: callbacks: is wrong (included at 3:23)`},
		{"timeline in the file", fmt.Sprintf(base, "parts/timeline.yaml"), `parts/timeline.yaml:2:11: timeline is of the whole patch; it belongs in the file that is run (included at 3:23)`},
		{"no file", fmt.Sprintf(base, "parts/none.yaml"), `3:23: include "parts/none.yaml": file does not exist`},
		{"folder", fmt.Sprintf(base, "parts"), `3:23: include "parts": not a regular file`},
		{"outside", fmt.Sprintf(base, "../x.yaml"), `3:23: include "../x.yaml": want a file in the patch's folder or below it`},
		{"from the root", fmt.Sprintf(base, "/parts/strip.yaml"), `3:23: include "/parts/strip.yaml": want a file in the patch's folder or below it`},
		{"no name", fmt.Sprintf(base, "[a]"), `3:23: include is a list; want a file in the patch's folder or below it`},
		{"cycle", fmt.Sprintf(base, "parts/self.yaml"), `parts/self.yaml:3:23: include: a cycle: p.yaml -> parts/self.yaml -> parts/self.yaml (included at 3:23)`},
		{"cycle to the patch", fmt.Sprintf(base, "parts/main.yaml"), `parts/main.yaml:3:23: include: a cycle: p.yaml -> parts/main.yaml -> p.yaml (included at 3:23)`},
		{"both", "  a: {base: {include: parts/sub/none.yaml, nodes: {}}}", `3:23: include "parts/sub/none.yaml": file does not exist
3:44: nodes and include: a base has one of them`},
		{"params without a file", "  a: {base: {nodes: {}, params: {a: 1}}}", `3:25: params are what an included file is given; there is no include`},
		{"unknown parameter", "  t: {table: }\n  a: {base: {include: parts/strip.yaml, params: {gian: 1}}, in: t}", `4:50: unknown parameter of parts/strip.yaml "gian"; did you mean "gain"?`},
		{"wrong types", "  t: {table: }\n  a: {base: {include: parts/strip.yaml, params: {gain: x, mode: slwo, size: 9, mute: [], name: }}, in: t}",
			`4:56: gain: "x" is not a number
4:65: mode: "slwo" is not one of fast, slow; did you mean "slow"?
4:77: size: 9 is not a whole number from 1 to 8
4:86: mute: is a list; want on or off
4:96: name: is nothing; want text`},
		{"parameter missing", fmt.Sprintf(base, "parts/needs.yaml"), `3:23: parts/needs.yaml needs the parameter port: a whole number of at least 1`},
		{"wrong declarations", fmt.Sprintf(base, "parts/badparams.yaml"), `2:10: "a b" cannot be the name of a parameter; want letters, digits and '_', no digit first
2:21: c: is nothing; want its default, or a mapping, as {type: number}
2:26: d: is a list; want its default, or a mapping, as {type: number}
2:34: e: has no default; give one, or its type, as {type: number}
2:48: type: is "real"; want int, number, text or bool
2:68: g: 5 is not a number of at most 3
2:83: h: has no default; give one, or its type, as {type: number}
2:84: unknown key of a parameter "deflt"; did you mean "default"?
2:98: i: has no default; give one, or its type, as {type: number}
2:105: menu: is "x"; want a list of texts
2:122: j: "x" is not a whole number`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := parseWith(prelude+tt.text, parts)
			got := lines(err)
			if tt.name == "wrong declarations" {
				got = strings.ReplaceAll(strings.ReplaceAll(got, "parts/badparams.yaml:", ""), " (included at 3:23)", "")
			}
			if got != tt.want {
				t.Errorf("Parse of\n%s\ngot\n%s\nwant\n%s", tt.text, got, tt.want)
			}
		})
	}
}

// A file that includes another ten times, which includes another ten times, and so on.
func TestIncludeBombIsRefused(t *testing.T) {
	files := fstest.MapFS{}
	for i := range 15 {
		files[fmt.Sprintf("f%d.yaml", i)] = &fstest.MapFile{Data: []byte(prelude + numbered(10, fmt.Sprintf("  n%%d: {base: {include: f%d.yaml}}\n", i+1)))}
	}
	files["f15.yaml"] = &fstest.MapFile{Data: []byte(prelude + "  out1: {table: }\n")}
	_, err := parseWith(prelude+"  a: {base: {include: f0.yaml}}\n", files)
	if err == nil || !strings.Contains(err.Error(), "more than 100000 values") {
		t.Errorf("Parse: got %.500v, want more than 100000 values", err)
	}
	files = fstest.MapFS{}
	for i := range 20 {
		files[fmt.Sprintf("f%d.yaml", i)] = &fstest.MapFile{Data: fmt.Appendf(nil, "%s  n: {base: {include: f%d.yaml}}\n#%s", prelude, i+1, fill(" ", 300_000))}
	}
	_, err = parseWith(prelude+"  a: {base: {include: f0.yaml}}\n", files)
	if err == nil || !strings.Contains(err.Error(), "longer than 4 MiB together") {
		t.Errorf("Parse: got %.500v, want longer than 4 MiB together", err)
	}
	for i := range 20 {
		files[fmt.Sprintf("f%d.yaml", i)].Data = fmt.Appendf(nil, "%s  n: {base: {include: f%d.yaml}}\n", prelude, i+1)
	}
	_, err = parseWith(prelude+"  a: {base: {include: f0.yaml}}\n", files)
	if err == nil || !strings.Contains(err.Error(), "more than 16 files within each other: p.yaml -> f0.yaml") {
		t.Errorf("Parse: got %.500v, want more than 16 files within each other", err)
	}
}

func TestIncludeStaysInTheFolder(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "out.yaml"), prelude+"  out1: {table: }\n")
	write(t, filepath.Join(dir, "home/in.yaml"), prelude+"  out1: {table: }\n")
	for link, to := range map[string]string{"out": "../out.yaml", "near": "in.yaml", "up": "..", "self": "p.yaml"} {
		if err := os.Symlink(to, filepath.Join(dir, "home", link)); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(dir, "home/p.yaml")
	for name, want := range map[string]string{"in.yaml": "", "near": "", "out": "escapes", "up/out.yaml": "escapes", "self": "a cycle"} {
		write(t, file, prelude+"  a: {base: {include: "+name+"}}\n")
		_, err := patches.Load(file, registry())
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("Load with include %s: got %v, want %q", name, err, want)
		}
	}
}

func TestParamsFromOutside(t *testing.T) {
	const text = "linecook: v1\nparams:\n  gain: 1\n  size: {type: int, max: 8}\n  name: x\n  on: true\n  near: 0.5\nnodes: {}\n"
	load := func(given map[string]any) (*patches.Patch, error) {
		return patches.Config{Operators: registry(), Params: given}.Parse([]byte(text), "p.yaml", nil)
	}
	p, err := load(map[string]any{"gain": "2.5", "size": 7, "on": false, "near": 1e-3})
	if err != nil {
		t.Fatalf("Parse: %v", err)
	}
	var got []string
	for _, param := range p.Params {
		got = append(got, fmt.Sprintf("%s %T %v", param.Name, param.Value, param.Value))
	}
	if got, want := strings.Join(got, ", "), "gain float64 2.5, size int64 7, name string x, on bool false, near float64 0.001"; got != want {
		t.Errorf("Params: got %s, want %s", got, want)
	}
	_, err = load(map[string]any{"gian": 1, "size": 9, "near": "nan"})
	want := "gian: the patch has no such parameter; did you mean \"gain\"?\nnear: \"nan\" is not a number\nsize: 9 is not a whole number of at most 8"
	if _, ok := errors.AsType[*graph.ParamError](err); !ok || err.Error() != want {
		t.Errorf("Parse with wrong values: got %v, want\n%s", err, want)
	}
	if _, err = load(nil); lines(err) != "4:3: size has no default; give it by --param size=...: a whole number of at most 8" {
		t.Errorf("Parse without a value that is needed: got %v", err)
	}
}
