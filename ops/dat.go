package ops

import (
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/peer"
	"linecook.dev/linecook/peer/osc"
)

// A Dat is the node whose hook is called, at the moment of one message. It is valid until the hook
// returns. What it sends goes out after the cook: to all that are connected, to the server, or to the
// last sender of a datagram.
type Dat struct {
	*graph.Node
	View table.View  // the node's table; the message's row is the last one
	Cook *graph.Cook // the cook that calls the hook

	at *Endpoint
}

// Cell returns the cell of a row, counted from 0, in the column of that name; nil if there is none.
func (d *Dat) Cell(row int, column string) table.Value {
	col := d.View.Schema().Index(column)
	if row < 0 || row >= d.View.NumRows() || col < 0 {
		return table.Value{}
	}
	return d.View.Cell(d.View.At(row), col)
}

// Peers returns those that are connected, in the order they came, or that sent datagrams lately.
func (d *Dat) Peers() peer.Group { return handles(d.at.known(d.Cook), d.Cook) }

// Send implements [peer.Sender].
func (d *Dat) Send(terminator string, messages ...string) (int, error) {
	return d.at.targets(d.Cook).Send(terminator, messages...)
}

// SendBytes implements [peer.Sender].
func (d *Dat) SendBytes(messages ...any) (int, error) {
	return d.at.targets(d.Cook).SendBytes(messages...)
}

// SendOSC implements [peer.Sender].
func (d *Dat) SendOSC(o osc.Options, pairs ...osc.Pair) (int, error) {
	return d.at.targets(d.Cook).SendOSC(o, pairs...)
}

func handles(peers []*peer.Peer, c *graph.Cook) peer.Group {
	out := make(peer.Group, len(peers))
	for i, p := range peers {
		out[i] = p.In(c)
	}
	return out
}
