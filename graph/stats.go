package graph

import (
	"maps"
	"sync"
	"sync/atomic"
	"time"
)

// Stats counts what a node did since it was added.
type Stats struct {
	Cooks   uint64
	Cooked  Moment // the newest cook's
	RowsIn  uint64 // rows it was given, each once
	RowsOut uint64 // rows it appended
	Expired uint64 // rows that left its table
	Missed  uint64 // rows it was never given, since they went over an input's limit of bytes
	Sent    uint64 // payloads handed to sockets or files
	Last    time.Duration
	Total   time.Duration
	Max     time.Duration
	Errors  uint64 // of all kinds of faults
	Inbox   InboxStats
	// Counters are those that the operator keeps itself: what its sockets dropped, refused and so on.
	Counters map[string]uint64
}

// Mean returns the mean time of a cook.
func (s Stats) Mean() time.Duration {
	if s.Cooks == 0 {
		return 0
	}
	return s.Total / time.Duration(s.Cooks)
}

// Tally is [Node.Stats] without Inbox and Counters, which any goroutine may ask for itself. It
// allocates nothing.
func (n *Node) Tally() Stats {
	s := n.stats
	for i := range n.faults {
		s.Errors += n.faults[i].Count
	}
	s.Sent = n.outbox.sent
	return s
}

// A Counter is a number that any goroutine may add to.
type Counter = atomic.Uint64

// counters are a node's own, by name.
type counters struct {
	mu     sync.Mutex
	byName map[string]*Counter
	told   map[string]uint64 // losses, as they were logged
}

func (c *counters) get(name string) *Counter {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.byName == nil {
		c.byName = map[string]*Counter{}
	}
	if c.byName[name] == nil {
		c.byName[name] = new(Counter)
	}
	return c.byName[name]
}

func (c *counters) all() map[string]uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := make(map[string]uint64, len(c.byName))
	for name, n := range maps.All(c.byName) {
		out[name] = n.Load()
	}
	return out
}
