package ops

import (
	"bytes"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/peer/osc"
)

// An oscReader reads packets for one goroutine: into rows, or for callbacks.
type oscReader struct {
	packet osc.Packet
	scope  osc.Scope
	args   argList
	text   []byte
	lists  []table.Value

	discarded *graph.Counter // messages with types that nobody knows; nil if nobody counts

	schema                      *table.Schema
	address, types, time, whole int
	extra                       extraColumns
}

// decode makes rows of a packet. Messages with types that nobody knows are left out and counted; if
// there is nothing else in the packet, that is its error.
func (r *oscReader) decode(o *OscIn, e *graph.Event, w *table.Writer) error {
	if err := r.packet.Parse(e.Data); err != nil {
		return err
	}
	messages := r.packet.Messages()
	if odd := r.packet.Discarded(); len(odd) > 0 {
		if len(messages) == 0 {
			return &odd[0]
		}
		r.discard(len(odd))
	}
	if _, isBundle := r.packet.Bundle(); isBundle && !o.SplitBundle.On() {
		return r.bundleRow(o, e, w)
	}
	for i := range messages {
		if m := &messages[i]; r.scope.Match(m.Address()) {
			if err := r.messageRow(o, e, m, w); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *oscReader) discard(n int) {
	if r.discarded != nil {
		r.discarded.Add(uint64(n))
	}
}

// columns finds the columns that every row has.
func (r *oscReader) columns(o *OscIn, w *table.Writer) {
	if w.Schema() == r.schema {
		return
	}
	r.address, r.types, r.time, r.whole = -1, -1, -1, -1
	if o.SplitMessage.On() {
		r.address = w.Col("address")
	} else {
		r.whole = w.Col("message")
	}
	if o.TypeTag {
		r.types = w.Col("types")
	}
	if o.BundleTimestamp {
		r.time = w.Col("timestamp")
	}
	r.extra = o.Extras.columns(w)
	r.schema = w.Schema()
}

func (r *oscReader) messageRow(o *OscIn, e *graph.Event, m *osc.Message, w *table.Writer) error {
	r.columns(o, w)
	if !o.SplitMessage.On() {
		w.Row()
		r.text = osc.AppendText(r.text[:0], m)
		w.SetText(r.whole, r.text)
	} else {
		r.args.columns(w, countCells(m.Types()))
		w.Row()
		w.SetText(r.address, m.Address())
		if err := r.args.write(w, m); err != nil {
			return err
		}
	}
	if r.types >= 0 {
		w.SetText(r.types, m.Types())
	}
	if r.time >= 0 && m.Depth > 0 {
		w.Set(r.time, table.TimeTagValue(uint64(m.Time)))
	}
	r.extra.set(w, e, e.Data)
	return nil
}

// bundleRow makes one row of a bundle: address #bundle, and each message as a list that begins with
// its address. A column message has the messages as text, one a line. There are no types.
func (r *oscReader) bundleRow(o *OscIn, e *graph.Event, w *table.Writer) error {
	r.text, r.lists = r.text[:0], r.lists[:0]
	for i := range r.packet.Messages() {
		m := &r.packet.Messages()[i]
		if !r.scope.Match(m.Address()) {
			continue
		}
		if err := r.addMessage(m, o.SplitMessage.On()); err != nil {
			return err
		}
	}
	if len(r.lists) == 0 && len(r.text) == 0 {
		return nil
	}
	r.columns(o, w)
	r.args.columns(w, len(r.lists))
	w.Row()
	w.SetString(r.address, "#bundle")
	w.SetText(r.whole, bytes.TrimSuffix(r.text, newline))
	for i, list := range r.lists {
		w.Set(r.args.cols[i], list)
	}
	if t, ok := r.packet.Bundle(); ok {
		w.Set(r.time, table.TimeTagValue(uint64(t)))
	}
	r.extra.set(w, e, e.Data)
	return nil
}

var newline = []byte("\n")

// addMessage adds a message of a bundle that becomes one row: as a list, or as a line of text.
func (r *oscReader) addMessage(m *osc.Message, split bool) error {
	if !split {
		r.text = append(osc.AppendText(r.text, m), newline...)
		return nil
	}
	args, err := r.args.cells(m, table.StringValue(string(m.Address())))
	if err != nil {
		return err
	}
	list, err := table.ListValue(args...)
	if err == nil && len(r.lists) < table.MaxColumns {
		r.lists = append(r.lists, list)
	}
	return err
}
