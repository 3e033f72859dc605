package ops

import (
	"strings"
	"unicode/utf8"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// messageRows makes rows of messages: a column message with the text, and the extras.
type messageRows struct {
	schema  *table.Schema
	message int
	extra   extraColumns
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
		w.SetString(m.message, textOf(data))
	}
	m.extra.set(w, e, data)
}

// textOf returns data as text, with invalid UTF-8 replaced.
func textOf(data []byte) string { return strings.ToValidUTF8(string(data), "\uFFFD") }
