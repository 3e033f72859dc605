package patches

import (
	"fmt"
	"strings"

	"gopkg.in/yaml.v3"
)

// What a patch may be. More of any of these is a mistake.
const (
	maxFile    = 4 << 20  // bytes of the file
	maxDepth   = 64       // mappings and lists within each other
	maxValues  = 100_000  // scalars, lists and mappings, those behind an alias counted each time
	maxKeys    = 10_000   // of one mapping
	maxScript  = 1 << 20  // bytes of a script in a file
	maxScripts = 16 << 20 // bytes of all scripts in files
)

// A walk goes through a document as it is with every alias replaced by what it stands for.
type walk struct {
	r      *reader
	values int
	over   bool // a limit is passed; the rest is not looked at
}

// within reports whether the document is within the limits, and notes tags, keys and duplicates
// that are mistakes wherever they stand.
func (r *reader) within(doc *yaml.Node) bool {
	w := &walk{r: r, values: r.seen}
	w.value(doc, 0, false)
	r.seen = w.values
	return !w.over
}

// value looks at n. Through an alias it only counts: the place of a mistake is at the anchor.
func (w *walk) value(n *yaml.Node, depth int, aliased bool) {
	if n.Kind == yaml.AliasNode {
		n, aliased = n.Alias, true
	}
	switch w.values++; {
	case w.over:
		return
	case w.values > maxValues:
		w.stop(n, "the patch has more than %d values; aliases count each time", maxValues)
	case depth > maxDepth && n.Kind != yaml.ScalarNode:
		w.stop(n, "nested deeper than %d", maxDepth)
	case n.Kind == yaml.MappingNode && len(n.Content)/2 > maxKeys:
		w.stop(n, "more than %d keys in a mapping", maxKeys)
	}
	if !aliased {
		w.tag(n)
		w.keys(n)
	}
	for _, c := range n.Content {
		if w.over {
			return
		}
		w.value(c, depth+1, aliased)
	}
}

func (w *walk) stop(n *yaml.Node, format string, args ...any) {
	w.over = true
	w.r.fail(n, format, args...)
}

func (w *walk) tag(n *yaml.Node) {
	if n.Style&yaml.TaggedStyle == 0 && !strings.HasPrefix(n.Tag, "!") || coreTags[n.ShortTag()] {
		return
	}
	w.r.fail(n, "%.64q is no type of a patch; quote a value that begins with '!'", n.ShortTag())
}

var coreTags = map[string]bool{
	"": true, "!!str": true, "!!int": true, "!!float": true, "!!bool": true, "!!null": true, "!!seq": true,
	"!!map": true, "!!timestamp": true, "!!merge": true, "!!binary": false,
}

// keys notes keys that are given twice, or are no text.
func (w *walk) keys(n *yaml.Node) {
	if n.Kind != yaml.MappingNode {
		return
	}
	first := make(map[string]int, len(n.Content)/2)
	for i := 0; i < len(n.Content); i += 2 {
		key := n.Content[i]
		if key.Kind != yaml.ScalarNode {
			w.r.skip(key, "a key is %s; want text", kind(key))
			continue
		}
		if line, ok := first[key.Value]; ok {
			w.r.skip(key, "%.64q is given twice; first on line %d", key.Value, line)
			continue
		}
		first[key.Value] = key.Line
	}
}

// kind says what a value is to the person who wrote it.
func kind(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "a mapping"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case n.Kind == yaml.AliasNode:
		return "an alias"
	case isEmpty(n):
		return "nothing"
	}
	return fmt.Sprintf("%.64q", n.Value)
}

// isEmpty reports whether nothing is written where a value could be.
func isEmpty(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Value == "" && n.Tag == "!!null"
}
