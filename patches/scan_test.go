package patches

import (
	"testing"

	"gopkg.in/yaml.v3"
)

// The scan bounds what yaml.v3 allocates: it must not miss values by losing its place in the text. What
// the text leaves out, yaml.v3 makes a node of: the value of a key without one ({a}), and what
// punctuation has on neither side.
func FuzzScanCountsWhatYAMLReads(f *testing.F) {
	for _, text := range []string{
		"a: b\n  \"c\nd: [x,x,x]", "a: |\n  'b\n c: d", "- >2\n   x\n- y", "{a: 'b''c', ? [d], e: \"\\\"\"}", "[?,?,:,]",
		"a: !!str \"b\": c", "x\n# '\n- y", "a #\n: b", "- - - a\n    - b\n", "? a\n: - b\n", "&a b: *a", "a: x'y\nb: 'z'",
		"--- a\n...\n", "a:\t'b'\n", "a: \"b\\\n  c\"\nd: e", "a: |+\n\n\nb: c", "'a': |-\n x\n\n\n", "!<a,b> c: d", "[\"a\":b]",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		src := newText([]byte(text))
		var doc yaml.Node
		if badByte(src.src) >= 0 || decodeYAML(src.src, &doc) != nil {
			return
		}
		s := newScan(src)
		if got, most := count(&doc), 2+2*s.values+2*s.marks; s.stop == nil && got > most {
			t.Errorf("newScan(%q): %d values and %d marks, of which yaml.v3 makes %d nodes", text, s.values, s.marks, got)
		}
	})
}

func count(n *yaml.Node) int {
	sum := 1
	for _, c := range n.Content {
		sum += count(c)
	}
	return sum
}
