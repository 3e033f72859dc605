package graph

import (
	"errors"
	"iter"
	"slices"
	"time"

	"linecook.dev/linecook/graph/table"
)

// A FaultKind says what a node failed at.
type FaultKind uint8

// The kinds of faults. Each has a state of its own, cleared by a success of its own kind.
const (
	FaultStart   FaultKind = iota // opening sockets or files
	FaultParam                    // computing a parameter: it keeps the value it had
	FaultConnect                  // reaching the other end
	FaultCook                     // a whole cook: its output was taken back
	FaultRow                      // single rows or events; the others went on
	FaultDecode                   // messages that are malformed
	FaultSend                     // what was to be sent
	FaultWrite                    // writing a file
	FaultRead                     // reading a file: its newest content that was good stays
	faultKinds
)

var faultNames = [...]string{"start", "param", "connect", "cook", "row", "decode", "send", "write", "read"}

// FaultKinds walks the kinds as they are logged.
func FaultKinds() iter.Seq[string] { return slices.Values(faultNames[:]) }

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

	logged time.Duration // when it was logged last
	traced time.Duration // when a stack was logged with it last
}

func (f *Fault) add(at Moment, n uint64, err error) {
	if f.Count == 0 {
		f.First, f.FirstError = at, err
	}
	f.Active, f.Last, f.LastError = true, at, err
	f.Count += n
}

// quiet is how long after it was logged a fault is not logged again: much shorter if it was over in
// between, so that what comes and goes is seen and does not flood the log (reliability R68).
func (f *Fault) quiet() time.Duration {
	if f.Active {
		return time.Second
	}
	return 100 * time.Millisecond
}

// fail shows an error on the node, and logs it unless that was done just before: with the stack of a
// panic once a minute.
func (n *Node) fail(kind FaultKind, at Moment, count uint64, err error) {
	n.failAt(rowOf(err), kind, at, count, err)
}

// failAt is fail for a row; nil is none.
func (n *Node) failAt(row *table.Row, kind FaultKind, at Moment, count uint64, err error) {
	f := &n.faults[kind]
	f.Kind = kind
	if f.Count == 0 || at.Time >= f.logged+f.quiet() {
		f.logged = at.Time
		log := n.Logger()
		if p, ok := errors.AsType[*PanicError](err); ok && (f.traced == 0 || at.Time >= f.traced+time.Minute) {
			f.traced = max(at.Time, 1)
			log = log.With("stack", string(p.Stack))
		}
		if row != nil {
			log = log.With("row", string(appendSample(nil, *row)))
		}
		log.Error("fault", "op", kind.String(), "err", err, "count", f.Count+count, "frame", at.Frame)
	}
	f.add(at, count, err)
	n.recent.add(at, kind, count, err, row)
	n.env.Load().Failed(n, kind, err)
}
