package script_test

import (
	"slices"
	"strings"
	"testing"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/ops/script"
)

func TestCompileMistakes(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string
	}{
		{"is", "x = 1\nif x is None:\n  pass", []string{"callbacks:2:6: got is, want ':'; there is no 'is'"}},
		{"f-string", "x = f'{1}'", []string{"callbacks:1:5: got string literal, want newline; there are no f-strings"}},
		{"try", "try:\n  x()\nexcept:\n  pass", []string{"callbacks:1:1: got try, want primary expression; there is no try"}},
		{"import", "import os", []string{"nothing can be imported"}},
		{"class", "class A:\n  pass", []string{"there are no classes"}},
		{"with", "with open('x') as f:\n  pass", []string{"there is no with"}},
		{"power", "x = 2 ** 3", []string{"write math.pow(x, y)"}},
		{"global", "def f():\n  global x\n  x = 1", []string{"module-level dicts and lists are the memory"}},
		{"del", "d = {}\ndel d['a']", []string{"write d.pop(key)"}},
		{"set", "x = {1, 2}", []string{"for a set write set([...])"}},
		{"set of one", "x = {1}", []string{"for a set write set([...])"}},
		{"annotation", "def f(x: int):\n  pass", []string{"callbacks:1:8: got ':', want ')'; parameters have no annotations"}},
		{"result's annotation", "def f() -> int:\n  pass", []string{"there are no annotations"}},
		{"numbers", "x = 1_000", []string{"there is no _ in numbers"}},
		{"adjacent texts", "x = 'a' 'b'", []string{"put + between them"}},
		{"walrus", "if (x := 3):\n  pass", []string{"there is no :="}},
		{"decorator", "@foo\ndef f():\n  pass", []string{"there are no decorators"}},
		{"assert", "assert 1", []string{"callbacks:1:8: got int literal, want newline; there is no assert"}},
		{"print of old", "print 'x'", []string{"write print(...)"}},
		{"C", "x++", []string{"write x += 1"}},
		{"byte in a text", `x = "\xff"`, []string{`a byte is b'\xff'`}},
		{"a word within a text", "x = 'is' +", []string{"callbacks:1:11: got end of file, want primary expression; the text ends where a value must follow"}},
		{"load", "load('x.star', 'y')", []string{"a script cannot load another one"}},
		{"augmented global", "n = 0\ndef f():\n  n += 1\n", []string{"callbacks:3:5: a function cannot rebind n"}},
		{"op as a value", "x = op\n", []string{"callbacks:1:5: op can only be called"}},
		{"op of a value", "y = op('a' + 'b')", []string{"callbacks:1:7: op takes one name in quotes: the name makes an edge"}},
		{"op of no name", "op('a b')", []string{`callbacks:1:4: name "a b" has ' '`}},
		{
			"several", "def f():\n  foo()\n  bar()\n  op(1)",
			[]string{"callbacks:2:3: undefined: foo", "callbacks:3:3: undefined: bar", "callbacks:4:5: op takes one name"},
		},
		{"TouchDesigner's", "x = me.digits", []string{"undefined: me; the node is the callback's first argument"}},
		{"nesting", "x = " + strings.Repeat("[", 201) + strings.Repeat("]", 201), []string{"callbacks:1:205: brackets and operators nest too deep here"}},
		{"size", strings.Repeat("#\n", 1<<20), []string{"callbacks:1:1: the text is longer than 1048576 bytes"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := script.Compile("callbacks", graph.Script{Text: tt.text})
			got := messages(err)
			if len(got) != len(tt.want) {
				t.Fatalf("Compile(%.60q) = %q, want %q", tt.text, got, tt.want)
			}
			for i, want := range tt.want {
				if !strings.Contains(got[i], want) {
					t.Errorf("Compile(%.60q): error %d is %q, want %q", tt.text, i+1, got[i], want)
				}
			}
		})
	}
}

func TestOwnOpIsNoReference(t *testing.T) {
	r := newRig(t, "def op(x):\n    return x\ndef f(x):\n    return op(x)\n").start()
	if got := r.mustCall("f", script.Int(3)); got != "3" || len(r.prog.Refs()) != 0 {
		t.Errorf("a script's own op gave %s and references %q, want 3 and none", got, r.prog.Refs())
	}
}

func TestDeepNestingIsNoCrash(t *testing.T) {
	for _, part := range []string{"[", "(", "-", "not ", "lambda: ", "a if b else ", "{1:", "f(", "a.", "a[", "1+", "~", "x=y="} {
		text := "z = " + strings.Repeat(part, (1<<20)/len(part)-10)
		if _, err := script.Compile("callbacks", graph.Script{Text: text}); err == nil {
			t.Errorf("Compile of 1 MiB of %q = nil error, want one", part)
		}
	}
}

func TestFunctions(t *testing.T) {
	r := newRig(t, "def a():\n  pass\nx = 1\nif x:\n  pass\ndef b(x):\n  def inner():\n    pass\n")
	want := []script.Function{{Name: "a", Line: 1, Col: 5}, {Name: "b", Line: 6, Col: 5}}
	if got := r.prog.Functions(); !slices.Equal(got, want) {
		t.Errorf("Functions() = %v, want %v", got, want)
	}
}
