package graph

import (
	"log/slog"
	"maps"
	"slices"
)

// Loss returns the node's counter of that name, as Counter does, for messages that were lost. The
// engine logs when it grows.
func (n *Node) Loss(name string) *Counter {
	c := n.counters.get(name)
	n.counters.mu.Lock()
	defer n.counters.mu.Unlock()
	if n.counters.told == nil {
		n.counters.told = map[string]uint64{}
	}
	if _, known := n.counters.told[name]; !known {
		n.counters.told[name] = c.Load()
	}
	return c
}

// LogLosses logs what was lost since it was called last: what the counters of [Node.Loss] say, what
// the inbox had no room for ("inboxfull"), and what was too large for the table ("truncated"). It is
// for engines.
func (n *Node) LogLosses() {
	if n.inbox != nil {
		s := n.inbox.Stats()
		n.Loss("inboxfull").Store(s.Dropped)
		n.Loss("truncated").Store(s.Truncated)
	}
	grown := n.counters.growth()
	if grown == nil {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(grown)) {
		n.Logger().Warn("lost", slog.String("what", name), slog.Uint64("count", grown[name]))
	}
}

// Lossy reports whether the node can lose messages: it has an inbox, or counters of losses.
func (n *Node) Lossy() bool {
	n.counters.mu.Lock()
	defer n.counters.mu.Unlock()
	return n.inbox != nil || n.counters.told != nil
}

// growth returns by how much the counters of losses grew since it was called last.
func (c *counters) growth() map[string]uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	var grown map[string]uint64
	for name, told := range c.told {
		if now := c.byName[name].Load(); now != told {
			if grown == nil {
				grown = map[string]uint64{}
			}
			grown[name] = now - told
			c.told[name] = now
		}
	}
	return grown
}

// Lost returns how much the node has lost so far, by all counters of [Node.Loss].
func (n *Node) Lost() (lost uint64) {
	n.counters.mu.Lock()
	defer n.counters.mu.Unlock()
	for name := range n.counters.told {
		lost += n.counters.byName[name].Load()
	}
	return lost
}
