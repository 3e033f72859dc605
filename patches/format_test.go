package patches_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
	"pgregory.net/rapid"

	"linecook.dev/linecook/patches"
)

func TestFormat(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"canonical", "a: 1\n", "a: 1\n"},
		{"indentation", "a:\n    b:\n          c: 1\n    d: 2\n", "a:\n  b:\n    c: 1\n  d: 2\n"},
		{"list below its key", "a:\n- b\n- c:  1\n  d: 2\ne: f\n", "a:\n  - b\n  - c: 1\n    d: 2\ne: f\n"},
		{"lists within lists", "x:\n-   - a\n    - b\n-\n  c: d\n", "x:\n  - - a\n    - b\n  -\n    c: d\n"},
		{"blanks in braces", "a: { b : 1,c: [ 1 ,2 ] , d: }\n", "a: {b: 1, c: [1, 2], d: }\n"},
		{"JSON", `{"a":{"b":[1,2]}}`, "{\"a\": {\"b\": [1, 2]}}\n"},
		{"brackets over lines", "a: [\n 1,\n   [2,\n 3],\n     {b: c\n}]\n", "a: [\n  1,\n  [2,\n    3],\n  {b: c\n  }]\n"},
		{"comments behind", "a: 1 # x\nbcd: 2     # y\n\ne: 3 # z\n", "a: 1    # x\nbcd: 2  # y\n\ne: 3  # z\n"},
		{"comments above", "# top\na:\n      # of b\n      b: 1\n      # end of a\n# of c\nc: 2\n# end\n", "# top\na:\n  # of b\n  b: 1\n  # end of a\n# of c\nc: 2\n# end\n"},
		{"comment out of place", "a:\n  b:\n    c: 1\n# left\n    d: 1\n", "a:\n  b:\n    c: 1\n    # left\n    d: 1\n"},
		{"comments in brackets", "a: [ # x\n1, # y\n# z\n2]\n", "a: [  # x\n  1,  # y\n  # z\n  2]\n"},
		{"blank lines", "\n\na: 1\n\n\nb:\n\n   c: 2\n \n\n", "a: 1\n\n\nb:\n\n  c: 2\n"},
		{"quotes", "a:   'x' \nb: \"y\\n\"\n'c' : d\n", "a: 'x'\nb: \"y\\n\"\n'c': d\n"},
		{"text over lines", "a:\n    b: x\n     y\n\n       z\n    c: 'd\n   e'\n", "a:\n  b: x\n    y\n\n    z\n  c: 'd\n    e'\n"},
		{"block", "a:\n      b: |   # hooks\n         def f():\n             pass  \n\n         x\n\n      c: 1\n", "a:\n  b: |  # hooks\n    def f():\n        pass  \n\n    x\n\n  c: 1\n"},
		{"block with an indentation of its own", "a:\n    b: |3-\n         x\n       y\n    c: 1\n", "a:\n  b: |2-\n      x\n    y\n  c: 1\n"},
		{"block that keeps its end", "a: |+\n x\n\n\n", "a: |+\n  x\n\n\n"},
		{"block at the end", "a: |\n x\n\n\n", "a: |\n  x\n"},
		{"block that the file ends in", "a: |+\n x", "a: |-\n  x\n"},
		{"block with comments behind", "a:\n    b: |\n        # code\n        x\n    # of c\n    c: 1\n", "a:\n  b: |\n    # code\n    x\n  # of c\n  c: 1\n"},
		{"folded block", "a:\n    b: >-\n      x\n      y\n\n        z\n", "a:\n  b: >-\n    x\n    y\n\n      z\n"},
		{"tabs in a block", "a: |1\n \tx\n  \ty\t\n", "a: |2\n  \tx\n   \ty\t\n"},
		{"CRLF", "a:\r\n    b: |\r\n        x\r\n        y\r\n    c: 'd\r\n      e'\r\n", "a:\n  b: |\n    x\n    y\n  c: 'd\n    e'\n"},
		{"byte order mark", "\ufeffa: 1\n", "a: 1\n"},
		{"anchors", "a:  &x   {b: 1}\nc:   *x\nd: !!str  5\n", "a: &x {b: 1}\nc: *x\nd: !!str 5\n"},
		{"value on its own line", "a:\n      'x'\nb:\n   {c: d}\n", "a:\n  'x'\nb:\n  {c: d}\n"},
		{"start of a document", "---\na: 1\n...\n", "---\na: 1\n...\n"},
		{"question mark", "?   a\n:   b\n", "? a\n: b\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := patches.Format([]byte(tt.text), "p.yaml")
			if err != nil || string(got) != tt.want {
				t.Errorf("Format of\n%s\ngot %v\n%s\nwant\n%s", tt.text, err, got, tt.want)
			}
			formatLaws(t, tt.text)
		})
	}
}

func TestFormatOfMistakes(t *testing.T) {
	for text, want := range map[string]string{
		"a: */x":          "1:4: '*' begins an alias",
		"a: 1\na: 2\n":    `2:1: "a" is given twice`,
		"a: [":            `1:4: '[' is not closed`,
		"a: !!binary x\n": `"!!binary" is no type`,
		"\xff":            "UTF-8",
		"a:\n\tx: 1":      "tab",
	} {
		got, err := patches.Format([]byte(text), "p.yaml")
		if got != nil || err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Format(%q) = %q, %v, want %q", text, got, err, want)
		}
	}
}

type tb interface {
	Helper()
	Fatalf(format string, args ...any)
}

// formatLaws checks what holds for every text that can be formatted: formatting again changes nothing,
// it says the same, and has the same comments and as many blank lines.
func formatLaws(t tb, text string) {
	t.Helper()
	once, err := patches.Format([]byte(text), "p.yaml")
	if err != nil {
		return
	}
	twice, err := patches.Format(once, "p.yaml")
	if err != nil || !bytes.Equal(once, twice) {
		t.Fatalf("Format of\n%q\ngives\n%q\nand of that %v\n%q", text, once, err, twice)
	}
	var a, b any
	if err := yaml.Unmarshal([]byte(text), &a); err != nil {
		return // as an alias of itself
	}
	if err := yaml.Unmarshal(once, &b); err != nil || !reflect.DeepEqual(a, b) {
		t.Fatalf("Format of\n%s\ngives\n%s\nwhich says %v, %v; want %v", text, once, b, err, a)
	}
	if strings.Count(text, "#") != strings.Count(string(once), "#") {
		t.Fatalf("Format of\n%s\nloses a comment:\n%s", text, once)
	}
}

func TestFormatOfExamples(t *testing.T) {
	files, err := filepath.Glob("examples/*.yaml")
	if err != nil || files == nil {
		t.Fatalf("no examples: %v", err)
	}
	parts, _ := filepath.Glob("examples/*/*.yaml")
	ofOperators, _ := filepath.Glob("../ops/examples/*.yaml")
	for _, file := range slices.Concat(files, parts, ofOperators) {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		got, err := patches.Format(src, file)
		if err != nil || !bytes.Equal(got, src) {
			t.Errorf("%s is not in the canonical layout (%v), which is\n%s", file, err, got)
		}
		others := []string{strings.ReplaceAll(string(src), "\n", "\r\n")}
		if !strings.HasSuffix(file, patches.TestSuffix) { // which have mappings of several lines in lists
			others = append(others, deeper(string(src)))
		}
		for _, other := range others {
			if got, err := patches.Format([]byte(other), file); err != nil || !bytes.Equal(got, src) {
				t.Errorf("Format of %s laid out as\n%s\ngot %v\n%s\nwant\n%s", file, other, err, got, src)
			}
		}
	}
}

// deeper indents everything twice as deep, and the lines of a block all by as much as its first one.
func deeper(text string) string {
	var b strings.Builder
	block, begins := 0, false
	for line := range strings.Lines(text) {
		if line == "\n" {
			b.WriteString(line)
			continue
		}
		indent := len(line) - len(strings.TrimLeft(line, " "))
		if begins {
			block = indent
		} else if indent < block {
			block = 0
		}
		more := indent
		if block > 0 {
			more = block
		}
		b.WriteString(strings.Repeat(" ", more) + line)
		begins = strings.HasSuffix(line, "|\n")
	}
	return b.String()
}

func TestFormatLaws(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		text := randomYAML(rt)
		if _, err := patches.Format([]byte(text), "p.yaml"); err != nil {
			rt.Fatalf("Format of\n%s\n%v", text, err)
		}
		formatLaws(rt, text)
		blocksAreKept(rt, text)
	})
}

// blocksAreKept checks that every text with several lines is there to the byte.
func blocksAreKept(t tb, text string) {
	var a, b yaml.Node
	out, err := patches.Format([]byte(text), "p.yaml")
	if err != nil || yaml.Unmarshal([]byte(text), &a) != nil || yaml.Unmarshal(out, &b) != nil {
		t.Fatalf("Format of\n%s\n%v", text, err)
	}
	if was, is := texts(&a), texts(&b); !slices.Equal(was, is) {
		t.Fatalf("texts of\n%s\nare %q, after Format %q", text, was, is)
	}
}

func texts(n *yaml.Node) (all []string) {
	if n.Kind == yaml.ScalarNode {
		return []string{fmt.Sprint(n.Style, n.Tag, n.Value)}
	}
	for _, c := range n.Content {
		all = append(all, texts(c)...)
	}
	return all
}

// A writer of random YAML: what a patch can hold, in any layout.
type yamlWriter struct {
	t *rapid.T
	strings.Builder
	keys int
}

func randomYAML(t *rapid.T) string {
	w := &yamlWriter{t: t}
	w.filler(0)
	w.mapping(0, 0)
	return w.String()
}

func (w *yamlWriter) draw(n int) int { return rapid.IntRange(0, n-1).Draw(w.t, "choice") }

func (w *yamlWriter) pad(n int) string { return strings.Repeat(" ", n) }

// filler writes lines that say nothing.
func (w *yamlWriter) filler(indent int) {
	for range w.draw(3) {
		switch w.draw(3) {
		case 0:
			w.WriteString("\n")
		case 1:
			w.WriteString(w.pad(w.draw(6)) + "\n")
		case 2:
			w.WriteString(w.pad(indent) + "#" + rapid.SampledFrom([]string{"", " c", "! 'x", "  {a"}).Draw(w.t, "comment") + "\n")
		}
	}
}

// endLine ends a line, perhaps by a comment.
func (w *yamlWriter) endLine() {
	w.WriteString(rapid.SampledFrom([]string{"\n", "  \n", " # c\n", "    # d }\n", "\r\n"}).Draw(w.t, "end"))
}

func (w *yamlWriter) key() string {
	w.keys++
	return fmt.Sprintf(rapid.SampledFrom([]string{"k%d", "'k %d'", "\"k%d\"", "k%d "}).Draw(w.t, "key"), w.keys)
}

func (w *yamlWriter) mapping(indent, depth int) {
	for i := range 1 + w.draw(3) {
		if i > 0 {
			w.filler(indent)
			w.WriteString(w.pad(indent))
		}
		w.WriteString(w.key() + ":")
		w.value(indent, depth)
	}
}

func (w *yamlWriter) list(indent, depth int) {
	for i := range 1 + w.draw(3) {
		if i > 0 {
			w.filler(indent)
			w.WriteString(w.pad(indent))
		}
		w.WriteString("-")
		if blank := 1 + w.draw(3); depth < 3 && w.draw(4) == 0 {
			w.WriteString(w.pad(blank))
			w.mapping(indent+1+blank, depth+1)
			continue
		}
		w.value(indent, depth)
	}
}

// value writes what follows a colon or a dash, to the end of its last line.
func (w *yamlWriter) value(indent, depth int) {
	inner := indent + 1 + w.draw(5)
	switch kind := w.draw(9); {
	case kind == 0 && depth < 3:
		w.endLine()
		w.filler(inner)
		w.WriteString(w.pad(inner))
		w.mapping(inner, depth+1)
	case kind == 1 && depth < 3:
		w.endLine()
		w.filler(inner)
		w.WriteString(w.pad(inner))
		w.list(inner, depth+1)
	case kind == 2:
		w.WriteString(w.pad(1+w.draw(3)) + w.flow(indent, 0))
		w.endLine()
	case kind == 3:
		w.block(indent)
	case kind == 4:
		text := rapid.SampledFrom([]string{" 'a\n~ b\n\n~  c'", " \"a\\\n~  b\\n\n~c  \"", " a\n~b # c", " a b\n~ c"}).Draw(w.t, "text")
		w.WriteString(strings.ReplaceAll(text, "~", w.pad(inner)) + "\n")
	default:
		w.WriteString(w.pad(1+w.draw(3)) + rapid.SampledFrom([]string{"a", "1.5", "'x # y'", "\"\\t\"", "a#b", "", "on", "/x/*", "é", "=a * 2"}).Draw(w.t, "scalar"))
		w.endLine()
	}
}

// flow writes a value in brackets, or without.
func (w *yamlWriter) flow(indent, depth int) string {
	gap := func() string {
		return rapid.SampledFrom([]string{"", " ", "  ", "\n" + w.pad(indent+1), " # in\n" + w.pad(indent+3), "\n\n" + w.pad(indent+2)}).Draw(w.t, "gap")
	}
	var items []string
	switch n := w.draw(3); {
	case w.draw(3) == 0 || depth > 2:
		return rapid.SampledFrom([]string{"a", "'b c'", "1", "\"x\""}).Draw(w.t, "item")
	case w.draw(2) == 0:
		for range n {
			items = append(items, gap()+w.flow(indent, depth+1)+gap())
		}
		return "[" + strings.Join(items, ",") + gap() + "]"
	default:
		for range n {
			items = append(items, gap()+strings.TrimSpace(w.key())+": "+w.flow(indent, depth+1)+gap())
		}
		return "{" + strings.Join(items, ",") + gap() + "}"
	}
}

func (w *yamlWriter) block(indent int) {
	header := rapid.SampledFrom([]string{"|", "|-", "|+", ">", ">-"}).Draw(w.t, "header")
	deep := 1 + w.draw(4)
	first := 0
	if w.draw(3) == 0 {
		header += fmt.Sprint(deep)
		first = w.draw(3)
	}
	w.WriteString(" " + header)
	w.endLine()
	w.WriteString(w.pad(indent+deep+first) + "x  \n")
	for range w.draw(5) {
		w.WriteString(rapid.SampledFrom([]string{"\n", w.pad(indent+deep) + "y\n", w.pad(indent+deep+3) + "z \t\n", w.pad(indent+deep) + "# code\n", w.pad(indent+deep+2) + "\n", w.pad(indent+deep) + "\tt\n"}).Draw(w.t, "line"))
	}
}

func FuzzFormat(f *testing.F) {
	f.Add(whole)
	f.Add(nested)
	f.Add("a: |2\n    x\n   y\n\n# c\n- b: [1,\n2] # d\n  'e': >+\n   f\n\n")
	f.Fuzz(func(t *testing.T, text string) { formatLaws(t, text) })
}

// Ten times the text must not cost more than ten times the work, with something to spare.
func TestFormatIsLinear(t *testing.T) {
	for name, line := range map[string]string{
		"comments": "# x\n", "blank lines": "\n", "comments in a list": "  - a # x\n  # y\n", "a list": "  - [a, 'b']\n",
		"lines of a block": "    x\n", "lines of a text": "    x y\n",
	} {
		head := map[string]string{"lines of a block": "a: |\n", "lines of a text": "a:\n"}[name]
		if head == "" {
			head = "a:\n  - b\n"
		}
		allocs := func(n int) float64 {
			src := []byte(head + strings.Repeat(line, n))
			return testing.AllocsPerRun(1, func() {
				if _, err := patches.Format(src, "p.yaml"); err != nil {
					t.Fatalf("Format of %s: %v", name, err)
				}
			})
		}
		if small, large := allocs(500), allocs(5000); large > 12*small {
			t.Errorf("Format of 5,000 %s: %.0f allocations, of 500: %.0f; want at most 12 times as many", name, large, small)
		}
	}
}
