package ops

import (
	"unicode/utf8"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// messageRows makes rows of messages: a column message with the text, and the extras.
type messageRows struct {
	schema  *table.Schema
	message int
	extra   extraColumns
	text    []byte
}

// add appends the row of one message.
func (m *messageRows) add(w *table.Writer, x *Extras, e *graph.Event, data []byte) {
	if w.Schema() != m.schema {
		m.message, m.extra = w.Col("message"), x.columns(w)
		m.schema = w.Schema()
	}
	w.Row()
	if utf8.Valid(data) {
		w.SetText(m.message, data)
	} else {
		m.text = appendText(m.text[:0], data)
		w.SetText(m.message, m.text)
	}
	m.extra.set(w, e, data)
}

// appendText appends data, as far as a cell can hold it, with each byte that is no UTF-8 replaced by
// U+FFFD.
func appendText(b, data []byte) []byte {
	for len(data) > 0 && len(b) <= table.MaxCell {
		r, size := utf8.DecodeRune(data)
		b = utf8.AppendRune(b, r)
		data = data[size:]
	}
	return b
}

// textOf returns data as text, with each byte that is no UTF-8 replaced by U+FFFD.
func textOf(data []byte) string {
	if utf8.Valid(data) {
		return string(data)
	}
	return string([]rune(string(data)))
}
