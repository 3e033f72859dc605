package ops

import "linecook.dev/linecook/graph/table"

// A columnCopy copies all columns of an input to the columns of the same name.
type columnCopy struct {
	schema *table.Schema
	to     []int
}

// update follows the input's columns, and adds those that are new to w.
func (m *columnCopy) update(s *table.Schema, w *table.Writer) {
	if s == m.schema {
		return
	}
	m.schema, m.to = s, m.to[:0]
	for _, name := range s.Names() {
		m.to = append(m.to, w.Col(name))
	}
}

// copy copies a row's cells to the row that w began last.
func (m *columnCopy) copy(w *table.Writer, row table.Row) {
	for from, to := range m.to {
		w.Copy(to, row, from)
	}
}

// same reports whether a row has the cells of one that was copied from it.
func (m *columnCopy) same(row, copied table.Row) bool {
	for from, to := range m.to {
		if !row.Cell(from).Equal(copied.Cell(to)) {
			return false
		}
	}
	return true
}
