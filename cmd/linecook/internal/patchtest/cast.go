package patchtest

import (
	"fmt"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/ops"
	"linecook.dev/linecook/peer"
)

// A cast is the peers of a test, by the nodes they talk to and the names they have there.
type cast struct {
	byName map[*graph.Node]map[string]*peer.Peer
	names  map[*peer.Peer]string
	open   map[*peer.Peer]bool // connections that have begun and not ended
	made   int
}

func newCast() cast {
	return cast{
		byName: map[*graph.Node]map[string]*peer.Peer{}, names: map[*peer.Peer]string{}, open: map[*peer.Peer]bool{},
	}
}

// linked is an operator that says how its node is reached.
type linked interface{ Link() ops.Link }

func linkOf(n *graph.Node) ops.Link {
	if l, ok := n.Operator().(linked); ok {
		return l.Link()
	}
	return ops.Link{Protocol: "udp"}
}

// defaultName is the name of a peer that a test has no name for.
func defaultName(l ops.Link) string {
	if l.Host != "" {
		return "server"
	}
	return "peer"
}

// peer returns the peer of a name at a node. Once its connection has ended it is another one.
func (c *cast) peer(n *graph.Node, name string) *peer.Peer {
	l := linkOf(n)
	if name == "" {
		name = defaultName(l)
	}
	if p := c.byName[n][name]; p != nil && p.Alive() {
		return p
	}
	if l.Host == "" { // addresses for documentation (RFC 5737)
		c.made++
		l.Host, l.Port = fmt.Sprintf("192.0.2.%d", 1+c.made%250), 50000+c.made%10000
	}
	return c.add(n, name, l.Offline(n))
}

func (c *cast) add(n *graph.Node, name string, p *peer.Peer) *peer.Peer {
	if c.byName[n] == nil {
		c.byName[n] = map[string]*peer.Peer{}
	}
	c.byName[n][name], c.names[p] = p, name
	return p
}

// name returns what a test calls a peer: by its name, or as what a node sends to, by its address.
func (c *cast) name(p *peer.Peer) string {
	if name, ok := c.names[p]; ok {
		return name
	}
	return p.String()
}

// connects reports whether p's messages need a connection.
func connects(p *peer.Peer) bool { return p.Protocol() != "udp" }
