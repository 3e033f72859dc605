package table

// push adds a chunk to the list, in the room that chunks before left if no Snapshot shares it.
func (t *Table) push(c *chunk) {
	c.size = c.bytes()
	t.bytes += c.size
	if len(t.chunks) == cap(t.chunks) && !t.shared && len(t.list) > 2*len(t.chunks) {
		n := copy(t.list, t.chunks)
		clear(t.list[n:])
		t.chunks = t.list[:n]
	}
	full := len(t.chunks) == cap(t.chunks)
	t.chunks = append(t.chunks, c)
	if full {
		t.list, t.shared = t.chunks[:cap(t.chunks)], false
	}
}

// unshare makes the list one that no Snapshot has.
func (t *Table) unshare() {
	if t.shared {
		t.chunks = append(make([]*chunk, 0, 2*len(t.chunks)), t.chunks...)
		t.list, t.shared = t.chunks[:cap(t.chunks)], false
	}
}

// shift takes the first chunk off the list.
func (t *Table) shift(w *Writer) {
	c := t.chunks[0]
	t.bytes -= c.size
	t.deadBytes -= c.size
	t.dead--
	if !t.shared {
		t.chunks[0] = nil
	}
	t.chunks = t.chunks[1:]
	if !t.isShown(c) {
		w.recycle(c)
	}
}

// isShown reports whether a Snapshot may have c.
func (t *Table) isShown(c *chunk) bool { return c.first < t.shown && c.copied < t.snapshots }

// expire takes the rows below base out of the window.
func (t *Table) expire(base uint64) {
	t.gone -= t.removedIn(Range{t.base, base})
	t.base = base
	for t.dead < len(t.chunks) && t.chunks[t.dead].end() <= base {
		t.deadBytes += t.chunks[t.dead].size
		t.dead++
	}
}

// bound keeps the table within its limit of bytes: first the window, whose oldest rows expire as
// they do over Limits.Rows, then what is kept for readers.
func (t *Table) bound(w *Writer) {
	for t.over() {
		t.expire(t.chunks[t.dead].end())
	}
	t.Release(w)
	for t.dead > 0 && t.bytes > t.limits.Bytes {
		t.lose(t.chunks[0])
		t.shift(w)
	}
}

// over reports whether the window takes more than its part of the limit of bytes.
func (t *Table) over() bool {
	return t.dead < len(t.chunks) && t.bytes-t.deadBytes > t.limits.Bytes-t.limits.Bytes/8
}

// lose tells the readers that still need a row of c that they do not get it.
func (t *Table) lose(c *chunk) {
	next := c.end()
	seen := next
	for _, cur := range t.cursors {
		if cur.state != forgot && cur.base < next {
			cur.state = again
			seen = min(seen, cur.end)
		}
	}
	t.dropped += next - max(seen, c.first)
}

// Release gives back the memory of rows that are expired and that every reader has passed. Commit
// does so too.
func (t *Table) Release(w *Writer) {
	if len(t.removals) > 0 {
		t.told()
	}
	if t.dead == 0 {
		return
	}
	hold := t.base
	for _, cur := range t.cursors {
		hold = min(hold, cur.hold())
	}
	for t.dead > 0 && t.chunks[0].end() <= hold {
		t.shift(w)
	}
}
