package monitor

import (
	"encoding/hex"
	"net/http"

	"linecook.dev/linecook/graph"
)

// maxRaw is how many of a node's messages are kept as they came: with their heads, 1 MiB at most.
const maxRaw = 1000

// A rawLog is the newest messages of a node.
type rawLog struct {
	list []rawEntry // maxRaw of them, once there is one
	seq  uint64     // of the newest
}

type rawEntry struct {
	telling
	head []byte
}

func (l *rawLog) take(t *telling) {
	if l.list == nil {
		l.list = make([]rawEntry, maxRaw)
	}
	l.seq++
	e := &l.list[l.seq%maxRaw]
	e.head = append(e.head[:0], t.data...)
	e.telling = *t
	e.telling.data, e.telling.seq = nil, l.seq
}

type rawAnswer struct {
	Events []rawEvent `json:"events"`
	Note   string     `json:"note"`
}

type rawEvent struct {
	Seq   uint64  `json:"seq"`
	Frame int64   `json:"frame"`
	Wall  float64 `json:"wall"`
	Peer  string  `json:"peer,omitempty"`
	From  string  `json:"from"`
	Kind  string  `json:"kind"`
	Bytes int     `json:"bytes"`
	Hex   string  `json:"hex"`
	Row   *uint64 `json:"row,omitempty"`
	Rows  int     `json:"rows"`
	Error string  `json:"error,omitempty"`
}

func (m *Monitor) raw(r *http.Request) (any, error) {
	q := r.URL.Query()
	from, err := number(q.Get("from"), 0)
	if err != nil || from < 0 {
		return nil, failf(http.StatusBadRequest, "from=%.32q is no number of a message", q.Get("from"))
	}
	count, err := number(q.Get("count"), 200)
	if err != nil || count < 0 || count > maxRaw {
		return nil, failf(http.StatusBadRequest, "count=%.32q is not from 0 to %d", q.Get("count"), maxRaw)
	}
	return m.hub.rawOf(cleanPath(q.Get("path")), uint64(from), uint64(count)), nil
}

// rawOf returns messages of a node, from the one with a number on, or the newest if that is 0.
func (h *hub) rawOf(path string, from, count uint64) rawAnswer {
	h.mu.Lock()
	defer h.mu.Unlock()
	a := rawAnswer{Events: []rawEvent{}, Note: "kept since the node is watched with raw"}
	l := h.raws[path]
	if l == nil {
		a.Note = "nothing is kept: watch the node with raw"
		return a
	}
	oldest := max(l.seq, maxRaw) - maxRaw + 1
	if from == 0 {
		from = max(l.seq, count) - count + 1
	}
	for seq := max(from, oldest); seq <= l.seq && uint64(len(a.Events)) < count; seq++ {
		a.Events = append(a.Events, l.list[seq%maxRaw].event())
	}
	return a
}

func (e *rawEntry) event() rawEvent {
	out := rawEvent{
		Seq: e.seq, Frame: e.at.Frame, Wall: float64(e.wall/1e3) / 1e6, From: e.from, Kind: e.kindText(), Bytes: e.size,
		Hex: hex.EncodeToString(e.head), Rows: e.rows.Len(),
	}
	if p, ok := e.heard.peer.(identified); ok {
		out.Peer = p.ID().String()
	}
	if e.rows.Len() > 0 {
		out.Row = new(e.rows.Lo)
	}
	if e.err != nil {
		out.Error = errorText(e.err)
	}
	return out
}

func (e *rawEntry) kindText() string {
	switch {
	case e.kind == graph.Connect:
		return "connect"
	case e.kind == graph.Close:
		return "close"
	case e.err != nil:
		return "error"
	}
	return "message"
}
