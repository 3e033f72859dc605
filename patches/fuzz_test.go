package patches_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/hashicorp/go-multierror"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/patches"
)

// Whatever a file holds, it is a patch that can be built, or all that is wrong with it are mistakes
// at places that it has.
func FuzzParse(f *testing.F) {
	f.Add(whole)
	for _, text := range []string{"a: */x", "a: {w: row['x y'] > 1}", "a:\n\tb: 1", "a: &x [*x]", "- - ? [}", "a: |\n  b\n c"} {
		f.Add(text)
	}
	examples, err := filepath.Glob("examples/*.yaml")
	if err != nil || examples == nil {
		f.Fatalf("no examples: %v", err)
	}
	for _, name := range examples {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(b))
	}
	reg := registry()
	f.Fuzz(func(t *testing.T, text string) {
		p, err := patches.Parse([]byte(text), "p.yaml", nil, reg)
		if err == nil {
			if err := p.Build(graph.New()); err != nil {
				t.Fatalf("Parse accepts what Build refuses: %v", err)
			}
			return
		}
		many, ok := errors.AsType[*multierror.Error](err)
		if !ok || len(many.Errors) == 0 || len(many.Errors) > 50 {
			t.Fatalf("Parse: got %T %v, want 1 to 50 mistakes", err, err)
		}
		src := strings.FieldsFunc(strings.NewReplacer("\r\n", "\n|", "\n", "\n|", "\r", "\n|", "\u0085", "\n|", "\u2028", "\n|", "\u2029", "\n|").Replace("|"+text), func(r rune) bool { return r == '\n' })
		for _, err := range many.Errors {
			m, ok := errors.AsType[*patches.Mistake](err)
			if !ok || m.Line < 1 || m.Line > len(src) || m.Col < 1 || m.Col > utf8.RuneCountInString(src[m.Line-1]) {
				t.Errorf("Parse: got %v, which is no place in %q", err, text)
			}
		}
	})
}
