package ops

import (
	"context"

	"linecook.dev/linecook/graph"
)

// UdtIn receives by UDT: as a client, as TouchDesigner's does, as a server, or in a rendezvous.
type UdtIn struct {
	Mode      string `default:"client" menu:"client server rendezvous" help:"client: it connects to address and port, and again when the connection has ended; server: others connect to port; rendezvous: both ends connect to each other at the same time, as two do that are behind firewalls"`
	Address   string `default:"127.0.0.1" help:"client, rendezvous: name or IP address of the other end"`
	Port      int    `required:"true" min:"0" max:"65535" help:"server: UDP port to listen on, 0 picks a free one; client, rendezvous: port of the other end"`
	LocalPort int    `default:"0" min:"0" max:"65535" help:"client, rendezvous: UDP port to connect from; 0: a client picks a free one, a rendezvous has the same as the other end"`
	Udt
}

// Describe implements [graph.Describer].
func (*UdtIn) Describe() graph.Description {
	return graph.Description{Name: "udtin", Class: graph.ClassSource, Help: "Receives messages, lines, frames or bytes by UDT, reliably and in order over UDP."}
}

func (u *UdtIn) role() udtRole { return udtRole{u.Mode, u.Address, u.Port, u.LocalPort} }

// Check implements [graph.Checker].
func (u *UdtIn) Check() error { return checkAll(u.Udt.check(), u.role().check(u)) }

// Start implements [graph.Starter].
func (u *UdtIn) Start(_ context.Context, n *graph.Node) error {
	cfg, err := u.config(n)
	if err != nil {
		return err
	}
	return u.role().open(&u.Endpoint, cfg)
}

// Cook implements [graph.Operator].
func (u *UdtIn) Cook(c *graph.Cook) error { return u.receive(c) }
