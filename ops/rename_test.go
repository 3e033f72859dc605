package ops_test

import (
	"testing"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/ops"
)

// behind cooks op behind a table, and returns its rows and what it reports last.
func behind(t *testing.T, op graph.Operator, in *ops.Table) (rows []string, columns, err string) {
	t.Helper()
	r := newRig(t, func(e *graph.Edit) { e.Wire(e.Add("in", in), e.Add("op", op)) })
	list := r.watch("op")
	r.engine.Step()
	n := r.g.Node("op")
	for _, name := range n.Table().Schema().Names() {
		columns += name + " "
	}
	if f := n.Faults(); len(f) > 0 {
		err = f[len(f)-1].LastError.Error()
	}
	return *list, columns, err
}

// expectBehind checks what [behind] returns.
func expectBehind(t *testing.T, op graph.Operator, in *ops.Table, columns, err string, rows ...string) {
	t.Helper()
	gotRows, gotColumns, gotErr := behind(t, op, in)
	if gotColumns != columns {
		t.Errorf("%T has columns %q, want %q", op, gotColumns, columns)
	}
	if gotErr != err {
		t.Errorf("%T reports\n%s\nwant\n%s", op, gotErr, err)
	}
	expect(t, "rows", gotRows, rows...)
}

func xyz() *ops.Table {
	return &ops.Table{Columns: []string{"x1", "y1", "z"}, Rows: [][]any{{1, 2, 3}}}
}

func TestRename(t *testing.T) {
	op := &ops.Rename{RenameFrom: []string{"x1", "?1", "[xyz]"}, RenameTo: []string{"first", "*_one", "last"}}
	expectBehind(t, op, xyz(), "first y_one last ", "", "1|2|3")
	op = &ops.Rename{RenameFrom: []string{"x*", "y*"}, RenameTo: []string{"y*", "z"}}
	expectBehind(t, op, xyz(), "x1 y1 z ", "column x1 is not renamed to y1, since another column has that name; change renameto", "1|2|3")
	op = &ops.Rename{RenameFrom: []string{"x1", "y1"}, RenameTo: []string{"y1", "x1"}}
	expectBehind(t, op, xyz(), "y1 x1 z ", "", "1|2|3")
}

func TestRenameErrors(t *testing.T) {
	expect(t, "mistakes", mistakes(&ops.Rename{RenameFrom: []string{"a"}, RenameTo: []string{"b", "c"}}),
		"add /n: renameto: there are 2 names for the 1 of renamefrom; give one for each",
		"wire /n: rename has 0 inputs; it takes 1")
	expect(t, "mistakes", mistakes(&ops.Rename{RenameFrom: []string{"a[", "b*"}, RenameTo: []string{"b", "*c*"}}),
		`add /n: renamefrom: "a[" has a [ without characters and a ] behind it; write \[ for a bracket`,
		`add /n: renameto: "*c*" has 2 *, but "b*" only 1 * or ?`,
		"wire /n: rename has 0 inputs; it takes 1")
}
