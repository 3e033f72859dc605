package ops_test

import (
	"testing"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/ops"
)

func TestInsert(t *testing.T) {
	expectBehind(t, &ops.Insert{Name: "site", Value: "hall 3"}, xyz(), "x1 y1 z site ", "", "1|2|3|hall 3")
	expectBehind(t, &ops.Insert{Name: "n", Expr: "x1 + 1", At: "start"}, xyz(), "n x1 y1 z ", "", "2|1|2|3")
	expectBehind(t, &ops.Insert{Name: "n", Expr: "7", At: "index", Index: -1}, xyz(), "x1 y1 n z ", "", "1|2|7|3")
	expectBehind(t, &ops.Insert{Name: "y1", Value: "new"}, xyz(), "x1 y1 z ", "", "1|new|3")
	expectBehind(t, &ops.Insert{Name: "n", Expr: "x1.upper()"}, xyz(), "x1 y1 z n ",
		"row 0: column n: expr: 1:3: int has no .upper field or method")
	expectBehind(t, &ops.Insert{Insert: "row", Rows: [][]any{{"x", nil, 0.5, "more"}}}, xyz(), "x1 y1 z col4 ", "", "x||0.5|more", "1|2|3|")
}

func TestInsertErrors(t *testing.T) {
	expect(t, "mistakes", mistakes(&ops.Insert{Value: "a", Expr: "b +"}),
		"add /n: name: is missing; say what the new column is called",
		"add /n: expr: value is given too; leave one of them out",
		"add /n: expr:1:4: got end of file, want primary expression; the text ends where a value must follow",
		"wire /n: insert has 0 inputs; it takes 1")
	expect(t, "mistakes", mistakes(&ops.Insert{Insert: "row"}),
		"add /n: rows: is missing; insert: row needs it", "wire /n: insert has 0 inputs; it takes 1")
	expect(t, "mistakes", mistakes(&ops.Insert{Insert: "row", Rows: [][]any{{1, struct{}{}}}}),
		"add /n: rows: row 1: cell 2: a cell cannot hold {}, a struct {}", "wire /n: insert has 0 inputs; it takes 1")
}

func TestSwitch(t *testing.T) {
	tests := []struct {
		index  int
		extend string
		want   string
	}{
		{0, "", "a"}, {2, "", "c"}, {9, "", "c"}, {-1, "", "a"}, {4, "loop", "b"}, {-1, "loop", "c"},
		{3, "zigzag", "b"}, {4, "zigzag", "a"}, {-1, "zigzag", "b"},
	}
	for _, tt := range tests {
		r := newRig(t, func(e *graph.Edit) {
			n := e.Add("op", &ops.Switch{Index: tt.index, Extend: tt.extend})
			for _, name := range []string{"a", "b", "c"} {
				e.Wire(e.Add(name, &ops.Table{Columns: []string{name}, Rows: [][]any{{name}}}), n)
			}
		})
		rows := r.watch("op")
		r.engine.Step()
		if got := *rows; len(got) != 1 || got[0] != tt.want {
			t.Errorf("index %d, %q passes on %q, want %q", tt.index, tt.extend, got, tt.want)
		}
	}
}
