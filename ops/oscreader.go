package ops

import (
	"bytes"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/peer/osc"
)

// An oscReader reads packets for one goroutine: into rows, or for callbacks.
type oscReader struct {
	scope   osc.Scope
	forms   oscForms
	packet  osc.Packet
	inScope []*osc.Message // of packet
	args    argList
	text    []byte
	single  osc.Builder
	buf     []byte
	lists   []table.Value

	discarded *graph.Counter // messages with types that nobody knows; nil if nobody counts

	schema                      *table.Schema
	address, types, time, whole int
	extra                       extraColumns
}

// oscRows says what a packet becomes in a table.
type oscRows struct {
	wholeBundles, wholeMessages bool // a row for a bundle, a cell for a message
	types, times                bool // columns types and timestamp
	extras                      Extras
}

// parse reads a packet.
func (r *oscReader) parse(data []byte) error {
	r.inScope = r.inScope[:0]
	if err := r.packet.Parse(data); err != nil {
		return err
	}
	messages := r.packet.Messages()
	for i := range messages {
		if m := &messages[i]; r.scope.Match(m.Address()) {
			r.inScope = append(r.inScope, m)
		}
	}
	return nil
}

// reset makes r a reader of what is in scope.
func (r *oscReader) reset(scope osc.Scope) { r.scope, r.forms = scope, oscForms{} }

// decode makes rows of a packet. Messages with types that nobody knows are left out and counted; if
// there is nothing else in the packet, that is its error.
func (r *oscReader) decode(o *oscRows, e *graph.Event, w *table.Writer) error {
	if f := r.forms.parse(e.Data); f != nil {
		return r.decodeKnown(o, f, e, w)
	}
	if err := r.parse(e.Data); err != nil {
		return err
	}
	if odd := r.packet.Discarded(); len(odd) > 0 {
		if len(r.packet.Messages()) == 0 {
			return &odd[0]
		}
		r.discard(len(odd))
	}
	r.learn()
	if len(r.inScope) == 0 {
		return nil
	}
	r.columns(o, w)
	if _, isBundle := r.packet.Bundle(); isBundle && o.wholeBundles {
		return r.bundleRow(o, e, w)
	}
	if !o.wholeMessages {
		r.args.columns(w, r.mostCells()) // at once, since each growth copies all names
	}
	for _, m := range r.inScope {
		if err := r.messageRow(o, e, m, w); err != nil {
			return err
		}
	}
	return nil
}

func (r *oscReader) discard(n int) {
	if r.discarded != nil {
		r.discarded.Add(uint64(n))
	}
}

// mostCells returns how many cells the longest message takes.
func (r *oscReader) mostCells() int {
	most := 0
	for _, m := range r.inScope {
		most = max(most, countCells(m.Types()))
	}
	return most
}

// columns finds the columns that every row has.
func (r *oscReader) columns(o *oscRows, w *table.Writer) {
	if w.Schema() == r.schema {
		return
	}
	r.address, r.types, r.time, r.whole = -1, -1, -1, -1
	if !o.wholeMessages {
		r.address = w.Col("address")
	} else {
		r.whole = w.Col("message")
	}
	if o.types {
		r.types = w.Col("types")
	}
	if o.times {
		r.time = w.Col("timestamp")
	}
	r.extra = o.extras.columns(w)
	r.schema = w.Schema()
}

func (r *oscReader) messageRow(o *oscRows, e *graph.Event, m *osc.Message, w *table.Writer) error {
	w.Row()
	if !o.wholeMessages {
		w.SetText(r.address, m.Address())
		if err := r.args.write(w, m); err != nil {
			return err
		}
	} else {
		r.text = osc.AppendText(r.text[:0], m)
		w.SetText(r.whole, r.text)
	}
	if r.types >= 0 {
		w.SetText(r.types, m.Types())
	}
	if r.time >= 0 && m.Depth > 0 {
		w.Set(r.time, table.TimeTagValue(uint64(m.Time)))
	}
	if r.extra.bytes < 0 {
		r.extra.set(w, e, nil)
		return nil
	}
	data, err := r.alone(e, m)
	r.extra.set(w, e, data)
	return err
}

// alone returns a message as a packet, valid until the next call: one of a bundle is taken out of it,
// so that what rows and callbacks keep of a packet is never much longer than it is.
func (r *oscReader) alone(e *graph.Event, m *osc.Message) ([]byte, error) {
	if m.Depth == 0 {
		return e.Data, nil
	}
	r.single.Reset(r.buf[:0])
	r.single.Message(m)
	data, err := r.single.Finish()
	if err == nil {
		r.buf = data
	}
	return data, err
}

// bundleRow makes one row of a bundle: address #bundle, and each message as a list that begins with
// its address. A column message has the messages as text, one a line. There are no types.
func (r *oscReader) bundleRow(o *oscRows, e *graph.Event, w *table.Writer) error {
	r.text, r.lists = r.text[:0], r.lists[:0]
	for _, m := range r.inScope {
		if err := r.addMessage(m, !o.wholeMessages); err != nil {
			return err
		}
	}
	r.args.columns(w, len(r.lists))
	w.Row()
	w.SetString(r.address, bundleAddress)
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

// bundleAddress is the address of a row that is a whole bundle.
const bundleAddress = "#bundle"

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
