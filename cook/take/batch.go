package take

import (
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// A batch is messages that wait to be written, in order.
type batch struct {
	arena []byte
	items []item
}

// An item is a message: bytes of the arena, or a frame.
type item struct {
	channel      uint16
	topic        string // describes the channel, if that is not done
	seq          uint32
	log, publish uint64 // ns since 1970
	lo, hi       int
	frame        *Frame
	tables       []shown // to be hashed for the frame
}

// A shown table is one as it was at the end of a frame.
type shown struct {
	node graph.Path
	sent uint64
	*table.Snapshot
}

const itemSize = 96 // about what an item takes beside its bytes

func (b *batch) size() int { return len(b.arena) + itemSize*len(b.items) }

// begin adds a message of s; what the arena gets until end is its content.
func (b *batch) begin(s *source, seq, log, publish uint64) {
	b.items = append(b.items, item{
		channel: s.channel, topic: s.topic, seq: uint32(seq), log: log, publish: publish, lo: len(b.arena),
	})
	s.topic = ""
}

func (b *batch) end() { b.items[len(b.items)-1].hi = len(b.arena) }

func (b *batch) addFrame(f Frame, tables []shown, log uint64) {
	b.items = append(b.items, item{
		channel: framesChannel, seq: uint32(f.Number), log: log, publish: log, frame: &f, tables: tables,
	})
}

func (b *batch) reset() {
	clear(b.items)
	b.arena, b.items = b.arena[:0], b.items[:0]
}
