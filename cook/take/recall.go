package take

import (
	"strings"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// A fed is the rows of a node that a take has, until the node's next cook.
type fed struct{ pieces []piece }

func (f *fed) write(w *table.Writer) {
	for i := range f.pieces {
		f.pieces[i].writeTo(w)
	}
	f.pieces = nil
}

// feed has those tables be as they were recorded that show something of the outside. Another patch's are not:
// they show what is there now.
func (p *Player) feed() {
	for n := range p.Graph.Nodes() {
		switch feed := p.Own && n.Outside(); {
		case feed == n.Fed():
		case feed:
			p.fed[n] = &fed{}
			n.Feed(p.fed[n].write)
		default:
			delete(p.fed, n)
			n.Feed(nil)
		}
	}
}

// putRows keeps rows for the node's next cook, which is in this frame.
func (p *Player) putRows(n *graph.Node, e *Event) error {
	f := p.fed[n]
	if f == nil {
		return nil
	}
	pc, err := parsePiece(e.Data, func(owner graph.Path, q *Peer) table.Peer { return p.cellPeer(n, owner, q) })
	if err != nil {
		return err
	}
	f.pieces = append(f.pieces, pc)
	n.Touch()
	return nil
}

// cellPeer returns the stand-in for a peer in a cell of n; it is n's own if nothing, or a node that has gone, is
// said to have it.
func (p *Player) cellPeer(n *graph.Node, owner graph.Path, q *Peer) table.Peer {
	if o := p.node(owner); o != nil {
		n = o
	}
	return p.remote(n, q)
}

// see makes what the frame's cooks saw known.
func (p *Player) see(f *Frame) {
	clear(p.seen)
	for _, s := range f.Seen {
		p.seen[Seen{Node: s.Node, Key: s.Key}] = s.Value
		if strings.HasPrefix(s.Key, "hostname ") && len(p.known) < maxSeen { // what lasts
			p.known[s.Key] = s.Value
		}
	}
}

// Recall is for the Engine's [cook.Config]: without it, cooks see nothing of the outside. What another patch
// asks for in another frame is the name of a host as it was seen last.
func (p *Player) Recall(n *graph.Node, _ graph.Moment, key string) (value string, known bool) {
	if value, known = p.seen[Seen{Node: n.Path(), Key: key}]; !known && !p.Own {
		value, known = p.known[key]
	}
	return value, known
}
