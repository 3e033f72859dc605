package top

import (
	"math"
	"time"
)

// rateTime is how long rates are averaged over, in seconds.
const rateTime = 1

// A Model is what is known of an engine. The zero Model knows nothing.
type Model struct {
	engine engineInfo
	nodes  []*node // in plan order
	head   update  // the newest, without nodes and tails
	total  meter   // all cooks
	faults []fault
	open   *detail // of the node that is looked at; nil if there is none, or nothing is known yet
	tail   tail    // of the same

	connected bool
	why       error     // it is not connected
	again     time.Time // when it is tried again
	since     time.Time // when that began
}

// A node is one of the engine's.
type node struct {
	nodeInfo
	counters
	told bool // the counters were told

	in, out, sent meter
}

// A detail is what is known of the node that is looked at.
type detail struct {
	nodeAnswer
	peers []peer
	whole *tableAnswer // its newest rows, if the feed cannot tell them
}

// connect begins anew, with the graph of an engine that may be another one.
func (m *Model) connect(g graphAnswer) {
	if g.Engine.StartedWall != m.engine.StartedWall {
		m.nodes, m.total, m.faults = nil, meter{}, nil
	}
	m.connected, m.why, m.since = true, nil, time.Now()
	m.tail.void()
	m.know(g)
}

func (m *Model) disconnect(why error, again time.Time) {
	if m.connected {
		m.since = time.Now()
	}
	m.connected, m.why, m.again = false, why, again
	m.total.lose()
	for _, n := range m.nodes {
		n.in.lose()
		n.out.lose()
		n.sent.lose()
	}
}

// know takes a graph. Nodes that stay keep what is known of them.
func (m *Model) know(g graphAnswer) {
	before := map[string]*node{}
	for _, n := range m.nodes {
		before[n.Path] = n
	}
	m.engine, m.nodes = g.Engine, make([]*node, len(g.Nodes))
	for i, info := range g.Nodes {
		n := before[info.Path]
		if n == nil || n.Type != info.Type {
			n = &node{}
		}
		n.nodeInfo, n.Index = info, i
		m.nodes[i] = n
	}
}

// update takes a message of the feed.
func (m *Model) update(u update) {
	if u.Generation == m.engine.Generation { // else its nodes are others, and come again
		for _, c := range u.Nodes {
			if c.Index >= 0 && c.Index < len(m.nodes) {
				m.nodes[c.Index].counters, m.nodes[c.Index].told = c, true
			}
		}
	}
	for path, n := range u.Tails {
		if m.tail.path == path {
			m.tail.hear(n)
		}
	}
	u.Nodes, u.Tails = nil, nil
	m.head = u
	m.total.measure(u.Wall, u.Cooks)
	for _, n := range m.nodes {
		if n.told {
			n.in.measure(u.Wall, n.In+n.Events)
			n.out.measure(u.Wall, n.Out)
			n.sent.measure(u.Wall, n.Sent)
		}
	}
}

// openNode looks at a node; an empty path is none.
func (m *Model) openNode(path string) {
	if m.tail.path != path {
		m.open, m.tail = nil, tail{path: path}
	}
}

// detail takes what was asked for of a node.
func (m *Model) detail(d *detail) {
	if d.Path != m.tail.path {
		return // it is not looked at any more
	}
	m.open = d
	if d.whole != nil {
		m.tail.replace(d.whole)
	}
}

// A meter makes a rate of a total. The zero meter knows none.
type meter struct {
	begun bool
	from  float64 // seconds
	total uint64  // at from
	rate  float64 // a second
	known bool
}

// measure takes a total at a time, in seconds.
func (m *meter) measure(at float64, total uint64) {
	if !m.begun || total < m.total || at < m.from {
		*m = meter{begun: true, from: at, total: total}
		return
	}
	if took := at - m.from; took >= rateTime {
		*m = meter{begun: true, from: at, total: total, rate: float64(total-m.total) / took, known: true}
	}
}

// lose forgets the rate until there is another one.
func (m *meter) lose() { m.known = false }

// perSecond returns the rate; NaN if it is not known.
func (m *meter) perSecond() float64 {
	if !m.known {
		return math.NaN()
	}
	return m.rate
}

// node returns the node of a path; nil if there is none.
func (m *Model) node(path string) *node {
	for _, n := range m.nodes {
		if n.Path == path {
			return n
		}
	}
	return nil
}
