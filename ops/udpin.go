package ops

import (
	"context"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/peer"
)

// UdpIn receives UDP datagrams.
type UdpIn struct {
	Port    int    `required:"true" min:"0" max:"65535" help:"UDP port to listen on; 0 picks a free one"`
	Address string `help:"multicast group to join, as 239.255.0.1; empty for unicast and broadcast"`
	Format  string `default:"permessage" menu:"perbyte perline permessage" help:"what becomes a row: each byte, each line (ended by LF, CR, CRLF, NUL or the datagram's end), or each datagram"`
	Access
	MaxMessage int `default:"65507" min:"1" max:"65507" unit:"bytes" help:"longest datagram; longer ones are dropped and counted"`
	RecvBuffer int `default:"4194304" min:"4096" max:"1073741824" unit:"bytes" help:"buffer to ask of the system; what it granted is logged. More than anything else it decides what is lost in bursts"`
	Extras
	Window
	Hooks
	Endpoint `par:"-"`

	rows messageRows
}

// Describe implements [graph.Describer].
func (*UdpIn) Describe() graph.Description {
	return graph.Description{Name: "udpin", Class: graph.ClassSource, Help: "Receives UDP datagrams: unicast, multicast and broadcast."}
}

// Check implements [graph.Checker].
func (u *UdpIn) Check() error {
	u.datagrams = true
	u.heard.limit(u.MaxPeers, u.IdleTimeout)
	return checkAll(u.Hooks.check("onReceive"), u.Access.check(), multicastGroup(u.Address))
}

// Start implements [graph.Starter].
func (u *UdpIn) Start(_ context.Context, n *graph.Node) error {
	allow, err := peer.ParseAllow(u.Allow)
	if err != nil {
		return err
	}
	return u.openDatagram(peer.DatagramConfig{
		Owner: n, Address: u.Address, Port: u.Port, LocalAddress: u.LocalAddress, Allow: allow,
		MaxMessage: u.MaxMessage, MaxPeers: u.MaxPeers, IdleTimeout: u.IdleTimeout, RecvBuffer: u.RecvBuffer,
	})
}

// Decode implements [graph.Decoder].
func (u *UdpIn) Decode(e *graph.Event, w *table.Writer) error {
	for part := range parts(e.Data, u.Format) {
		u.rows.add(w, &u.Extras, e, part)
	}
	return nil
}

// Cook implements [graph.Operator].
func (u *UdpIn) Cook(c *graph.Cook) error {
	return u.cook(c, &u.Endpoint, func(k *caller, e *graph.Event) { k.receivedParts(e, parts(e.Data, u.Format)) })
}
