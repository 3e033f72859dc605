package udt

import (
	"cmp"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"linecook.dev/linecook/peer/udt/internal/handshake"
	"linecook.dev/linecook/peer/udt/internal/link"
	"linecook.dev/linecook/peer/udt/internal/wire"
)

// A Mode says what connections carry.
type Mode int

// The modes.
const (
	Stream   Mode = iota // bytes, in order
	Messages             // messages, each whole
)

func (m Mode) wire() wire.Mode {
	if m == Messages {
		return wire.Messages
	}
	return wire.Stream
}

// Config says how the connections of a port are to be. The zero Config, and nil, are ready to use; each
// field's zero value means its default. A Config is copied when used.
type Config struct {
	Mode       Mode
	Congestion Congestion
	Control    func(path *Path, first Seq) Controller // for each connection that sends; nil means that of Congestion

	MSS        int // longest IPv4 packet, headers included, in bytes, 76 to 65535; 0 means 1500
	SendBuffer int // packets that are written and not acknowledged, at least 32; 0 means 8192
	RecvBuffer int // packets that have come and are not read, at least 32; 0 means 8192

	ConnectTimeout time.Duration // for a connection to open; 0 means 3 s, for a rendezvous 30 s
	IdleTimeout    time.Duration // silence that ends a connection; 0 means 10 s, < 0 never
	Linger         time.Duration // for Close to wait for what was written to arrive; 0 means 10 s, < 0 not at all
	Backlog        int           // connections that wait to be accepted; 0 means 128

	// Allow says whether a client at that address may connect to a listener; nil allows all. It is asked
	// before anything is kept of the client, who is refused if not, on the goroutine that receives for the
	// whole port: it must not wait.
	Allow func(client netip.AddrPort) bool

	// Lost is told, on the goroutine that receives, of messages that did not fit the receive buffer, and of
	// packets of a connection that make no sense; nil is not. It must not wait.
	Lost func(oversized, malformed uint64)
}

func (c *Config) withDefaults() (Config, error) {
	var d Config
	if c != nil {
		d = *c
	}
	d.MSS = cmp.Or(d.MSS, 1500)
	d.SendBuffer = cmp.Or(d.SendBuffer, 8192)
	d.RecvBuffer = cmp.Or(d.RecvBuffer, 8192)
	d.IdleTimeout = max(0, cmp.Or(d.IdleTimeout, 10*time.Second))
	d.Linger = max(0, cmp.Or(d.Linger, 10*time.Second))
	d.Backlog = cmp.Or(d.Backlog, 128)
	if d.Control == nil {
		d.Control = d.Congestion.controller
	}
	if d.Allow == nil {
		d.Allow = func(netip.AddrPort) bool { return true }
	}
	if d.Lost == nil {
		d.Lost = func(uint64, uint64) {}
	}
	switch {
	case d.MSS < handshake.LeastMSS || d.MSS > 65535:
		return d, fmt.Errorf("udt: MSS %d is not from %d to 65535", d.MSS, handshake.LeastMSS)
	case d.SendBuffer < 32 || d.RecvBuffer < 32:
		return d, errors.New("udt: buffer of less than 32 packets")
	}
	return d, nil
}

// Why a connection could not be opened or has ended, beside the errors of package net.
var (
	ErrRefused = handshake.ErrRefused // the listener does not want it
	ErrMode    = handshake.ErrMode    // one end has streams and the other messages
	ErrIdle    = link.ErrIdle         // silence for longer than [Config].IdleTimeout
	ErrPeer    = link.ErrPeer         // the other end said that it cannot use what it gets
	ErrTooLong = link.ErrTooLong      // a message that no buffer has room for
)

// Stats are the counters of a connection since it was opened, and what holds now.
type Stats = link.Stats
