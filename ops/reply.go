package ops

import (
	"errors"
	"fmt"
	"math"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/peer"
)

// Reply sends every new row to the peer that the row carries. A row that cannot go there, since the peer
// has gone, is an error of the row.
type Reply struct {
	Peer       string `default:"peer" help:"column with the peer that a row goes to, as the operators that receive have it with peer: on"`
	Format     string `default:"osc" menu:"osc text bytes" help:"osc: the row as an OSC message, in the framing of its connection: column address, and arg1, arg2 and so on (or all others) with their types; text: one cell, as people read it; bytes: one cell of bytes, text or a list of numbers from 0 to 255, as it is"`
	Column     string `help:"text, bytes: column to send; without it message (of text) or bytes (of bytes), whichever there is, or else the first one but that with the peer"`
	Terminator string `help:"text, bytes: text to put after each message, as \"\\n\""`

	message oscRow
	schema  *table.Schema // that the columns are of
	peer    int
	column  int
	buf     []byte
}

// Describe implements [graph.Describer].
func (*Reply) Describe() graph.Description {
	return graph.Description{
		Name: "reply", Help: "Sends every new row to the peer that it carries, as an OSC message, text or bytes.",
		Inputs: graph.Arity{Min: 1, Max: graph.Many}, Class: graph.ClassEffect,
	}
}

// Check implements [graph.Checker].
func (o *Reply) Check() error {
	o.schema, o.message = nil, oscRow{skip: o.Peer}
	if o.Format == "osc" {
		return misplaced(o, "formats text and bytes", "column", "terminator")
	}
	return nil
}

// Effect implements [graph.Effect].
func (*Reply) Effect() bool { return true }

// Cook implements [graph.Operator].
func (o *Reply) Cook(c *graph.Cook) error {
	for i := range c.NumInputs() {
		d := c.In(i)
		c.EachNew(d, func(row table.Row) error { return o.send(c, d.Schema(), row) })
	}
	return nil
}

func (o *Reply) send(c *graph.Cook, s *table.Schema, row table.Row) error {
	if s != o.schema {
		o.update(s)
	}
	to, err := o.target(c, row)
	if err == nil {
		err = o.write(to, row)
	}
	if err == nil {
		return nil
	}
	c.Node().Loss("unsent").Add(1)
	return rowFailed(row, err)
}

// update follows the input's columns.
func (o *Reply) update(s *table.Schema) {
	o.schema, o.peer, o.column = s, s.Index(o.Peer), -1
	o.message.update(s)
	if o.Column != "" {
		o.column = s.Index(o.Column)
		return
	}
	names := [...]string{"message", "bytes"}
	if o.Format == "bytes" {
		names = [...]string{"bytes", "message"}
	}
	for _, name := range names {
		if o.column = s.Index(name); o.column >= 0 {
			return
		}
	}
	for col := range s.Names() {
		if col != o.peer {
			o.column = col
			return
		}
	}
}

// target returns the peer that a row goes to.
func (o *Reply) target(c *graph.Cook, row table.Row) (peer.Handle, error) {
	if o.peer < 0 {
		return peer.Handle{}, fmt.Errorf("the input has no column %q; what receives adds it with peer: on", o.Peer)
	}
	cell := row.Cell(o.peer)
	p, ok := cell.Peer().(*peer.Peer)
	if !ok {
		return peer.Handle{}, fmt.Errorf("column %q holds %s and no peer", o.Peer, brief(cell))
	}
	return p.In(c), nil
}

// write sends a row.
func (o *Reply) write(to peer.Handle, row table.Row) error {
	if err := o.encode(row); err != nil {
		return err
	}
	var err error
	if o.Format == "osc" {
		_, err = to.SendPacket(o.buf)
	} else {
		_, err = to.SendBytes(o.buf)
	}
	if err != nil {
		return &peer.SendError{Peer: to.Peer, Err: err}
	}
	return nil
}

// encode makes what is sent of a row.
func (o *Reply) encode(row table.Row) (err error) {
	switch {
	case o.Format == "osc":
		o.buf, err = o.message.encode(row)
		return err
	case o.column < 0 && o.Column != "":
		return fmt.Errorf("the input has no column %q", o.Column)
	case o.column < 0:
		return errors.New("the input has no column to send")
	}
	cell := row.Cell(o.column)
	if o.Format == "text" {
		o.buf = cell.AppendText(o.buf[:0])
	} else if o.buf, err = appendRaw(o.buf[:0], cell); err != nil {
		return fmt.Errorf("column %q: %w", row.Name(o.column), err)
	}
	o.buf = append(o.buf, o.Terminator...)
	return nil
}

// appendRaw appends a cell that consists of bytes.
func appendRaw(b []byte, v table.Value) ([]byte, error) {
	switch v.Kind() {
	case table.KindBytes, table.KindString, table.KindSymbol:
		return append(b, v.Str()...), nil
	case table.KindList:
		return appendNumbers(b, v)
	}
	return b, fmt.Errorf("%s is neither bytes nor text nor a list of numbers", brief(v))
}

func appendNumbers(b []byte, list table.Value) ([]byte, error) {
	for item := range list.List() {
		n, ok := item.Number()
		if !ok || n != math.Trunc(n) || n < 0 || n > 255 {
			return b, fmt.Errorf("%s in the list is no number from 0 to 255", brief(item))
		}
		b = append(b, byte(n))
	}
	return b, nil
}
