package graph

import "time"

// A FaultKind says what a node failed at.
type FaultKind uint8

// The kinds of faults. Each has a state of its own, cleared by a success of its own kind.
const (
	FaultStart  FaultKind = iota // opening sockets or files
	FaultCook                    // a whole cook: its output was taken back
	FaultRow                     // single rows or events; the others went on
	FaultDecode                  // messages that are malformed
	FaultSend                    // what was to be sent
	faultKinds
)

var faultNames = [...]string{"start", "cook", "row", "decode", "send"}

// String returns the kind as it is logged: "cook".
func (k FaultKind) String() string { return faultNames[k] }

// A Moment is a point in a graph's life.
type Moment struct {
	Frame int64
	Time  time.Duration // since frame 1
}

// A Fault is the sticky error state of a node for one kind of failure.
type Fault struct {
	Kind       FaultKind
	Active     bool   // it failed the last time
	Count      uint64 // failures since the node was added
	First      Moment
	Last       Moment
	FirstError error
	LastError  error

	logged time.Duration
}

func (f *Fault) add(at Moment, n uint64, err error) {
	if f.Count == 0 {
		f.First, f.FirstError = at, err
	}
	f.Active, f.Last, f.LastError = true, at, err
	f.Count += n
}
