package monitor

import (
	"slices"
	"strconv"

	"linecook.dev/linecook/graph"
)

// Limits of one entry of the log.
const (
	maxLogText = 256
	maxLogHex  = 64 // bytes
)

// A logKey says which messages a log has.
type logKey struct {
	node, peer, address string
	sent                bool
}

func (w *logWish) key() logKey { return logKey{w.Node, w.Peer, w.Address, w.Sent} }

// A msgLog is the newest messages that were wanted, for all viewers that want the same.
type msgLog struct {
	node, peer, address pattern
	sent                bool

	want    int // entries
	entries []logEntry
	matched uint64 // how many there ever were
}

// A logEntry is a message as JSON.
type logEntry struct {
	number uint64 // counts those of its log from 1
	json   []byte
}

func newMsgLog(k logKey) *msgLog {
	return &msgLog{node: newPattern(k.node), peer: newPattern(k.peer), address: newPattern(k.address), sent: k.sent}
}

// A telling is a heard message on its way to the logs: what it says is found out when it is needed.
type telling struct {
	heard
	seq       uint64
	data      []byte
	from      string // or to whom
	described bool
	address   string
	text      string
	json      []byte
}

func (t *telling) describe(m *Monitor) {
	if t.described {
		return
	}
	t.described = true
	if m.config.Describe != nil && t.kind == graph.Message {
		t.address, t.text = m.config.Describe(Message{Op: t.op, Sent: t.sent, Verb: t.verb, Data: t.data, Size: t.size})
	}
}

// matches reports whether l has the message.
func (l *msgLog) matches(m *Monitor, t *telling) bool {
	if t.sent && !l.sent || !l.node.match(t.node) || !l.peer.match(t.from) {
		return false
	}
	if l.address == nil {
		return true
	}
	t.describe(m)
	return t.address != "" && l.address.match(t.address)
}

// take adds those of the messages that l has. Only the newest become JSON.
func (l *msgLog) take(m *Monitor, list []telling) {
	found := 0
	for i := range list {
		if l.matches(m, &list[i]) {
			found++
		}
	}
	l.matched += uint64(found)
	number, from := l.matched+1, len(l.entries)
	for i := len(list) - 1; i >= 0 && len(l.entries)-from < l.want; i-- {
		if l.matches(m, &list[i]) {
			number--
			l.entries = append(l.entries, logEntry{number, list[i].asJSON(m)})
		}
	}
	slices.Reverse(l.entries[from:])
	if gone := len(l.entries) - l.want; gone > 0 {
		l.entries = slices.Delete(l.entries, 0, gone)
	}
}

// since returns those of the entries that are behind the one with that number.
func since(entries []logEntry, number uint64) []logEntry {
	i, _ := slices.BinarySearchFunc(entries, number, func(e logEntry, number uint64) int {
		if e.number <= number {
			return -1
		}
		return 1
	})
	return entries[i:]
}

// asJSON returns the message as the feed has it.
func (t *telling) asJSON(m *Monitor) []byte {
	if t.json != nil {
		return t.json
	}
	t.describe(m)
	b := strconv.AppendUint([]byte(`{"seq":`), t.seq, 10)
	b = strconv.AppendInt(append(b, `,"frame":`...), t.at.Frame, 10)
	b = strconv.AppendFloat(append(b, `,"wall":`...), float64(t.wall/1e3)/1e6, 'f', 6, 64)
	b = appendString(append(b, `,"node":`...), t.node, maxString)
	b = append(append(append(b, `,"dir":"`...), t.direction()...), '"')
	b = appendString(append(b, `,"peer":`...), t.from, maxLogText)
	if t.address != "" {
		b = appendString(append(b, `,"address":`...), t.address, maxLogText)
	}
	b = appendString(append(b, `,"text":`...), t.says(), maxLogText)
	b = strconv.AppendInt(append(b, `,"bytes":`...), int64(t.size), 10)
	b = appendHexText(append(b, `,"hex":`...), t.data, maxLogHex)
	if t.err != nil {
		b = appendString(append(b, `,"error":`...), t.err.Error(), maxLogText)
	}
	t.json = append(b, '}')
	return t.json
}

func (t *telling) direction() string {
	if t.sent {
		return "out"
	}
	return "in"
}

// says returns what the message says, or what happened.
func (t *telling) says() string {
	switch t.kind {
	case graph.Connect:
		return "connected"
	case graph.Close:
		return "closed"
	}
	return t.text
}
