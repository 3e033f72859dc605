package graph

import (
	"errors"
	"fmt"
	"iter"

	"linecook.dev/linecook/graph/table"
)

// Bounds of what a node keeps of its failures.
const (
	maxFailures = 100 // the newest; of one frame, the first
	maxSample   = 512 // bytes of a row that failed
)

// A Failure is something that a node failed at.
type Failure struct {
	Moment
	Seq   uint64 // counts those that are kept from 1
	Kind  FaultKind
	Count uint64 // failures that are told together, of which Err is one
	Err   error

	// Row is the number of the row that failed, and Sample its cells as JSON, cut off if they are
	// long; without one, Sample is empty. It is valid until the node fails again.
	Row    uint64
	Sample []byte
}

// failures are a node's newest.
type failures struct {
	ring  []Failure
	seq   uint64 // of the newest
	frame int64
	count int // of that frame
}

// add keeps a failure, and the row that is at fault if there is one. What a frame has beyond the bound
// is counted with the last that is kept.
func (f *failures) add(at Moment, kind FaultKind, count uint64, err error, row *table.Row) {
	if f.frame != at.Frame {
		f.frame, f.count = at.Frame, 0
	}
	if f.count++; f.count > maxFailures {
		f.ring[f.seq%maxFailures].Count += count
		return
	}
	if len(f.ring) == 0 {
		f.ring = make([]Failure, maxFailures)
	}
	f.seq++
	e := &f.ring[f.seq%maxFailures]
	*e = Failure{Moment: at, Seq: f.seq, Kind: kind, Count: count, Err: err, Sample: e.Sample[:0]}
	if row != nil {
		e.Row, e.Sample = row.Number(), appendSample(e.Sample, *row)
	}
}

// appendSample appends a row, as far as it is kept.
func appendSample(b []byte, row table.Row) []byte {
	if b = row.AppendJSON(b); len(b) <= maxSample {
		return b
	}
	return append(b[:maxSample-3:maxSample], "..."...)
}

// FailuresSince walks those of the node's failures that are kept and came after the one that has that
// Seq; 0 is before all.
func (n *Node) FailuresSince(seq uint64) iter.Seq[*Failure] {
	return func(yield func(*Failure) bool) {
		f := &n.recent
		if f.seq > maxFailures {
			seq = max(seq, f.seq-maxFailures)
		}
		for seq < f.seq {
			seq++
			if !yield(&f.ring[seq%maxFailures]) {
				return
			}
		}
	}
}

// A RowError is a failure of one row. The row is kept with it in the node's failures.
type RowError struct {
	Row uint64 // its number
	Err error  // never nil

	row *table.Row // until it is reported
}

// NewRowError blames a row, which must be valid until the error is reported, for err.
func NewRowError(row table.Row, err error) *RowError { return &RowError{row.Number(), err, &row} }

func (e *RowError) Error() string { return fmt.Sprintf("row %d: %v", e.Row, e.Err) }
func (e *RowError) Unwrap() error { return e.Err }

// rowOf returns the row that err blames, or nil, and lets go of it.
func rowOf(err error) *table.Row {
	e, ok := errors.AsType[*RowError](err)
	if !ok {
		return nil
	}
	row := e.row
	e.row = nil
	return row
}
