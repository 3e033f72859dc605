package ops_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops"
)

// writeRows has a fileout write rows of a table, and returns what is in the file then.
func writeRows(t *testing.T, file, format string, columns []string, rows ...[]any) string {
	t.Helper()
	r := newRig(t, func(e *graph.Edit) {
		e.Wire(e.Add("t", &ops.Table{Columns: columns, Rows: rows}), e.Add("out", &ops.FileOut{File: file, Format: format}))
	})
	r.engine.Step()
	if err := r.g.Node("out").Err(); err != nil {
		t.Fatal(err)
	}
	r.close()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestFileOut(t *testing.T) {
	csv, jsonl := filepath.Join(t.TempDir(), "a.csv"), filepath.Join(t.TempDir(), "a.jsonl")
	columns := []string{"address", "arg1"}
	steps := []struct{ file, format, want string }{
		{csv, "csv", "address,arg1\n/a,1.5\n\"x \"\"y\"\"\",\n"},
		{csv, "csv", "address,arg1\n/a,1.5\n\"x \"\"y\"\"\",\n/a,1.5\n\"x \"\"y\"\"\",\n"},
		{jsonl, "jsonl", `{"address":"/a","arg1":1.5}` + "\n" + `{"address":"x \"y\"","arg1":null}` + "\n"},
	}
	for _, tt := range steps {
		if got := writeRows(t, tt.file, tt.format, columns, []any{"/a", 1.5}, []any{`x "y"`, nil}); got != tt.want {
			t.Errorf("%s: file has\n%s\nwant\n%s", tt.format, got, tt.want)
		}
	}
}

// A column that appears later makes longer lines.
func TestFileOutWidens(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.csv")
	source := &burst{columns: []string{"a"}}
	r := newRig(t, func(e *graph.Edit) { e.Wire(e.Add("source", source), e.Add("out", &ops.FileOut{File: file})) })
	source.add(1)
	r.cook()
	source.columns = append(source.columns, "b")
	source.add(1)
	r.cook()
	r.close()
	if b, err := os.ReadFile(file); string(b) != "a\n/abc\n/abc,2\n" || err != nil {
		t.Errorf("file has %q, %v", b, err)
	}
}

func TestFileOutShowsWhatItCannotOpen(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := exec.Command("mkfifo", pipe).Run(); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{t.TempDir(), pipe, filepath.Join(pipe, "a.csv")} {
		op := &ops.FileOut{File: file}
		var n *graph.Node
		if err := graph.New().Edit(func(e *graph.Edit) { n = e.Add("out", op); e.Wire(e.Add("t", &ops.Table{}), n) }); err != nil {
			t.Fatal(err)
		}
		if err := op.Start(t.Context(), n); err == nil {
			t.Errorf("Start() with file %s = nil, want an error", file)
		}
	}
}

// While the file cannot be written the node shows it, and again when it can that it can.
func TestFileOutShowsFullDisk(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Fatal("this system has no /dev/full: ", err)
	}
	source := &burst{columns: []string{"a"}}
	r := newRig(t, func(e *graph.Edit) { e.Wire(e.Add("source", source), e.Add("out", &ops.FileOut{File: "/dev/full"})) })
	n := r.g.Node("out")
	source.add(1)
	r.cook()
	r.cookUntil("the error", func() bool { return n.Err() != nil })
	if err := n.Err(); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("Err() = %v, want that there is no space", err)
	}
	r.closed = true
	if err := r.engine.Close(); err != nil {
		t.Errorf("engine.Close() = %v", err)
	}
}

func TestTable(t *testing.T) {
	tag, err := table.ListValue(table.TimeTagValue(1))
	if err != nil {
		t.Fatal(err)
	}
	r := newRig(t, func(e *graph.Edit) {
		e.Add("a", &ops.Table{Rows: [][]any{
			{1, "x", nil}, {true, 1.5, []any{1, "y"}, float32(0.1)}, {uint8(3), []string{"a"}, []byte{1}, tag},
		}})
	})
	rows := r.watch("a")
	r.engine.Step()
	r.engine.Step()
	expect(t, "rows", *rows, "1|x||", "true|1.5|[1, y]|0.1", "3|[a]|01|[0000000000000001]")
	expect(t, "mistakes", mistakes(&ops.Table{Columns: []string{"a", "b", "a"}, Rows: [][]any{{1, 2, 3, 4}, {}, {struct{}{}}}}),
		`add /n: columns: "a" is given twice`,
		"add /n: rows: row 1: it has 4 cells for 3 columns",
		"add /n: rows: row 3: cell 1: a cell cannot hold {}, a struct {}",
	)
}

func TestNull(t *testing.T) {
	r := newRig(t, func(e *graph.Edit) {
		e.Wire(e.Add("a", &ops.Table{Rows: [][]any{{1}}}), e.Add("b", &ops.Null{}))
	})
	rows := r.watch("b")
	r.engine.Step()
	expect(t, "rows", *rows, "1")
	if r.g.Node("b").Table() != r.g.Node("a").Table() {
		t.Error("a null has a table of its own")
	}
}
