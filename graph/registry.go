package graph

import (
	"fmt"
	"iter"
	"maps"
	"slices"
)

// A Registry knows types of operators by their names in patches. It is a value: a program may have
// several. The zero Registry is empty and ready to use.
type Registry struct {
	// Language is that of the expressions of parameters. Without it a patch can have none.
	Language Language

	types map[string]*OpType
}

// Register adds types of operators; each prototype is a pointer to a zero operator. It panics if a
// declaration is wrong or a name is taken, since both are mistakes of the program.
func (r *Registry) Register(prototypes ...Operator) {
	for _, op := range prototypes {
		t, err := Describe(op)
		if err != nil {
			panic(err)
		}
		if r.types == nil {
			r.types = map[string]*OpType{}
		}
		if r.types[t.Name] != nil {
			panic(fmt.Sprintf("operator %s registered twice", t.Name))
		}
		t.New() // panics if a default is wrong
		r.types[t.Name] = t
	}
}

// Lookup returns the type called name, or nil.
func (r *Registry) Lookup(name string) *OpType { return r.types[name] }

// Names walks the names of all types in alphabetical order.
func (r *Registry) Names() iter.Seq[string] {
	return slices.Values(slices.Sorted(maps.Keys(r.types)))
}

// Types walks all types in order of their names.
func (r *Registry) Types() iter.Seq[*OpType] {
	return func(yield func(*OpType) bool) {
		for name := range r.Names() {
			if !yield(r.types[name]) {
				return
			}
		}
	}
}
