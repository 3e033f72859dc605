package monitor

import "strconv"

// softMessage is how long a message to a viewer gets, in bytes, before the rest goes into another one.
const softMessage = 8 << 10

// told is what a viewer knows.
type told struct {
	seq        uint64 // the newest sample that it has all of
	passing    uint64 // the sample that began the pass over nodes which is under way; 0 if none is
	node       int    // the next of that pass
	generation uint64
	tails      map[string]*toldTail
	log        logKey // that it wants
	logged     uint64 // the newest entry of it
	listening  bool   // it was told of that log
	framed     uint64 // the newest of the frames
}

// toldTail is what a viewer knows of one tail.
type toldTail struct {
	rows     int  // that it wants
	begun    bool // it was told something
	partial  bool // but not all of it
	resets   uint64
	columned uint64
	changed  uint64
	next     uint64 // row
	missing  bool   // it was told that the node is not there
}

// forget makes the viewer's knowledge that of one who has just said what it wants: what it does not want
// any more it will be told anew when it wants it again.
func (t *told) forget(w *wish) {
	if !w.Nodes {
		t.seq, t.passing, t.node = 0, 0, 0
	}
	if w.Log == nil || !w.Log.On || w.Log.key() != t.log {
		t.listening, t.logged = false, 0
	}
	before := t.tails
	t.tails = make(map[string]*toldTail, len(w.Watch))
	for _, watch := range w.Watch {
		k := before[watch.Path]
		if k == nil || k.rows < watch.Rows {
			k = &toldTail{}
		}
		k.rows = watch.Rows
		t.tails[watch.Path] = k
	}
}

// compose appends what a viewer does not know yet, and reports whether that is not all.
func (h *hub) compose(v *viewer, b []byte) (out []byte, more bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.seq == 0 {
		return b, false
	}
	b = h.appendHead(b)
	if v.wish.Nodes {
		b, more = h.appendNodes(&v.told, b)
	}
	var left bool
	b, left = h.appendTails(v, b)
	if more = more || left; !more && len(b) > softMessage/4 && h.hasNews(v) {
		more = true // in a message of its own
	}
	if !more {
		b = h.appendFrames(v, h.appendLog(v, b))
	}
	return append(b, '}'), more
}

func (h *hub) appendHead(b []byte) []byte {
	b = strconv.AppendFloat(append(b, `{"wall":`...), wallSeconds(h.wall), 'f', 3, 64)
	b = strconv.AppendFloat(append(b, `,"time":`...), h.Time.Seconds(), 'f', 6, 64)
	for _, f := range [...]struct {
		name  string
		value uint64
	}{
		{`,"frame":`, uint64(h.Frame)}, {`,"generation":`, h.generation}, {`,"frames":`, h.stats.Frames},
		{`,"skipped":`, h.stats.Skipped}, {`,"late":`, h.stats.Late}, {`,"cooks":`, h.stats.Cooks}, {`,"errors":`, uint64(h.failing)},
	} {
		b = strconv.AppendUint(append(b, f.name...), f.value, 10)
	}
	return b
}

// appendNodes appends the nodes that have changed. A pass over them may take several messages; what
// changes behind it is told by the next one.
func (h *hub) appendNodes(t *told, b []byte) (out []byte, more bool) {
	if t.generation != h.generation {
		t.generation, t.seq, t.passing, t.node = h.generation, 0, 0, 0
	}
	if t.passing == 0 {
		t.passing, t.node = h.seq, 0
	}
	begun := len(b)
	for ; t.node < len(h.states); t.node++ {
		if h.states[t.node].changed <= t.seq {
			continue
		}
		if len(b) > softMessage {
			more = true
			break
		}
		b = append(opened(b, begun, `,"nodes":[`), h.states[t.node].json...)
	}
	if len(b) > begun {
		b = append(b, ']')
	}
	if !more {
		t.seq, t.passing = t.passing, 0
	}
	return b, more
}

// opened appends what begins a list, or separates its items.
func opened(b []byte, begun int, open string) []byte {
	if len(b) == begun {
		return append(b, open...)
	}
	return append(b, ',')
}

func (h *hub) appendTails(v *viewer, b []byte) (out []byte, more bool) {
	begun := len(b)
	for _, w := range v.wish.Watch {
		known, t := v.told.tails[w.Path], h.tails[w.Path]
		if t == nil || !known.wants(t) {
			continue
		}
		if len(b) > softMessage {
			more = true
			break
		}
		b = opened(b, begun, `,"tails":{`)
		b = append(appendString(b, w.Path, maxPattern), ':')
		var left bool
		b, left = t.appendNews(known, b)
		more = more || left
	}
	if len(b) > begun {
		b = append(b, '}')
	}
	return b, more
}

// wants reports whether there is something to be told about t.
func (k *toldTail) wants(t *tail) bool {
	if t.missing {
		return !k.missing
	}
	return k.partial || t.changed > k.changed
}

// appendNews appends what of the tail is not known yet.
func (t *tail) appendNews(k *toldTail, b []byte) (out []byte, more bool) {
	if k.missing = t.missing; k.missing {
		*k = toldTail{rows: k.rows, missing: true}
		return append(appendString(append(b, `{"error":`...), "there is no node "+t.path, maxString), '}'), false
	}
	b = strconv.AppendUint(append(b, `{"base":`...), t.shown.base, 10)
	b = strconv.AppendUint(append(b, `,"end":`...), t.shown.end, 10)
	b = strconv.AppendInt(append(b, `,"n":`...), int64(t.shown.n), 10)
	if k.columned < t.columned || !k.begun {
		b = append(append(b, `,"columns":`...), t.columns...)
		k.columned = t.columned
	}
	rows := t.ring.rows
	if k.resets != t.resets || !k.begun {
		b = append(b, `,"reset":true`...)
		k.resets = t.resets
	} else {
		rows = t.ring.since(k.next)
		b = t.appendSkipped(k, rows, b)
	}
	rows = rows[max(0, len(rows)-k.rows):]
	b, k.partial = t.appendRows(k, rows, append(b, `,"rows":[`...))
	k.begun, k.changed = true, t.changed
	return append(b, `]}`...), k.partial
}

// appendSkipped says how many rows the viewer is never told of.
func (t *tail) appendSkipped(k *toldTail, rows []ringRow, b []byte) []byte {
	first := t.shown.end
	if len(rows) > 0 {
		first = rows[max(0, len(rows)-k.rows)].number
	}
	if first <= k.next {
		return b
	}
	return strconv.AppendUint(append(b, `,"skipped":`...), first-k.next, 10)
}

func (t *tail) appendRows(k *toldTail, rows []ringRow, b []byte) (out []byte, more bool) {
	k.next = t.shown.end
	for i, row := range rows {
		if i > 0 {
			if len(b) > softMessage {
				k.next = row.number
				return b, true
			}
			b = append(b, ',')
		}
		b = append(b, t.ring.json(row)...)
	}
	return b, false
}

// hasNews reports whether there are messages or frames that a viewer wants and was not told of.
func (h *hub) hasNews(v *viewer) bool {
	if v.wish.Frames && v.told.framed < h.frameLog.seq {
		return true
	}
	if w := v.wish.Log; w != nil && w.On && h.logs[w.key()] != nil {
		return !v.told.listening || v.told.logged < h.logs[w.key()].matched
	}
	return false
}

// appendLog appends the newest messages of the log that a viewer wants. What there is no room for it is never told.
func (h *hub) appendLog(v *viewer, b []byte) []byte {
	w, t := v.wish.Log, &v.told
	if w == nil || !w.On {
		return b
	}
	l := h.logs[w.key()]
	if l == nil {
		return b
	}
	if !t.listening {
		t.listening, t.log, t.logged = true, w.key(), l.matched
		if len(l.entries) > 0 {
			t.logged = l.entries[0].number - 1
		}
	}
	list := since(l.entries, t.logged)
	list = list[max(0, len(list)-w.Rows):]
	list = list[len(list)-fitting(list, softMessage):]
	told, begun := uint64(len(list)), len(b)
	for _, e := range list {
		b = append(opened(b, begun, `,"log":[`), e.json...)
	}
	if told > 0 {
		b = append(b, ']')
	}
	if skipped := l.matched - t.logged - told; skipped > 0 {
		b = strconv.AppendUint(append(b, `,"logSkipped":`...), skipped, 10)
	}
	t.logged = l.matched
	return b
}

// fitting returns how many of the last entries have room, at least one.
func fitting(list []logEntry, room int) (n int) {
	for n < len(list) && (n == 0 || room >= len(list[len(list)-1-n].json)) {
		room -= len(list[len(list)-1-n].json)
		n++
	}
	return n
}
