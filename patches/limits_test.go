package patches_test

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/hashicorp/go-multierror"

	"linecook.dev/linecook/patches"
)

func fill(s string, size int) string { return strings.Repeat(s, size/len(s)) }

// bombs are files of about that size that make a reader without limits run away.
func bombs(size int) map[string]string {
	var laughs, keys, tags strings.Builder
	laughs.WriteString("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n")
	for i := 1; i < 20; i++ {
		fmt.Fprintf(&laughs, "a%d: &a%d [%s]\n", i, i, strings.Repeat(fmt.Sprintf("*a%d,", i-1), 10))
	}
	for i := range 40_000 {
		fmt.Fprintf(&keys, "k%d: 1\n", i)
	}
	for i := range size / 16 {
		fmt.Fprintf(&tags, "%%TAG !%d! x\n", i)
	}
	return map[string]string{
		"brackets": fill("[", 200_000), "more brackets": fill("[", size), "braces": fill("{", size),
		"dashes": fill("- ", size), "dashes on lines": fill("-\n", size), "questions": fill("? ", size),
		"questions on lines": fill("?\n", size), "flow list": "[" + fill("a,", size-8) + "]",
		"flow keys": "{" + fill("a,", size-8) + "}", "flow questions": "[" + fill("?,", size-8) + "]",
		"flow colons": "[" + fill(":,", size-8) + "]", "empty lists": "[" + fill("[],", size-8) + "]",
		"comments": fill("- a #x\n#y\n\n", size), "long comments": fill("- a #"+fill("x", size/100_000)+"\n#y\n\n", size), "quotes": "'" + fill("a\n", size-8) + "'",
		"open quotes": fill("\"", size-1), "apostrophes": fill("' ", size), "text": fill("a ", size), "lines": fill("a\n", size),
		"anchors": "[" + fill("&a b,", size-8) + "]", "block of text": "a: |\n" + fill("  x\n", size-8),
		"blank block": "a: |\n" + fill("\n", size-8), "trips": fill("a: */x\n", size), "tripping brackets": "a: {\n" + fill("%x\n", size-8),
		"tabs": fill("\t", size), "tabs on lines": fill("\t\n", size), "spaces and stars": fill(" ", size/2) + fill("*", size/2),
		"laughs": laughs.String(), "keys": keys.String(), "tags": tags.String(), "NULs": fill("\x00", size),
		"unknown names":      "linecook: v1\nnodes:\n" + numbered(10_000, "  n%d: {null: , in: m%[1]d}\n"),
		"long unknown names": "linecook: v1\nnodes:\n" + numbered(10_000, "  n%054d: {null: , in: m%054[1]d}\n"),
		"unknown operators":  "linecook: v1\nnodes:\n" + numbered(10_000, "  n%d: {osc%[1]d: }\n"),
		"loop":               "linecook: v1\nnodes:\n  n0: {null: , in: n9999}\n" + chain(9_999, 1),
	}
}

func numbered(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

// chain is n nodes from n<first> on, each wired to the one before it.
func chain(n, first int) string {
	var b strings.Builder
	for i := first; i < first+n; i++ {
		fmt.Fprintf(&b, "  n%d: {null: , in: n%d}\n", i, i-1)
	}
	return b.String()
}

func TestBombsAreRefused(t *testing.T) {
	const most = 256 << 20
	for name, text := range bombs(1 << 20) {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := parse(t, text)
			runtime.ReadMemStats(&after)
			many, ok := errors.AsType[*multierror.Error](err)
			if !ok || len(many.Errors) > 50 || len(err.Error()) > 100_000 {
				t.Fatalf("Parse of %d bytes: got %.300v, want 1 to 50 mistakes", len(text), err)
			}
			if got := after.TotalAlloc - before.TotalAlloc; got > most {
				t.Errorf("Parse of %d bytes allocated %d MiB, want at most %d", len(text), got>>20, most>>20)
			}
		})
	}
}

func BenchmarkBombs(b *testing.B) {
	for name, text := range bombs(4 << 20) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				patches.Parse([]byte(text), "p.yaml", nil, registry())
			}
			b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/file")
		})
	}
}

func TestLimits(t *testing.T) {
	table := prelude + "  a: {table: {rows: %s}}\n"
	tests := []struct{ name, text, want string }{
		{"file", prelude + "#" + fill(" ", 4<<20), "1:1: the file is longer than 4 MiB"},
		{"depth in brackets", fmt.Sprintf(table, fill("[", 60)+fill("]", 60)), ""},
		{"too deep in brackets", fmt.Sprintf(table, fill("[", 61)+fill("]", 61)), "3:82: nested deeper than 64"},
		{"too deep in blocks", prelude + "  a:\n    table:\n      rows:\n      - " + fill("- ", 2*61) + "1\n", "6:129: nested deeper than 64"},
		{"keys of a mapping", prelude + numbered(10_000, "  n%d: {table: }\n"), ""},
		{"too many keys of a mapping", prelude + numbered(10_001, "  n%d: {table: }\n"), "3:3: more than 10000 keys in a mapping"},
		{"values", fmt.Sprintf(table, "[["+fill("x,", 2*99_900)+"]]"), ""},
		{"too many values", fmt.Sprintf(table, "[["+fill("x,", 2*100_000)+"]]"), "3:200000: the patch has more than 100000 values"},
		{"values behind aliases", prelude + "  a: {table: {rows: &r [[" + fill("x,", 2*30_000) + "]]}}\n  b: {table: {rows: *r}}\n  c: {table: {rows: *r}}\n", ""},
		{"too many values behind aliases", prelude + "  a: {table: {rows: &r [[" + fill("x,", 2*60_000) + "]]}}\n  b: {table: {rows: *r}}\n", "3:79986: the patch has more than 100000 values; aliases count each time"},
		{"alias of itself", fmt.Sprintf(table, "&r [*r]"), "3:21: nested deeper than 64"},
		{"mistakes", prelude + numbered(80, "  n%d: {oscin: {port: x}}\n"), "and 30 more"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := parse(t, tt.text)
			if got := lines(err); !strings.HasSuffix(got, tt.want) || tt.want == "" && err != nil {
				t.Errorf("Parse: got %.300s, want %s", got, tt.want)
			}
		})
	}
}
