package monitor

import "slices"

// A ring is the newest rows of a table as JSON.
type ring struct {
	rows []ringRow
	buf  []byte
	next uint64 // the row that is expected next: all before it were here
}

type ringRow struct {
	number   uint64
	from, to int // in buf
}

// begin returns where the JSON of a row is to be appended to, for end.
func (r *ring) begin() []byte { return r.buf }

func (r *ring) end(number uint64, buf []byte) {
	r.rows = append(r.rows, ringRow{number, len(r.buf), len(buf)})
	r.buf, r.next = buf, number+1
}

// precedes reports whether no row is missing between the newest one and row.
func (r *ring) precedes(row uint64) bool { return len(r.rows) > 0 && r.next >= row }

func (r *ring) clear() { r.rows, r.buf = r.rows[:0], r.buf[:0] }

// trim leaves the newest n rows, and none below base.
func (r *ring) trim(n int, base uint64) {
	gone := max(0, len(r.rows)-n)
	for gone < len(r.rows) && r.rows[gone].number < base {
		gone++
	}
	r.rows = slices.Delete(r.rows, 0, gone)
	if len(r.rows) == 0 {
		r.buf = r.buf[:0]
		return
	}
	if waste := r.rows[0].from; waste > len(r.buf)/2 {
		r.buf = append(r.buf[:0], r.buf[waste:]...)
		for i := range r.rows {
			r.rows[i].from -= waste
			r.rows[i].to -= waste
		}
	}
}

// since returns the rows from row on.
func (r *ring) since(row uint64) []ringRow {
	i, _ := slices.BinarySearchFunc(r.rows, row, func(r ringRow, row uint64) int {
		if r.number < row {
			return -1
		}
		return 1
	})
	return r.rows[i:]
}

func (r *ring) json(row ringRow) []byte { return r.buf[row.from:row.to] }
