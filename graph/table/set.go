package table

import "math"

func (w *Writer) put(col int, k Kind, num uint64) {
	if col < 0 {
		return
	}
	c := w.open
	cells := c.column(col)
	if cells == nil {
		cells = c.grow(col)
	}
	cells.refer(k)
	cells.kinds[c.n-1], cells.nums[c.n-1] = k, num
}

// SetBool sets a cell of the row begun last.
func (w *Writer) SetBool(col int, v bool) { w.put(col, KindBool, BoolValue(v).num) }

// SetInt sets a cell of the row begun last.
func (w *Writer) SetInt(col int, v int64) { w.put(col, KindInt, uint64(v)) }

// SetFloat32 sets a cell of the row begun last.
func (w *Writer) SetFloat32(col int, v float32) {
	w.put(col, KindFloat32, uint64(math.Float32bits(v)))
}

// SetFloat64 sets a cell of the row begun last.
func (w *Writer) SetFloat64(col int, v float64) { w.put(col, KindFloat64, math.Float64bits(v)) }

// SetString sets a cell of the row begun last to a copy of s.
func (w *Writer) SetString(col int, s string) { w.putText(col, KindString, s) }

// SetBytes sets a cell of the row begun last to a copy of b, of kind bytes.
func (w *Writer) SetBytes(col int, b []byte) { w.putText(col, KindBytes, alias(b)) }

// SetText sets a cell of the row begun last to a copy of b, of kind string.
func (w *Writer) SetText(col int, b []byte) { w.putText(col, KindString, alias(b)) }

// Set sets a cell of the row begun last. It copies what v refers to.
func (w *Writer) Set(col int, v Value) {
	switch {
	case v.kind == KindPeer:
		w.SetPeer(col, v.peer)
	case v.kind.arena():
		w.putText(col, v.kind, v.str)
	default:
		w.put(col, v.kind, v.num)
	}
}

// SetPeer sets a cell of the row begun last to a handle on p; nil makes the cell nil.
func (w *Writer) SetPeer(col int, p Peer) {
	switch {
	case col < 0:
	case p == nil:
		w.put(col, KindNil, 0)
	default:
		w.put(col, KindPeer, w.open.hold(p))
	}
}

func (w *Writer) putText(col int, k Kind, s string) {
	if col < 0 {
		return
	}
	k, num := w.text(k, s)
	w.put(col, k, num)
}

// text keeps s for a cell of the open chunk, and returns the cell.
func (w *Writer) text(k Kind, s string) (Kind, uint64) {
	if limit := min(MaxCell, max(0, maxArena-len(w.open.arena))); len(s) > limit {
		k, s = w.cut(k, s, limit)
	}
	return k, w.open.keep(s)
}

// cut makes a cell at most limit bytes long, and counts it. A list that is longer becomes nil.
func (w *Writer) cut(k Kind, s string, limit int) (Kind, string) {
	switch {
	case len(s) <= limit:
		return k, s
	case k == KindList:
		k, limit = KindNil, 0
	}
	w.truncated++
	return k, s[:limit]
}
