package ops

import (
	"errors"
	"fmt"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops/script"
)

var errOneInput = errors.New("row(r) takes the rows of one input; wire a merge before it, or read other tables with op('name')")

// cookRows writes what becomes of each new row.
func (s *Script) cookRows(c *graph.Cook) error {
	if c.NumInputs() != 1 {
		return errOneInput
	}
	if s.moved(c) {
		c.Restart()
	}
	d, w := c.In(0), c.Out()
	old, fresh := d.Renew()
	again := d.Reset || s.schema != nil && s.schema != d.Schema()
	if s.schema = d.Schema(); again || s.sheet == nil {
		s.instance, s.sheet = nil, script.NewSheet(s.Columns...)
	}
	if err := s.start(c); err != nil {
		return err
	}
	w.AddCols(s.Columns...)
	s.nameRows(d.Schema())
	if again {
		for _, past := range d.Past {
			s.pass(c, d, past)
		}
		w.Reset()
		from := w.End()
		s.source.reset()
		s.pass(c, d, old)
		w.RestateFrom(from)
	}
	s.pass(c, d, fresh)
	w.Expire(s.source.expire(old.Lo))
	return nil
}

// nameRows has the cells of a list be called as the input's columns, unless a parameter says how.
func (s *Script) nameRows(in *table.Schema) {
	if len(s.Columns) > 0 {
		return
	}
	var names []string
	for _, name := range in.Names() {
		names = append(names, name)
	}
	s.sheet.Name(names)
}

// pass writes what becomes of each row.
func (s *Script) pass(c *graph.Cook, d table.Delta, rows table.Range) {
	w := c.Out()
	for row := range d.Rows(rows) {
		s.sheet.Clear()
		if err := graph.Guard(func() error { return s.makeRow(c, row) }); err != nil {
			c.Report(rowFailed(row, err))
			continue
		}
		first, made := w.End(), s.sheet.Rows()
		s.put(w, made)
		for i := range made {
			s.source.add(first+uint64(i), row.Number(), 1)
		}
	}
}

func (s *Script) makeRow(c *graph.Cook, row table.Row) error {
	if s.OnRow != nil {
		return s.OnRow(c, row, s.sheet)
	}
	v, err := s.instance.Call(c, "row", s.dict.Of(s.instance, row))
	if err != nil {
		return err
	}
	if err := s.sheet.Take(v); err != nil {
		return fmt.Errorf("callbacks row: what it returned: %w", err)
	}
	return nil
}
