package monitor

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"linecook.dev/linecook/cook"
)

// Limits of the frames that are shown.
const (
	maxFrames      = 64 // from one sample to the next, the newest
	maxFrameCooks  = 4 << 10
	maxShownCooks  = 64 // of one frame, the longest
	keptFrames     = 128
	reasonsAskTime = 10 * time.Second // after a node was asked about, its cooks are traced for so long
)

// A strip is the frames since the last sample. The goroutine that cooks fills it.
type strip struct {
	frames []stripFrame
	cooks  []cook.TracedCook
}

type stripFrame struct {
	cook.TracedFrame
	from, to int // in cooks
}

func (s *strip) reset() { s.frames, s.cooks = s.frames[:0], s.cooks[:0] }

func (s *strip) add(f cook.TracedFrame) {
	if len(s.frames) >= maxFrames || len(s.cooks) >= maxFrameCooks {
		s.reset()
	}
	from := len(s.cooks)
	s.cooks = append(s.cooks, f.Cooks...)
	f.Cooks = nil
	s.frames = append(s.frames, stripFrame{f, from, len(s.cooks)})
}

// A frameLog is the newest frames as JSON.
type frameLog struct {
	entries []logEntry
	seq     uint64 // of the newest
}

// reason returns why a node has cooked, as people read it: "input /faders".
func (h *hub) reason(c cook.TracedCook) string {
	if c.Cause == cook.CauseInput && c.Input >= 0 {
		return "input " + h.nodes[c.Input].String()
	}
	return c.Cause.String()
}

// trace has the engine tell of its frames, if somebody wants that, or has asked why a node cooks.
func (h *hub) trace() {
	h.mu.Lock()
	wanted := time.Now().Before(h.reasonsUntil)
	for v := range h.viewers {
		wanted = wanted || v.wish.Frames
	}
	h.mu.Unlock()
	if wanted == h.tracing {
		return
	}
	h.tracing = wanted
	if wanted {
		h.m.engine.SetTrace(func(f cook.TracedFrame) { h.stripped.add(f) })
		return
	}
	h.m.engine.SetTrace(nil)
	h.stripped, h.frames = strip{}, strip{}
	h.mu.Lock()
	clear(h.reasons)
	h.mu.Unlock()
}

// logFrames makes the frames JSON.
func (h *hub) logFrames() {
	for i := range h.frames.frames {
		f := &h.frames.frames[i]
		cooks := h.frames.cooks[f.from:f.to]
		for _, c := range cooks {
			h.reasons[h.nodes[c.Node].String()] = h.reason(c)
		}
		h.frameLog.seq++
		h.frameLog.entries = append(h.frameLog.entries, logEntry{h.frameLog.seq, h.frameJSON(f, cooks)})
	}
	if gone := len(h.frameLog.entries) - keptFrames; gone > 0 {
		h.frameLog.entries = slices.Delete(h.frameLog.entries, 0, gone)
	}
	h.frames.reset()
}

func (h *hub) frameJSON(f *stripFrame, cooks []cook.TracedCook) []byte {
	if len(cooks) > maxShownCooks {
		slices.SortFunc(cooks, func(a, b cook.TracedCook) int { return cmp.Compare(b.Took, a.Took) })
		cooks = cooks[:maxShownCooks]
		slices.SortFunc(cooks, func(a, b cook.TracedCook) int { return cmp.Compare(a.Start, b.Start) })
	}
	b := strconv.AppendInt([]byte(`{"frame":`), f.Frame, 10)
	b = strconv.AppendFloat(append(b, `,"time":`...), f.Time.Seconds(), 'f', 6, 64)
	b = strconv.AppendInt(append(b, `,"ns":`...), int64(f.Took), 10)
	b = strconv.AppendInt(append(b, `,"lateNs":`...), int64(f.Late), 10)
	b = strconv.AppendInt(append(b, `,"cooked":`...), int64(f.to-f.from), 10)
	b = append(b, `,"cooks":[`...)
	for i, c := range cooks {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(append(b, '['), int64(c.Node), 10)
		b = strconv.AppendInt(append(b, ','), int64(c.Start), 10)
		b = strconv.AppendInt(append(b, ','), int64(c.Took), 10)
		b = append(appendString(append(b, ','), h.reason(c), maxString), ']')
	}
	return append(b, `]}`...)
}

// reasonOf returns why a node has cooked last, empty if that is not known: then it is found out from now on.
func (h *hub) reasonOf(path string) string {
	h.mu.Lock()
	h.reasonsUntil = time.Now().Add(reasonsAskTime)
	text := h.reasons[path]
	h.mu.Unlock()
	h.renew()
	return text
}

// appendFrames appends the frames that a viewer was not told of, the newest if they are many.
func (h *hub) appendFrames(v *viewer, b []byte) []byte {
	t := &v.told
	if !v.wish.Frames {
		return b
	}
	list := since(h.frameLog.entries, t.framed)
	list = list[len(list)-fitting(list, softMessage/2):]
	t.framed = h.frameLog.seq
	begun := len(b)
	for _, e := range list {
		b = append(opened(b, begun, `,"frameLog":[`), e.json...)
	}
	if len(list) > 0 {
		b = append(b, ']')
	}
	return b
}
