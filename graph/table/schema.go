package table

import (
	"iter"
	"slices"
)

// MaxColumns is the largest number of columns a table can have.
const MaxColumns = 4096

// A Schema is the ordered names of a table's columns. It never changes: a table that gains a
// column gets another Schema, with the new name at the right.
type Schema struct {
	names []string
	index map[string]int
}

var noColumns = &Schema{}

// Len returns the number of columns.
func (s *Schema) Len() int { return len(s.names) }

// Name returns the name of column col.
func (s *Schema) Name(col int) string { return s.names[col] }

// Names walks the columns from left to right.
func (s *Schema) Names() iter.Seq2[int, string] { return slices.All(s.names) }

// Index returns the number of the column called name, or -1.
func (s *Schema) Index(name string) int {
	if i, ok := s.index[name]; ok {
		return i
	}
	return -1
}

// with returns a Schema that also has the given names, in their order.
func (s *Schema) with(names ...string) *Schema {
	t := &Schema{names: slices.Clone(s.names), index: make(map[string]int, len(s.names)+len(names))}
	for i, name := range s.names {
		t.index[name] = i
	}
	for _, name := range names {
		if _, known := t.index[name]; !known && len(t.names) < MaxColumns {
			t.index[name] = len(t.names)
			t.names = append(t.names, name)
		}
	}
	return t
}
