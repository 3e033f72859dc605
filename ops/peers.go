package ops

import (
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/peer"
)

// Peers has a row for each peer of other nodes, as of the end of the frame before.
type Peers struct{ Survey }

// peerColumns are the columns of the table.
var peerColumns = []string{
	"node", "peer", "protocol", "address", "port", "hostname", "since", "messagesin", "bytesin", "messagesout", "bytesout", "failed", "queued",
}

// Describe implements [graph.Describer].
func (*Peers) Describe() graph.Description {
	return graph.Description{
		Name: "peers", Class: graph.ClassSource,
		Help: "A row for each peer of the patch's nodes: where it is, since when, what came and went, what waits; and the peer itself, which can be answered.",
	}
}

// Look implements [graph.Looker].
func (o *Peers) Look(s graph.Sight) bool {
	return o.look(s, peerColumns, func(w *table.Writer, n *graph.Node) {
		e, ok := n.Operator().(interface{ met() []*peer.Peer })
		if !ok {
			return
		}
		for _, p := range e.met() {
			writePeer(w, n, p)
		}
	})
}

func writePeer(w *table.Writer, n *graph.Node, p *peer.Peer) {
	s := p.Stats()
	w.Row()
	w.SetString(0, n.String())
	w.SetPeer(1, p)
	w.SetString(2, p.Protocol())
	w.SetString(3, p.Address())
	w.SetInt(4, int64(p.Port()))
	w.SetString(5, p.Hostname())
	w.SetFloat64(6, float64(s.Since.UnixNano())/1e9)
	for i, v := range [...]uint64{s.MessagesIn, s.BytesIn, s.MessagesOut, s.BytesOut, s.Failed, uint64(s.Queued)} {
		w.SetInt(7+i, int64(v))
	}
}
