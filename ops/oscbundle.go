package ops

import (
	"errors"
	"fmt"

	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/peer/osc"
)

// writeBundle writes a row that is a whole bundle: each argument is a list that begins with an
// address, and the column timestamp has the bundle's time.
func (o *oscRow) writeBundle(row table.Row) error {
	at := osc.Immediately
	if t := row.Cell(o.time); t.Kind() == table.KindTimeTag {
		at = osc.TimeTag(t.Bits())
	}
	o.builder.BeginBundle(at)
	for _, col := range o.args[:o.count(row)] {
		if err := o.writeList(row.Cell(col)); err != nil {
			return fmt.Errorf("column %s: %w", o.schema.Name(col), err)
		}
	}
	o.builder.EndBundle()
	return nil
}

var errNoMessage = errors.New("in a row that is a bundle every argument is a list that begins with an address")

func (o *oscRow) writeList(list table.Value) error {
	begun := false
	for item := range list.List() {
		switch {
		case begun:
			o.add(item)
		case item.Kind() != table.KindString:
			return errNoMessage
		default:
			o.builder.BeginMessage(item.Str())
			begun = true
		}
	}
	if !begun {
		return errNoMessage
	}
	o.builder.EndMessage()
	return nil
}
