package take

import (
	"fmt"
	"math"
	"slices"
	"time"

	"linecook.dev/linecook/graph"
)

// A Frame is one that cut or cooked something.
type Frame struct {
	Number  int64
	Time    time.Duration
	Changes []Change // of the graph, before its cuts
	Events  []Event  // node by node, in order of arrival at each
	Losses  []Loss   // since the frame before
	Seen    []Seen   // by its cooks, of the outside
	Hashes  []Hash   // of the tables at the frame's end, in plan order; mostly none
	Lost    uint64   // events that the recorder had no room for, since the frame before
}

// A Loss is what was lost before a node's inbox, or in it.
type Loss struct {
	Node      graph.Path
	Dropped   uint64 // found the inbox full
	Malformed uint64 // could not be decoded
}

// A Hash is of what a node has made.
type Hash struct {
	Node  graph.Path
	Table uint64 // of the rows now in its table
	Sent  uint64 // of all that it has sent so far; 0 if that is nothing, or depends on more than what arrived
}

// The fields of a frame, of a loss and of a hash.
const (
	frameNumber = iota + 1
	frameTime
	frameLost
	frameLosses
	frameHashes
	frameSeen
	frameChanges

	lossNode      = 1
	lossDropped   = 2
	lossMalformed = 3

	hashNode  = 1
	hashTable = 2
	hashSent  = 3
)

// lose adds l to what its node has lost.
func (f *Frame) lose(l Loss) {
	i := slices.IndexFunc(f.Losses, func(o Loss) bool { return o.Node == l.Node })
	if i < 0 {
		f.Losses = append(f.Losses, l)
		return
	}
	f.Losses[i].Dropped += l.Dropped
	f.Losses[i].Malformed += l.Malformed
}

func (f *Frame) appendTo(b []byte) []byte {
	b = appendUint(b, frameNumber, uint64(f.Number))
	b = appendUint(b, frameTime, uint64(f.Time))
	b = appendUint(b, frameLost, f.Lost)
	for _, l := range f.Losses {
		m := appendField(nil, lossNode, l.Node)
		m = appendUint(m, lossDropped, l.Dropped)
		b = appendField(b, frameLosses, appendUint(m, lossMalformed, l.Malformed))
	}
	for i := range f.Changes {
		b = f.Changes[i].append(b)
	}
	for i := range f.Seen {
		b = f.Seen[i].append(b)
	}
	for _, h := range f.Hashes {
		m := appendUint(appendField(nil, hashNode, h.Node), hashTable, h.Table)
		b = appendField(b, frameHashes, appendUint(m, hashSent, h.Sent))
	}
	return b
}

func parseFrame(b []byte) (*Frame, error) {
	f := &Frame{}
	for part, err := range fields(b) {
		if err == nil {
			err = f.set(part)
		}
		if err != nil {
			return nil, fmt.Errorf("a frame: %w", err)
		}
	}
	return f, nil
}

func (f *Frame) set(part field) error {
	switch part.number {
	case frameNumber:
		f.Number = int64(min(part.num, math.MaxInt64))
	case frameTime:
		f.Time = time.Duration(min(part.num, math.MaxInt64))
	case frameLost:
		f.Lost = part.num
	case frameLosses:
		f.Losses = append(f.Losses, Loss{})
		return f.Losses[len(f.Losses)-1].parse(part.bytes)
	case frameChanges:
		f.Changes = append(f.Changes, Change{})
		return f.Changes[len(f.Changes)-1].parse(part.bytes)
	case frameSeen:
		f.Seen = append(f.Seen, Seen{})
		return f.Seen[len(f.Seen)-1].parse(part.bytes)
	case frameHashes:
		f.Hashes = append(f.Hashes, Hash{})
		return f.Hashes[len(f.Hashes)-1].parse(part.bytes)
	}
	return nil
}

func (l *Loss) parse(b []byte) error {
	for f, err := range fields(b) {
		if err != nil {
			return err
		}
		switch f.number {
		case lossNode:
			l.Node = graph.Path(f.bytes)
		case lossDropped:
			l.Dropped = f.num
		case lossMalformed:
			l.Malformed = f.num
		}
	}
	return nil
}

func (h *Hash) parse(b []byte) error {
	for f, err := range fields(b) {
		if err != nil {
			return err
		}
		switch f.number {
		case hashNode:
			h.Node = graph.Path(f.bytes)
		case hashTable:
			h.Table = f.num
		case hashSent:
			h.Sent = f.num
		}
	}
	return nil
}
