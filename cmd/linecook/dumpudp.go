package main

import (
	"context"
	"errors"
	"time"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/peer"
)

// dumpUDP prints datagrams. They come by a node, so that what the kernel or the inbox had no room
// for is counted and logged.
func dumpUDP(ctx context.Context, l *link, d *dumper) error {
	n := &datagrams{cfg: peer.DatagramConfig{Port: l.port, LocalAddress: l.host}, dumper: d}
	if l.multicast() {
		n.cfg.Address, n.cfg.LocalAddress = l.host, l.local
	}
	g := graph.New()
	if err := g.Edit(func(e *graph.Edit) { e.Add("dump", n) }); err != nil {
		return err
	}
	e, err := cook.New(g, cook.Config{Mode: cook.ArrivalMode, Logger: d.log})
	if err != nil {
		return err
	}
	e.Start(ctx)
	if n.err == nil {
		for e.Await(ctx) == nil {
			e.Step()
		}
	}
	return errors.Join(n.err, e.Close())
}

// datagrams is a node that prints what it receives.
type datagrams struct {
	*dumper
	cfg    peer.DatagramConfig
	socket *peer.Datagram
	err    error // of opening the socket
}

// Effect implements [graph.Effect].
func (n *datagrams) Effect() bool { return true }

// Listens implements [graph.Listener].
func (n *datagrams) Listens() bool { return true }

// Decode implements [graph.Decoder]: there are no rows.
func (n *datagrams) Decode(*graph.Event, *table.Writer) error { return nil }

// Start implements [graph.Starter]. What keeps the socket from opening ends the program, so that it
// is no error to try again after.
func (n *datagrams) Start(_ context.Context, owner *graph.Node) error {
	n.cfg.Owner = owner
	n.socket, n.err = peer.OpenDatagram(n.cfg)
	return nil
}

// Close implements [io.Closer].
func (n *datagrams) Close() error {
	if n.err != nil {
		return nil
	}
	return n.socket.Close()
}

// Cook implements [graph.Operator].
func (n *datagrams) Cook(c *graph.Cook) error {
	for _, e := range c.Events() {
		n.message(time.Unix(0, e.Time), e.Peer.String(), e.Data, nil)
	}
	n.flush()
	return nil
}
