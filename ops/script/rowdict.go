package script

import (
	"go.starlark.net/starlark"

	"linecook.dev/linecook/graph/table"
)

// A RowDict makes dicts of rows: cells by column.
type RowDict struct {
	schema *table.Schema
	names  []starlark.Value
}

// Of returns row as a dict, which is the script's to change.
func (r *RowDict) Of(in *Instance, row table.Row) Value {
	if s, _ := row.Block(); s != r.schema {
		r.schema, r.names = s, r.names[:0]
		for _, name := range s.Names() {
			r.names = append(r.names, starlark.String(name))
		}
	}
	d := starlark.NewDict(len(r.names))
	for col, name := range r.names {
		_ = d.SetKey(name, in.Cell(row.Cell(col))) // a string can be hashed, and d is not frozen
	}
	return d
}
