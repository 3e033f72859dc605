package ops

import (
	"fmt"
	"slices"
	"strings"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// keyColumns are the columns of a table whose cells together are a row's key.
type keyColumns struct {
	names   []string
	schema  *table.Schema
	at      []int
	missing error // a column that the table has not
}

// checkKeys reports a name that is empty or given twice.
func checkKeys(param string, names []string) error {
	for i, name := range names {
		if name == "" {
			return &graph.ParamError{Param: param, Msg: "an empty name of a column"}
		}
		if slices.Contains(names[:i], name) {
			return &graph.ParamError{Param: param, Msg: fmt.Sprintf("%q is given twice", name)}
		}
	}
	return nil
}

// update follows the columns of a table.
func (k *keyColumns) update(s *table.Schema) {
	if s == k.schema {
		return
	}
	k.schema, k.at, k.missing = s, k.at[:0], nil
	for _, name := range k.names {
		col := s.Index(name)
		if col < 0 && k.missing == nil {
			k.missing = noColumn(s, name)
		}
		k.at = append(k.at, col)
	}
}

// noColumn is the error of a column that a table does not have.
func noColumn(s *table.Schema, name string) error {
	names := func(yield func(string) bool) {
		for _, n := range s.Names() {
			if !yield(n) {
				return
			}
		}
	}
	return fmt.Errorf("its table has no column %q%s", name, graph.DidYouMean(name, names))
}

// hash returns the hash of a row's key.
func (k *keyColumns) hash(row table.Row) uint64 {
	if len(k.at) == 1 {
		return hashKey(row.Cell(k.at[0]))
	}
	h := uint64(0)
	for _, col := range k.at {
		h = mixHash(h, hashKey(row.Cell(col)))
	}
	return h
}

// same reports whether row has the key that other has in its columns at.
func (k *keyColumns) same(row table.Row, other table.Row, at []int) bool {
	for i, col := range k.at {
		if !sameKey(row.Cell(col), other.Cell(at[i])) {
			return false
		}
	}
	return true
}

// empty reports whether a cell of a row's key is.
func (k *keyColumns) empty(row table.Row) bool {
	for _, col := range k.at {
		if row.Cell(col).IsNil() {
			return true
		}
	}
	return false
}

// is reports whether row has the key.
func (k *keyColumns) is(row table.Row, key []table.Value) bool {
	for i, col := range k.at {
		if !sameKey(row.Cell(col), key[i]) {
			return false
		}
	}
	return true
}

// text returns a row's key for an error, as `"/fader/1", 3`.
func (k *keyColumns) text(row table.Row) string {
	var cells []string
	for _, col := range k.at {
		cells = append(cells, cellText(row.Cell(col)))
	}
	return strings.Join(cells, ", ")
}

// cellText returns a cell for an error: as JSON, cut when it is long.
func cellText(v table.Value) string {
	b := v.AppendJSON(nil)
	if len(b) > 80 {
		b = append(b[:77], "..."...)
	}
	return string(b)
}

// keyError returns err for a row of an input.
func keyError(row table.Row, err error) error { return fmt.Errorf("row %d: %w", row.Number(), err) }
