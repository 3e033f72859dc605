package patches

import (
	"fmt"
	"io/fs"
	"iter"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"linecook.dev/linecook/graph"
)

// A reader turns a file, and those that it includes, into a Patch.
type reader struct {
	*source        // what is being read
	network string // the path of the base whose nodes are being read, without the leading slash
	files   fs.FS
	reg     *graph.Registry
	told    func(name string, text []byte) // which files were read

	patch       *Patch
	given       map[string]any // values of the patch's parameters, from outside
	refused     []error        // those of them that are no good
	mistakes    mistakes
	skipped     map[*yaml.Node]bool // keys that are a mistake themselves
	seen        int                 // values of all files, as often as they are included
	scripts     map[string]string   // files read so far
	scriptBytes int
	parts       map[string]*document // included files read so far
	partBytes   int
}

func (r *reader) read() {
	top := r.document()
	if top == nil {
		return
	}
	r.patch.Params = r.params(top)
	r.override(r.patch.Params)
	r.values = values(r.patch.Params)
	r.content(top, r.timeline)
	r.wires()
}

// document reads the file as far as its top, or notes why it cannot be read.
func (r *reader) document() *yaml.Node {
	doc := r.parse()
	if doc == nil || !r.within(doc) {
		return nil
	}
	top := r.mapping(doc.Content[0], "a patch", "linecook, timeline, params and nodes")
	if top == nil || !r.version(top) {
		return nil
	}
	return top
}

// content reads all but the parameters.
func (r *reader) content(top *yaml.Node, timeline func(v *yaml.Node)) {
	for key, v := range r.pairs(top) {
		switch key.Value {
		case "linecook", "params":
		case "timeline":
			timeline(v)
		case "nodes":
			r.nodes(v)
		default:
			r.unknown(key, "key", slices.Values([]string{"linecook", "timeline", "params", "nodes"}))
		}
	}
	if value(top, "nodes") == nil {
		r.failAt(1, 1, `"nodes" is missing; it holds the nodes by their names`)
	}
}

// version reports whether the file is of the version that this package reads.
func (r *reader) version(top *yaml.Node) bool {
	v := value(top, "linecook")
	switch {
	case v == nil:
		r.failAt(1, 1, `"linecook" is missing; a patch begins with "linecook: %s"`, Version)
	case v.Value != Version:
		r.fail(v, "linecook: version is %s; this program reads %s", kind(v), Version)
		return false
	}
	return true
}

func (r *reader) timeline(v *yaml.Node) {
	if v = r.mapping(v, "timeline", "fps or mode, as {fps: 60}"); v == nil {
		return
	}
	t := &r.patch.Timeline
	for key, v := range r.pairs(v) {
		switch key.Value {
		case "mode":
			if t.Mode = Mode(v.Value); t.Mode != Frame && t.Mode != Arrival {
				r.failNear(v, v.Value, slices.Values([]string{string(Frame), string(Arrival)}),
					"mode: is %s; want %s or %s", kind(v), Frame, Arrival)
			}
		case "fps":
			fps, err := strconv.ParseFloat(v.Value, 64)
			if err != nil || !(fps >= 1 && fps <= 1000) {
				r.fail(v, "fps: is %s; want a number from 1 to 1000", kind(v))
			}
			t.FPS = fps
		default:
			r.unknown(key, "key of timeline", slices.Values([]string{"mode", "fps"}))
		}
	}
}

// mapping returns v if it is a mapping, and notes the mistake otherwise.
func (r *reader) mapping(v *yaml.Node, what, want string) *yaml.Node {
	if v = deref(v); v.Kind == yaml.MappingNode {
		return v
	}
	r.fail(v, "%s is %s; want a mapping of %s", what, kind(v), want)
	return nil
}

// pairs walks the keys of a mapping that are no mistakes themselves, and their values.
func (r *reader) pairs(m *yaml.Node) iter.Seq2[*yaml.Node, *yaml.Node] {
	return func(yield func(key, v *yaml.Node) bool) {
		for i := 0; i < len(m.Content); i += 2 {
			if key := m.Content[i]; !r.skipped[key] && !yield(key, deref(m.Content[i+1])) {
				return
			}
		}
	}
}

// value returns the value of a key, or nil.
func value(m *yaml.Node, key string) *yaml.Node {
	for i := 0; i < len(m.Content); i += 2 {
		if k := m.Content[i]; k.Kind == yaml.ScalarNode && k.Value == key {
			return deref(m.Content[i+1])
		}
	}
	return nil
}

func deref(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

// bare returns the name of a node without the slash that may stand before it.
func bare(name string) string { return strings.TrimPrefix(name, "/") }

func (r *reader) fail(n *yaml.Node, format string, args ...any) {
	r.failAt(n.Line, n.Column, format, args...)
}

func (r *reader) failAt(line, col int, format string, args ...any) {
	r.note(Mistake{r.file, line, col, fmt.Sprintf(format, args...)}, "", nil)
}

// failNear notes a mistake that ends in the nearest of the valid names.
func (r *reader) failNear(n *yaml.Node, got string, valid iter.Seq[string], format string, args ...any) {
	r.note(Mistake{r.file, n.Line, n.Column, fmt.Sprintf(format, args...)}, got, valid)
}

// note notes a mistake, at a place that the text has.
func (r *reader) note(m Mistake, got string, valid iter.Seq[string]) {
	if m.File == r.file {
		m.Line, m.Col = r.text.clamp(m.Line, m.Col)
	}
	r.mistakes.add(m, r.source, got, valid)
}

// skip notes a mistake of a key, which is then not read.
func (r *reader) skip(key *yaml.Node, format string, args ...any) {
	r.skipped[key] = true
	r.fail(key, format, args...)
}

// unknown notes a key that nothing is known of.
func (r *reader) unknown(key *yaml.Node, what string, valid iter.Seq[string]) {
	switch name, rest, ok := strings.Cut(key.Value, ":"); {
	case key.Tag == "!!merge":
		r.fail(key, "a patch has no merge keys; give the whole value by an alias, or write it again")
	case ok && rest != "":
		r.failNear(key, name, valid, "unknown %s %.64q; put a space after the colon", what, key.Value)
	default:
		r.failNear(key, key.Value, valid, "unknown %s %.64q", what, key.Value)
	}
}
