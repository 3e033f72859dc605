package patches

import (
	"slices"
	"time"

	"gopkg.in/yaml.v3"
)

// atEnd is the time of a claim that is about the end of the test.
const atEnd = time.Duration(-1)

// expect reads what a test expects: of its end, or of several moments.
func (r *testReader) expect(t *Test, v *yaml.Node) {
	if v.Kind == yaml.MappingNode {
		r.claims(t, v)
		return
	}
	for _, v := range r.items(v, "expect", "mappings, each with frame or at") {
		if v = r.mapping(v, "an item of expect", "frame or at, and rows, table, sent, received or errors"); v != nil {
			r.claims(t, v)
		}
	}
}

func (r *testReader) claims(t *Test, v *yaml.Node) {
	frame, at := int64(0), atEnd
	for key, v := range r.pairs(v) {
		switch key.Value {
		case "frame":
			frame = int64(r.count(key, v))
		case "at":
			at = r.seconds(key, v)
		}
	}
	for key, v := range r.pairs(v) {
		switch s := Subject(key.Value); s {
		case "frame", "at":
		case RowsOf, TableOf, SentBy, ReceivedBy, ErrorsOf:
			if v = r.mapping(v, key.Value, "names to lists"); v == nil {
				continue
			}
			for key, v := range r.pairs(v) {
				c := &Claim{Subject: s, Of: key.Value, Line: key.Line, Col: key.Column, Frame: frame, At: at, list: v}
				for _, v := range r.items(v, key.Value, "what is expected") {
					r.want(c, v)
				}
				t.Claims = append(t.Claims, c)
			}
		default:
			r.unknown(key, "key of expect", slices.Values([]string{
				"frame", "at", string(RowsOf), string(TableOf), string(SentBy), string(ReceivedBy), string(ErrorsOf),
			}))
		}
	}
}

// want reads one item of a claim.
func (r *testReader) want(c *Claim, v *yaml.Node) {
	var w Want
	switch c.Subject {
	case RowsOf, TableOf:
		r.row(&w, v)
	case ErrorsOf:
		if w.Error = v.Value; v.Kind != yaml.ScalarNode || w.Error == "" {
			r.fail(v, "an error is %s; want a part of its text", kind(v))
		}
	default:
		r.sent(&w.Message, v)
	}
	c.Wants = append(c.Wants, w)
}

// row reads a row: a list of all cells, or a mapping of those that matter.
func (r *testReader) row(w *Want, v *yaml.Node) {
	list := v.Content
	switch v.Kind {
	case yaml.MappingNode:
		list, w.Columns = nil, []string{}
		for key, v := range r.pairs(v) {
			w.Columns = append(w.Columns, key.Value)
			list = append(list, v)
		}
	case yaml.SequenceNode:
	default:
		r.fail(v, "a row is %s; want a list of its cells, or a mapping of columns to cells", kind(v))
		return
	}
	for _, v := range list {
		got, err := cell(deref(v))
		if err != nil {
			r.fail(v, "%s", err)
		}
		w.Cells = append(w.Cells, got)
	}
}

// sent reads a message that is expected.
func (r *testReader) sent(m *Message, v *yaml.Node) {
	if v = r.mapping(v, "a message", "osc, text, bytes or close, as {text: hello}"); v == nil {
		return
	}
	for key, v := range r.pairs(v) {
		if !r.message(m, key, v) || m.Kind == Connected {
			r.unknown(key, "key of a message", slices.Values([]string{"osc", "text", "bytes", "close"}))
		}
	}
	if m.Kind == "" {
		r.fail(v, "a message needs one of osc, text, bytes and close")
	}
}
