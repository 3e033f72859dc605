package patchtest

import (
	"encoding/hex"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"linecook.dev/linecook/cmd/linecook/internal/osctext"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/patches"
	"linecook.dev/linecook/peer"
	"linecook.dev/linecook/peer/osc"
)

// WantLines returns what a claim expects, an item a line.
func WantLines(c *patches.Claim) (lines []string) {
	for i := range c.Wants {
		w := &c.Wants[i]
		switch c.Subject {
		case patches.RowsOf, patches.TableOf:
			cells := make([]string, len(w.Cells))
			for i, v := range w.Cells {
				cells[i] = plain(v)
			}
			lines = append(lines, rowText(w.Columns, cells))
		case patches.ErrorsOf:
			lines = append(lines, quoted(w.Error))
		default:
			lines = append(lines, wantedMessage(w.Message))
		}
	}
	return lines
}

// wantedMessage returns a message as messageLine has it, whatever way it is written.
func wantedMessage(m patches.Message) string {
	var data []byte
	var err error
	switch m.Kind {
	case patches.Closed:
		return "{close: true}"
	case patches.OSCMessage:
		e := osctext.Encoder{Now: func() time.Time { return time.Unix(0, 0) }}
		data, err = e.Line(nil, m.Text)
	case patches.BytesMessage:
		data, err = osctext.Bytes(m.Text)
	default:
		return payloadLine(m.Text)
	}
	if err != nil {
		return "{" + string(m.Kind) + ": " + quoted(m.Text) + "} is no good: " + err.Error()
	}
	return payloadLine(string(data))
}

// payloadLine returns bytes as OSC, as text, or else in hexadecimal.
func payloadLine(data string) string {
	if text, ok := oscText(data); ok {
		return "{osc: " + quoted(text) + "}"
	}
	if utf8.ValidString(data) {
		return "{text: " + quoted(data) + "}"
	}
	return "{bytes: " + quoted(hex.EncodeToString([]byte(data))) + "}"
}

func oscText(data string) (string, bool) {
	var p osc.Packet
	if len(data) == 0 || data[0] != '/' && data[0] != '#' || p.Parse([]byte(data)) != nil {
		return "", false
	}
	var b []byte
	for i := range p.Messages() {
		if i > 0 {
			b = append(b, " -- "...)
		}
		b = osctext.AppendText(b, &p.Messages()[i])
	}
	return string(b), true
}

func rowText(columns, cells []string) string {
	if columns == nil {
		return "[" + strings.Join(cells, ", ") + "]"
	}
	pairs := make([]string, len(columns))
	for i, name := range columns {
		pairs[i] = quoted(name) + ": " + cells[i]
	}
	return "{" + strings.Join(pairs, ", ") + "}"
}

// rowLine returns a row as it is claimed: the same columns, and numbers that are as good as equal in
// the same words.
func (r *run) rowLine(x row, want *patches.Want) string {
	if want == nil || want.Columns == nil {
		cells := make([]string, len(x))
		for i, c := range x {
			cells[i] = r.cellText(c.Value, wantCell(want, i))
		}
		return rowText(nil, cells)
	}
	cells := make([]string, len(want.Columns))
	for i, name := range want.Columns {
		cells[i] = r.cellText(x.get(name), wantCell(want, i))
	}
	return rowText(want.Columns, cells)
}

func (x row) get(column string) table.Value {
	for _, c := range x {
		if c.column == column {
			return c.Value
		}
	}
	return table.Value{}
}

func wantCell(w *patches.Want, i int) any {
	if w == nil || i >= len(w.Cells) {
		return nil
	}
	return w.Cells[i]
}

// cellText returns a cell as YAML.
func (r *run) cellText(v table.Value, want any) string {
	switch v.Kind() {
	case table.KindNil:
		return "null"
	case table.KindBool:
		return strconv.FormatBool(v.Bool())
	case table.KindPeer:
		if p, ok := v.Peer().(*peer.Peer); ok {
			return quoted(r.cast.name(p))
		}
	case table.KindBytes:
		if !utf8.ValidString(v.Str()) {
			return quoted("0x" + hex.EncodeToString([]byte(v.Str())))
		}
		return quoted(v.Str())
	case table.KindList:
		var items []string
		wants, _ := want.([]any)
		for item := range v.List() {
			var w any
			if len(items) < len(wants) {
				w = wants[len(items)]
			}
			items = append(items, r.cellText(item, w))
		}
		return "[" + strings.Join(items, ", ") + "]"
	case table.KindInt, table.KindInt64:
		return strconv.FormatInt(v.Int(), 10)
	case table.KindFloat32:
		return numberText(float64(v.Float32()), 32, want)
	case table.KindFloat64:
		f, _ := v.Number()
		return numberText(f, 64, want)
	}
	return quoted(v.String())
}

// tolerances of numbers, relative to their size.
const (
	tolerance32 = 1e-6
	tolerance64 = 1e-9
)

func numberText(f float64, bits int, want any) string {
	tolerance := tolerance64
	if bits == 32 {
		tolerance = tolerance32
	}
	w, isNumber := want.(float64)
	if i, ok := want.(int64); ok {
		w, isNumber = float64(i), true
	}
	if isNumber && math.Abs(f-w) <= tolerance*max(math.Abs(f), math.Abs(w)) {
		return plain(want)
	}
	return floatText(f, bits)
}

func floatText(f float64, bits int) string {
	switch {
	case math.IsNaN(f):
		return ".nan"
	case math.IsInf(f, 0):
		return strings.Replace(strconv.FormatFloat(f, 'g', -1, 64), "Inf", ".inf", 1)
	case f == math.Trunc(f) && math.Abs(f) < 1e15:
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	return strconv.FormatFloat(f, 'g', -1, bits)
}

// plain returns a cell that a test expects as YAML.
func plain(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case bool:
		return strconv.FormatBool(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return floatText(v, 64)
	case []any:
		items := make([]string, len(v))
		for i, item := range v {
			items[i] = plain(item)
		}
		return "[" + strings.Join(items, ", ") + "]"
	}
	return quoted(v.(string))
}

var (
	plainText = regexp.MustCompile(`^[A-Za-z_/.][A-Za-z0-9_/.@+-]*( [A-Za-z0-9_/.@+-]+)*$`)
	notText   = regexp.MustCompile(`^(?i:y|n|yes|no|on|off|true|false|null|\.nan|\.inf)$`)
)

// quoted returns text as YAML within braces, in quotes if it needs them.
func quoted(s string) string {
	if plainText.MatchString(s) && !notText.MatchString(s) {
		return s
	}
	return strconv.Quote(s)
}
