package take

import (
	"encoding/binary"
	"fmt"
	"strings"

	"github.com/foxglove/mcap/go/mcap"

	"linecook.dev/linecook/graph"
)

const recordHead = 9 // bytes: what it is, and how long

// nextRecord returns the first record of a chunk and how many bytes it takes, 0 if it is not whole.
func nextRecord(b []byte) (record, int) {
	if len(b) < recordHead {
		return record{}, 0
	}
	size := binary.LittleEndian.Uint64(b[1:])
	if size > uint64(len(b)-recordHead) {
		return record{}, 0
	}
	end := recordHead + int(size)
	return record{mcap.OpCode(b[0]), b[recordHead:end]}, end
}

// parse calls f, which may not know yet that it is given something that is damaged: a panic is an error.
func parse[T any](f func([]byte) (T, error), b []byte) (v T, err error) {
	err = graph.Guard(func() error {
		v, err = f(b)
		return err
	})
	return v, err
}

// take follows a record, and returns the frame that it ends, or nil.
func (r *Reader) take(rec record) (*Frame, error) {
	switch rec.op {
	case mcap.OpChannel:
		c, err := parse(mcap.ParseChannel, rec.data)
		if err != nil {
			return nil, err
		}
		r.nodes[c.ID] = graph.Path(c.Topic)
	case mcap.OpMessage:
		m, err := parse(mcap.ParseMessage, rec.data)
		if err != nil {
			return nil, err
		}
		return r.message(m)
	}
	return nil, nil
}

func (r *Reader) message(m *mcap.Message) (*Frame, error) {
	topic, known := r.nodes[m.ChannelID]
	switch {
	case !known:
		return nil, fmt.Errorf("a message of channel %d, which there is not", m.ChannelID)
	case topic == framesTopic:
		f, err := parseFrame(m.Data)
		if err == nil {
			f.Events, r.events, r.bytes, r.own = r.events, nil, 0, 0
		}
		return f, err
	}
	if !strings.HasPrefix(string(topic), "/") {
		return nil, nil // rows, which follow from the events, or what others have added
	}
	e, err := parseEvent(topic, m.Data)
	if err != nil {
		return nil, err
	}
	if r.bytes += len(e.Data) + eventSize; r.bytes > maxFrame {
		return nil, fmt.Errorf("a frame has more than %d MiB", maxFrame>>20)
	}
	r.events = append(r.events, e)
	return nil, nil
}
