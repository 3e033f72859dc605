package take

import (
	"fmt"
	"math"

	"github.com/google/uuid"

	"linecook.dev/linecook/graph"
)

// An Event is one that a cut took, as [graph.Event] has it.
type Event struct {
	Node   graph.Path
	Frame  int64
	Kind   graph.EventKind
	Seq    uint64
	Time   int64 // arrival, in ns since 1970
	Data   []byte
	Reason string // of a Close; "" if the other end closed
	Peer   Peer

	Malformed bool // it could not be decoded
}

// A Peer is what a take says of a remote end.
type Peer struct {
	ID       uuid.UUID
	Protocol string // "udp", "tcp", "udt"
	Address  string // IP address, or the name that it was given by
	Port     int
	Local    string // address and port of the socket on the recording machine
}

// The fields of an event.
const (
	eventFrame = iota + 1
	eventKind
	eventSeq
	eventTime
	eventData
	eventReason
	eventPeer
	eventProtocol
	eventAddress
	eventPort
	eventLocal
	eventMalformed
)

// appendEvent appends e, whose peer is encoded.
func appendEvent(b []byte, frame int64, e *graph.Event, malformed bool, peer []byte) []byte {
	b = appendUint(b, eventFrame, uint64(frame))
	b = appendUint(b, eventKind, uint64(e.Kind))
	b = appendUint(b, eventSeq, e.Seq)
	b = appendUint(b, eventTime, uint64(e.Time))
	b = appendField(b, eventData, e.Data)
	if e.Err != nil {
		b = appendField(b, eventReason, e.Err.Error())
	}
	if malformed {
		b = appendUint(b, eventMalformed, 1)
	}
	return append(b, peer...)
}

func appendPeer(b []byte, p Peer) []byte {
	b = appendField(b, eventPeer, p.ID[:])
	b = appendField(b, eventProtocol, p.Protocol)
	b = appendField(b, eventAddress, p.Address)
	b = appendUint(b, eventPort, uint64(p.Port))
	return appendField(b, eventLocal, p.Local)
}

// parseEvent reads an event. Its Data is part of b.
func parseEvent(node graph.Path, b []byte) (Event, error) {
	e := Event{Node: node}
	for f, err := range fields(b) {
		if err == nil {
			err = e.set(f)
		}
		if err != nil {
			return e, fmt.Errorf("an event of %s: %w", node, err)
		}
	}
	return e, nil
}

func (e *Event) set(f field) error {
	switch f.number {
	case eventFrame:
		e.Frame = int64(min(f.num, math.MaxInt64))
	case eventKind:
		if e.Kind = graph.EventKind(f.num); f.num > uint64(graph.Close) && f.num != uint64(Rows) {
			return fmt.Errorf("kind %d is unknown", f.num)
		}
	case eventSeq:
		e.Seq = f.num
	case eventTime:
		e.Time = int64(f.num)
	case eventData:
		e.Data = f.bytes
	case eventReason:
		e.Reason = string(f.bytes)
	case eventMalformed:
		e.Malformed = f.num != 0
	default:
		return e.Peer.set(f)
	}
	return nil
}

func (p *Peer) set(f field) (err error) {
	switch f.number {
	case eventPeer:
		p.ID, err = uuid.FromBytes(f.bytes)
	case eventProtocol:
		p.Protocol = string(f.bytes)
	case eventAddress:
		p.Address = string(f.bytes)
	case eventPort:
		if p.Port = int(f.num); f.num > math.MaxUint16 {
			return fmt.Errorf("port %d is not from 0 to 65535", f.num)
		}
	case eventLocal:
		p.Local = string(f.bytes)
	}
	return err
}
