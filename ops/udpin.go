package ops

import (
	"context"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/peer"
	"linecook.dev/linecook/peer/framing"
)

// UdpIn receives UDP datagrams.
type UdpIn struct {
	Port    int    `required:"true" min:"0" max:"65535" help:"UDP port to listen on; 0 picks a free one"`
	Address string `help:"multicast group to join, as 239.255.0.1; empty for unicast and broadcast"`
	Format  string `default:"permessage" menu:"perbyte perline permessage" help:"what becomes a row: each byte, each line, or each datagram"`
	Access
	MaxMessage int `default:"65507" min:"1" max:"65507" unit:"bytes" help:"longest datagram; longer ones are dropped and counted"`
	RecvBuffer int `default:"4194304" min:"4096" max:"1073741824" unit:"bytes" help:"buffer to ask of the system; what it granted is logged. More than anything else it decides what is lost in bursts"`
	Extras
	Window
	Hooked
	Endpoint `par:"-"`

	rows   messageRows
	format framing.Format
}

// Describe implements [graph.Describer].
func (*UdpIn) Describe() graph.Description {
	return graph.Description{Name: "udpin", Help: "Receives UDP datagrams: unicast, multicast and broadcast."}
}

// Check implements [graph.Checker].
func (u *UdpIn) Check() error {
	if err := u.format.UnmarshalText([]byte(u.Format)); err != nil && u.Format != "permessage" {
		return err
	}
	return checkAll(u.Hooked.check("onReceive"), u.Access.check(), multicastGroup(u.Address))
}

// Start implements [graph.Starter].
func (u *UdpIn) Start(_ context.Context, n *graph.Node) error {
	allow, err := u.allowed()
	if err != nil {
		return err
	}
	d, err := peer.OpenDatagram(peer.DatagramConfig{
		Owner: n, Address: u.Address, Port: u.Port, LocalAddress: u.LocalAddress, Allow: allow,
		MaxMessage: u.MaxMessage, MaxPeers: u.MaxPeers, IdleTimeout: u.IdleTimeout, RecvBuffer: u.RecvBuffer,
	})
	if err != nil {
		return err
	}
	u.replies = true
	u.opened(d)
	return nil
}

// Decode implements [graph.Decoder].
func (u *UdpIn) Decode(e graph.Event, w *table.Writer) error {
	return u.split(e.Data, func(part []byte) { u.rows.add(w, &u.Extras, &e, part) })
}

// split calls f for each part of a datagram that becomes a row.
func (u *UdpIn) split(data []byte, f func([]byte)) error {
	if u.Format == "permessage" {
		f(data)
		return nil
	}
	s := framing.NewSplitter(framing.Config{Format: u.format, MaxFrame: u.MaxMessage})
	for part, err := range s.Feed(data) {
		if err != nil {
			return err
		}
		f(part)
	}
	if rest, err := s.Flush(); rest != nil {
		f(rest)
		return err
	}
	return nil
}

// Cook implements [graph.Operator].
func (u *UdpIn) Cook(c *graph.Cook) error {
	return u.cook(c, &u.Endpoint, func(k *caller, e *graph.Event) {
		row := e.Rows.Lo
		_ = u.split(e.Data, func(part []byte) { // Decode has reported its error
			k.received(e, row, textOf(part), part)
			row++
		})
	})
}
