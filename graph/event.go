package graph

import "linecook.dev/linecook/graph/table"

// An EventKind says what happened at a socket.
type EventKind uint8

// The kinds of events.
const (
	Message EventKind = iota // a frame or datagram arrived
	Connect                  // a connection was made
	Close                    // a connection ended; Err says why, nil if the other end closed it
)

// An Event is one thing that happened at a node's sockets, as it came.
type Event struct {
	Kind EventKind
	Peer table.Peer // where it came from
	Time int64      // arrival, in ns since 1970
	Seq  uint64     // counts the node's events from 1
	Data []byte     // raw bytes of a Message; not to be kept
	Err  error      // reason of a Close, or why a Message could not be decoded

	// Rows is what the event became in the node's table. It is empty while the event is decoded.
	Rows table.Range

	at, size int  // of the message's bytes, in its batch's arena
	kept     bool // the arena has them
}
