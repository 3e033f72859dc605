package top

import (
	"encoding/json"
	"slices"
	"strconv"
)

// tailRows is how many rows of an open node's table are kept.
const tailRows = 200

// A tail is the newest rows of the table that is looked at.
type tail struct {
	path    string
	columns []string
	rows    []row
	n       int    // rows in the table
	skipped uint64 // rows that came too fast to be shown
	told    bool
}

type row struct {
	number uint64
	cells  []json.RawMessage
}

// void has the next news replace all.
func (t *tail) void() { *t = tail{path: t.path} }

// hear takes what is new.
func (t *tail) hear(n news) {
	if n.Error != "" {
		t.void()
		return
	}
	if n.Reset {
		t.rows, t.skipped = nil, 0
	}
	if n.Columns != nil {
		t.columns = n.Columns
	}
	t.n, t.told = n.N, true
	t.skipped += n.Skipped
	if uint64(n.N) < n.End-n.Base {
		return // rows went out of the middle, and news do not say which: replace has them all
	}
	t.rows = append(t.rows, rowsOf(n.Rows)...)
	t.rows = slices.DeleteFunc(t.rows, func(r row) bool { return r.number < n.Base })
	t.rows = slices.Delete(t.rows, 0, max(0, len(t.rows)-tailRows))
}

// replace takes all rows anew.
func (t *tail) replace(a *tableAnswer) {
	t.columns, t.rows, t.n, t.told = a.Columns, rowsOf(a.Rows), a.N, true
}

func rowsOf(list [][]json.RawMessage) []row {
	rows := make([]row, 0, len(list))
	for _, cells := range list {
		if len(cells) == 0 {
			continue
		}
		number, err := strconv.ParseUint(string(cells[0]), 10, 64)
		if err == nil {
			rows = append(rows, row{number, cells[1:]})
		}
	}
	return rows
}

// cell returns a cell's text; empty if the row has none there.
func (r row) cell(column int) string {
	if column >= len(r.cells) {
		return ""
	}
	return cellText(r.cells[column])
}
