package ops

import (
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/peer/osc"
)

// oscForms is what a reader knows of messages that are no part of a bundle, by address and type tags.
type oscForms struct {
	osc     osc.Forms
	known   [osc.MaxForms]oscForm
	message osc.Message // as parsed last
}

type oscForm struct {
	inScope bool
	cells   int // that its arguments take
}

// parse reads a packet that is a message of a known form into f.message, or returns nil.
func (f *oscForms) parse(data []byte) *oscForm {
	n := f.osc.Parse(data, &f.message)
	if n < 0 {
		return nil
	}
	return &f.known[n]
}

// learn keeps the form of the packet that was parsed, if it is a bare message.
func (r *oscReader) learn() {
	messages := r.packet.Messages()
	if _, isBundle := r.packet.Bundle(); isBundle || len(messages) == 0 {
		return
	}
	m := &messages[0]
	if n := r.forms.osc.Learn(m); n >= 0 {
		r.forms.known[n] = oscForm{inScope: len(r.inScope) > 0, cells: countCells(m.Types())}
	}
}

// decodeKnown is decode for the message of a known form.
func (r *oscReader) decodeKnown(o *oscRows, f *oscForm, e *graph.Event, w *table.Writer) error {
	if !f.inScope {
		return nil
	}
	r.columns(o, w)
	if !o.wholeMessages {
		r.args.columns(w, f.cells)
	}
	return r.messageRow(o, e, &r.forms.message, w)
}
