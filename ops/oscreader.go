package ops

import (
	"fmt"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops/script"
	"linecook.dev/linecook/peer"
	"linecook.dev/linecook/peer/osc"
)

// An oscReader reads packets for one goroutine: into rows, or for callbacks.
type oscReader struct {
	packet osc.Packet
	scope  osc.Scope
	args   argList
	text   []byte

	schema                      *table.Schema
	address, types, time, whole int
	extra                       extraColumns
}

// decode makes rows of a packet. Messages with types that nobody knows are left out; if there is
// nothing else in the packet, that is its error.
func (r *oscReader) decode(o *OscIn, e *graph.Event, w *table.Writer) error {
	if err := r.packet.Parse(e.Data); err != nil {
		return err
	}
	messages := r.packet.Messages()
	if odd := r.packet.Discarded(); len(odd) > 0 && len(messages) == 0 {
		return &odd[0]
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
		r.args.columns(w, r.args.count(m))
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
// its address. A column message has the messages as text, one a line.
func (r *oscReader) bundleRow(o *OscIn, e *graph.Event, w *table.Writer) error {
	var lists []table.Value
	r.text = r.text[:0]
	for i := range r.packet.Messages() {
		m := &r.packet.Messages()[i]
		if !r.scope.Match(m.Address()) {
			continue
		}
		args, err := r.args.cells(m)
		if err != nil {
			return err
		}
		list, err := table.ListValue(append([]table.Value{table.StringValue(string(m.Address()))}, args...)...)
		if err != nil {
			return err
		}
		lists = append(lists, list)
		r.text = append(osc.AppendText(r.text, m), '\n')
	}
	if len(lists) == 0 {
		return nil
	}
	r.columns(o, w)
	if o.SplitMessage.On() {
		r.args.columns(w, len(lists))
	}
	w.Row()
	w.SetString(r.address, "#bundle")
	w.SetText(r.whole, r.text[:len(r.text)-1])
	if o.SplitMessage.On() {
		for i, list := range lists {
			w.Set(r.args.cols[i], list)
		}
	}
	if t, ok := r.packet.Bundle(); ok {
		w.Set(r.time, table.TimeTagValue(uint64(t)))
	}
	r.extra.set(w, e, e.Data)
	return nil
}

// call calls back for each message of a packet.
func (r *oscReader) call(o *OscIn, k *caller, e *graph.Event) {
	if err := r.packet.Parse(e.Data); err != nil {
		return // Decode has reported it
	}
	row := e.Rows.Lo
	for i := range r.packet.Messages() {
		m := &r.packet.Messages()[i]
		if !r.scope.Match(m.Address()) {
			continue
		}
		k.c.Try(func() error { return r.callMessage(k, e, m, row) })
		if row+1 < e.Rows.Hi {
			row++
		}
	}
}

func (r *oscReader) callMessage(k *caller, e *graph.Event, m *osc.Message, row uint64) error {
	args, err := r.args.cells(m)
	if err != nil {
		return fmt.Errorf("message %s: %w", m.Address(), err)
	}
	text, at := string(osc.AppendText(nil, m)), float64(e.Time)/1e9
	if !m.Time.IsImmediate() {
		at = float64(m.Time.Time().UnixNano()) / 1e9
	}
	p, v := e.Peer.(*peer.Peer), k.see(row)
	index := v.NumRows() - 1
	if f := k.Hooks.OnReceiveOSC; f != nil {
		k.hook(v, func(d *Dat) error {
			return f(d, ReceivedOSC{index, text, e.Data, at, string(m.Address()), args, p.In(k.c)})
		})
	}
	k.script("onReceiveOSC", func() []script.Value {
		list := make([]script.Value, len(args))
		for i, arg := range args {
			list[i] = k.instance.Cell(arg)
		}
		return []script.Value{
			script.Int(index), script.Text(text), script.Bytes(e.Data), script.Float(at),
			script.Text(string(m.Address())), script.List(list...), k.peer(p),
		}
	})
	return nil
}
