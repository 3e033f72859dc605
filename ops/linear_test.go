package ops_test

import (
	"testing"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops"
)

// Where one of many keys changes, a linear operator passes on that key's row only.
func TestLinearFollowsRemovedRows(t *testing.T) {
	for _, op := range []graph.Operator{
		&ops.Select{Where: "n >= 0"}, &ops.Rename{RenameFrom: []string{"n"}, RenameTo: []string{"number"}},
		&ops.Eval{Expr: []string{"twice = n * 2"}}, &ops.Cast{Types: []string{"n=string"}}, &ops.Switch{},
		&ops.Insert{Name: "site", Value: "hall"}, &ops.Substitute{Before: "1", After: "one"},
		&ops.Convert{How: "text", Format: "json"}, &ops.Sample{Every: 1}, &ops.Changed{Key: []string{"key"}},
	} {
		in := &feed{columns: []string{"key", "n"}}
		g, frame := graph.New(), int64(0)
		err := g.Edit(func(e *graph.Edit) {
			latest := e.Add("latest", &ops.Latest{By: []string{"key"}})
			e.Wire(e.Add("in", in), latest)
			e.Wire(latest, e.Add("op", op))
		})
		if err != nil {
			t.Fatal(err)
		}
		out := g.Node("op").Table()
		reader := out.Reader()
		put := func(keys ...int64) table.Delta {
			for _, key := range keys {
				in.do(func(w *table.Writer) {
					w.Row()
					w.SetInt(0, key)
					w.SetInt(1, frame)
				})
			}
			frame++
			for _, name := range []string{"in", "latest", "op"} {
				if _, _, err := g.Node(name).Run(frame, oracleTime(frame)); err != nil {
					t.Fatalf("%T: %v", op, err)
				}
			}
			return reader.Changes()
		}
		put(0, 1, 2, 3, 4, 5, 6, 7, 8, 9)
		reader.Advance()
		d := put(4)
		removed := 0
		for range d.Removed() {
			removed++
		}
		if d.Reset || d.Appended.Len() != 1 || removed != 1 || out.NumRows() != 10 {
			t.Errorf("%T, where one of ten keys changed: reset %t, %d rows came, %d were removed, there are %d; want false, 1, 1, 10",
				op, d.Reset, d.Appended.Len(), removed, out.NumRows())
		}
	}
}
