package graph

import (
	"reflect"
	"slices"
	"strings"
)

// A Script is source text, with where it came from, so that an error can name the place, and the
// patch's parameters.
type Script struct {
	Text   string
	File   string // where the text stands: a file of its own, or the patch it is inline in; empty in Go
	Line   int    // line of File that the text begins on, from 1; 0 means 1
	Indent int    // characters to the left of the text's lines in File: of a block in YAML
	Values Values // what it reads as param.name
}

// Same reports whether s says what o does, wherever that stands. Values that it does not mention do not count.
func (s Script) Same(o Script) bool { return s.Text == o.Text && !s.Values.Changed(o.Values, s.Text) }

// Changed reports whether one of the values that the texts may be about is not what it was.
func (v Values) Changed(was Values, texts ...string) bool {
	return v.differs(was, texts) || was.differs(v, texts)
}

func (v Values) differs(o Values, texts []string) bool {
	for name, value := range v {
		other, ok := o[name]
		if ok && reflect.DeepEqual(value, other) {
			continue
		}
		if slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(text, name) }) {
			return true
		}
	}
	return false
}
