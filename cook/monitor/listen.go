package monitor

import (
	"fmt"
	"maps"
	"slices"

	"linecook.dev/linecook/graph"
)

// listen has the engine tell what the viewers want to hear: nothing if nobody does.
func (h *hub) listen() {
	raws, logs := h.turnOverLogs()
	words := fmt.Sprint(raws, slices.Sorted(maps.Keys(logs)))
	switch {
	case len(raws) == 0 && len(logs) == 0:
		h.deafen()
	case words != h.tapped:
		h.tapped = words
		patterns := slices.Collect(maps.Values(logs))
		h.m.engine.SetTap(h.tap(func(n *graph.Node) bool {
			path := n.String()
			return slices.Contains(raws, path) || slices.ContainsFunc(patterns, func(p pattern) bool { return p.match(path) })
		}))
	}
}

// deafen has the engine tell nothing.
func (h *hub) deafen() {
	if h.tapped != "" {
		h.m.engine.SetTap(nil)
		h.tapped, h.hearing, h.heard, h.told = "", hearing{}, hearing{}, nil
	}
}

// turnOverLogs makes the logs those that are wanted. It returns the nodes that are to be heard: some by their
// paths, and others by the patterns of logs.
func (h *hub) turnOverLogs() (raws []string, nodes map[string]pattern) {
	h.mu.Lock()
	defer h.mu.Unlock()
	rawWishes, logWishes := map[string]bool{}, map[logKey]int{}
	for v := range h.viewers {
		for _, w := range v.wish.Watch {
			if w.Raw {
				rawWishes[w.Path] = true
			}
		}
		if l := v.wish.Log; l != nil && l.On {
			logWishes[l.key()] = max(logWishes[l.key()], l.Rows)
		}
	}
	maps.DeleteFunc(h.raws, func(path string, _ *rawLog) bool { return !rawWishes[path] })
	maps.DeleteFunc(h.logs, func(k logKey, _ *msgLog) bool { return logWishes[k] == 0 })
	for path := range rawWishes {
		if h.raws[path] == nil {
			h.raws[path] = &rawLog{}
		}
	}
	nodes = map[string]pattern{}
	for k, rows := range logWishes {
		if h.logs[k] == nil {
			h.logs[k] = newMsgLog(k)
		}
		h.logs[k].want = rows
		nodes[k.node] = h.logs[k].node
	}
	return slices.Sorted(maps.Keys(rawWishes)), nodes
}

// tell makes what was heard ready to be told.
func (h *hub) tell() {
	clear(h.told)
	h.told = h.told[:0]
	h.heardN += h.heard.missed
	for i := range h.heard.list {
		m := &h.heard.list[i]
		h.heardN++
		t := telling{heard: *m, seq: h.heardN, data: h.heard.arena[m.from : m.from+m.head]}
		if m.sent {
			t.wall = h.taken.wall.UnixNano()
		}
		t.from = m.other()
		h.told = append(h.told, t)
	}
}

// logAll gives the logs what was heard.
func (h *hub) logAll() {
	if len(h.told) > 0 {
		for _, l := range h.logs {
			l.matched += h.heard.missed
			l.take(h.m, h.told)
		}
		for i := range h.told {
			if t := &h.told[i]; !t.sent && h.raws[t.node] != nil {
				h.raws[t.node].take(t)
			}
		}
	}
	h.heard.reset()
}

// other returns from whom a message is, or to whom, as "udp 127.0.0.1:5000".
func (m *heard) other() string {
	var end any = m.peer
	if m.sent {
		end = m.to
	}
	text := ""
	if s, ok := end.(fmt.Stringer); ok {
		text = s.String()
	}
	if p, ok := end.(interface{ Protocol() string }); ok {
		return p.Protocol() + " " + text
	}
	return text
}
