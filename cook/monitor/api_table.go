package monitor

import (
	"encoding/json"
	"net/http"
	"strconv"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph/table"
)

// Limits of one answer.
const (
	maxTableRows  = 2000
	maxTableBytes = 4 << 20 // once there is a row
)

// tableAnswer is what GET /api/table answers.
type tableAnswer struct {
	Columns []string        `json:"columns"`
	Base    uint64          `json:"base"`
	End     uint64          `json:"end"`
	N       int             `json:"n"`
	From    uint64          `json:"from"`
	Stale   bool            `json:"stale,omitempty"`
	Rows    json.RawMessage `json:"rows"`
}

func (m *Monitor) table(r *http.Request) (any, error) {
	q := r.URL.Query()
	from, err := number(q.Get("from"), -maxTableRows)
	if err != nil {
		return nil, failf(http.StatusBadRequest, "from=%.32q is no row number", q.Get("from"))
	}
	count, err := number(q.Get("count"), 200)
	if err != nil || count < 0 || count > maxTableRows {
		return nil, failf(http.StatusBadRequest, "count=%.32q is not from 0 to %d", q.Get("count"), maxTableRows)
	}
	s, err := ask(r.Context(), m, func(p cook.Peek) (*shot, error) {
		n, i, err := nodeOf(p, q.Get("path"))
		if err != nil {
			return nil, err
		}
		return &shot{n.Table().Snapshot(), !p.Wanted(i)}, nil
	})
	if err != nil {
		return nil, err
	}
	return s.answer(from, int(count)), nil
}

// A shot is a table at one moment.
type shot struct {
	*table.Snapshot
	stale bool // nothing wants it: it is as old as the newest cook
}

func (s *shot) answer(from int64, count int) tableAnswer {
	w := s.Window()
	first := w.Lo
	switch {
	case from < 0:
		first = fromEnd(&s.View, int(min(-from, maxTableRows)))
	case uint64(from) > w.Lo:
		first = min(uint64(from), w.Hi)
	}
	a := tableAnswer{Columns: columnNames(s.Schema()), Base: w.Lo, End: w.Hi, N: s.NumRows(), From: first, Stale: s.stale}
	b := []byte{'['}
	if count > 0 {
		for row := range s.Rows(table.Range{Lo: first, Hi: w.Hi}) {
			if len(b) > 1 {
				b = append(b, ',')
			}
			b = appendRow(b, row)
			if count--; count == 0 || len(b) > maxTableBytes {
				break
			}
		}
	}
	a.Rows = append(b, ']')
	return a
}

// appendRow appends a row as its number and its cells.
func appendRow(b []byte, row table.Row) []byte {
	b = strconv.AppendUint(append(b, '['), row.Number(), 10)
	for _, v := range row.Cells() {
		b = appendCell(append(b, ','), v)
	}
	return append(b, ']')
}

// fromEnd returns the first of the newest n rows.
func fromEnd(v *table.View, n int) uint64 {
	w := v.Window()
	for span := uint64(n); ; span *= 2 {
		lo := w.Lo
		if w.Hi-w.Lo > span {
			lo = w.Hi - span
		}
		there := 0
		for b := range v.Blocks(table.Range{Lo: lo, Hi: w.Hi}) {
			there += b.Len()
		}
		if there >= n || lo == w.Lo {
			return skip(v, table.Range{Lo: lo, Hi: w.Hi}, there-n)
		}
	}
}

// skip returns the row behind the first n rows of r.
func skip(v *table.View, r table.Range, n int) uint64 {
	for b := range v.Blocks(r) {
		if n <= 0 {
			return b.First()
		}
		if n < b.Len() {
			return b.First() + uint64(n)
		}
		n -= b.Len()
	}
	return r.Hi
}

func number(text string, none int64) (int64, error) {
	if text == "" {
		return none, nil
	}
	return strconv.ParseInt(text, 10, 64)
}
