// Package loss has the list of packets that are missing: those a receiver waits for, and those a sender
// is to send again.
package loss

import (
	"slices"
	"sort"
	"time"

	"linecook.dev/linecook/peer/udt/internal/seqno"
)

// A Range is a run of lost packets. A receiver keeps with it what it has done about them; times are
// those of its caller.
type Range struct {
	First, Last seqno.Seq
	Found       time.Duration // when it was seen that they are missing
	Due         time.Duration // when to ask for them
	Asked       int           // how often that was done
}

func (r Range) len() int { return r.Last.Sub(r.First) + 1 }

// A List has lost packets in order. All numbers in it, and asked of it, lie within one window. Its zero
// value is empty. What it costs grows with the number of runs, not of packets.
type List struct {
	ranges []Range
	len    int
}

// Len returns how many packets are lost.
func (l *List) Len() int { return l.len }

// Ranges returns the runs in order, until the list changes. The caller may set Due and Asked.
func (l *List) Ranges() []Range { return l.ranges }

// First returns the first lost packet.
func (l *List) First() (s seqno.Seq, ok bool) {
	if len(l.ranges) == 0 {
		return 0, false
	}
	return l.ranges[0].First, true
}

// Append adds a run that lies behind all others.
func (l *List) Append(r Range) {
	l.ranges = append(l.ranges, r)
	l.len += r.len()
}

// Add adds the packets from first to last that are not in the list, and returns how many they were.
func (l *List) Add(first, last seqno.Seq) int {
	before := l.len
	merged := Range{First: first, Last: last}
	from := l.search(first.Add(-1))
	to := from
	for ; to < len(l.ranges) && !last.Next().Before(l.ranges[to].First); to++ {
		r := l.ranges[to]
		if r.First.Before(merged.First) {
			merged.First = r.First
		}
		if merged.Last.Before(r.Last) {
			merged.Last = r.Last
		}
		l.len -= r.len()
	}
	l.ranges = slices.Replace(l.ranges, from, to, merged)
	l.len += merged.len()
	return l.len - before
}

// Remove takes out the packets from first to last, and returns how many of them were in the list and
// what was known of the first one.
func (l *List) Remove(first, last seqno.Seq) (removed int, of Range) {
	i := l.search(first)
	for i < len(l.ranges) && !last.Before(l.ranges[i].First) {
		r := l.ranges[i]
		if removed == 0 {
			of = r
		}
		left, right := r, r
		left.Last, right.First = first.Add(-1), last.Next()
		removed += r.len()
		switch hasLeft, hasRight := r.First.Before(first), last.Before(r.Last); {
		case hasLeft && hasRight:
			removed -= left.len() + right.len()
			l.ranges[i] = left
			l.ranges = slices.Insert(l.ranges, i+1, right)
			i += 2
		case hasLeft:
			removed -= left.len()
			l.ranges[i] = left
			i++
		case hasRight:
			removed -= right.len()
			l.ranges[i] = right
			i++
		default:
			l.ranges = slices.Delete(l.ranges, i, i+1)
		}
	}
	l.len -= removed
	return removed, of
}

// RemoveBefore takes out all packets before s.
func (l *List) RemoveBefore(s seqno.Seq) {
	if first, ok := l.First(); ok && first.Before(s) {
		l.Remove(first, s.Add(-1))
	}
}

// search returns the first run that does not end before s.
func (l *List) search(s seqno.Seq) int {
	return sort.Search(len(l.ranges), func(i int) bool { return !l.ranges[i].Last.Before(s) })
}
