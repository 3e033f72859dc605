package patches

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"linecook.dev/linecook/graph"
)

// What included files may come to. More is a mistake.
const (
	maxNested   = 16      // files that include each other
	maxIncluded = 4 << 20 // bytes of all included files, each once
)

// A source is one file of a patch, where it is read: an included one may be in several places.
type source struct {
	text   *text
	file   string       // as mistakes call it
	name   string       // from the patch's folder on, with slashes
	values graph.Values // of its parameters

	from      *source // what includes it; nil for the patch itself
	line, col int     // where that is
}

// via says where the source is included; nothing of the patch itself.
func (s *source) via() string {
	if s == nil || s.from == nil {
		return ""
	}
	var places []string
	for ; s.from != nil; s = s.from {
		places = append(places, fmt.Sprintf("%s:%d:%d", s.from.file, s.line, s.col))
	}
	return " (included at " + strings.Join(places, ", ") + ")"
}

// chain names the files from the patch to the source.
func (s *source) chain() (files []string) {
	for ; s != nil; s = s.from {
		files = append(files, s.file)
	}
	slices.Reverse(files)
	return files
}

// A document is an included file that has been read.
type document struct {
	text   *text
	top    *yaml.Node // nil if it cannot be read; the mistakes are noted
	values int
}

// include reads the nodes of a base from a file, which is given parameters.
func (r *reader) include(n *Node, file, params *yaml.Node) {
	outer := r.source
	part, top := r.open(file)
	if top == nil {
		return
	}
	r.source = part
	declared := r.params(top)
	r.source = outer
	r.bind(file, declared, params)
	part.values = values(declared)
	r.source = part
	r.nested(n, func() {
		r.content(top, func(v *yaml.Node) {
			r.fail(v, "timeline is of the whole patch; it belongs in the file that is run")
		})
	})
	r.source = outer
}

// open finds the file that is to be included, and its top; that is nil after a mistake.
func (r *reader) open(file *yaml.Node) (*source, *yaml.Node) {
	if file.Kind != yaml.ScalarNode || file.Value == "" {
		r.fail(file, "include is %s; want a file in the patch's folder or below it", kind(file))
		return nil, nil
	}
	s := &source{file: r.beside(file.Value), name: r.inFolder(file.Value), from: r.source, line: file.Line, col: file.Column}
	chain := s.chain()
	for from := s.from; from != nil; from = from.from {
		if path.Clean(from.name) == s.name {
			r.fail(file, "include: a cycle: %s", strings.Join(chain, " -> "))
			return nil, nil
		}
	}
	if len(chain) > maxNested {
		r.fail(file, "include: more than %d files within each other: %s", maxNested, strings.Join(chain, " -> "))
		return nil, nil
	}
	d := r.part(s, file)
	s.text = d.text
	return s, d.top
}

// part reads an included file, once. Its values count each time.
func (r *reader) part(s *source, file *yaml.Node) *document {
	if d := r.parts[s.name]; d != nil {
		if r.seen += d.values; r.seen > maxValues {
			r.fail(file, "include: the patch has more than %d values with all that it includes", maxValues)
			return &document{text: d.text}
		}
		return d
	}
	d := &document{}
	r.parts[s.name] = d
	src, err := r.readFile(s.name, maxIncluded)
	if err != nil {
		r.fail(file, "include %.200q: %v", file.Value, err)
		return d
	}
	if r.partBytes += len(src); r.partBytes > maxIncluded {
		r.fail(file, "include: the included files are longer than %d MiB together", maxIncluded>>20)
		return d
	}
	outer, before := r.source, r.seen
	d.text = newText(src)
	s.text = d.text
	r.source = s
	d.top = r.document()
	d.values = r.seen - before
	r.source = outer
	return d
}
