package udt

import (
	"net/netip"
	"time"

	"linecook.dev/linecook/peer/udt/internal/seqno"
	"linecook.dev/linecook/peer/udt/internal/wire"
)

// A graveyard remembers connections that were closed, for a while, to tell a peer that has missed the
// end and still speaks.
type graveyard map[wire.ID]grave

type grave struct {
	peer   wire.ID
	addr   netip.AddrPort
	isn    seqno.Seq // of the client, on the side of a listener
	until  time.Duration
	answer time.Duration // before which nothing is said
}

const (
	mourning    = 30 * time.Second
	mostGraves  = 1024
	answerEvery = 100 * time.Millisecond
)

func (g graveyard) bury(c *Conn, peer wire.ID, now time.Duration) {
	if len(g) >= mostGraves {
		for old, dead := range g {
			if now > dead.until {
				delete(g, old)
			}
		}
	}
	if len(g) < mostGraves {
		g[c.id] = grave{peer, c.remote, c.isn, now + mourning, now}
	}
}

// has reports whether a handshake is a late copy of one that opened a connection which is no more.
func (g graveyard) has(h wire.Handshake, from netip.AddrPort, now time.Duration) bool {
	for _, dead := range g {
		if dead.addr == from && dead.peer == h.From && dead.isn == h.ISN && now <= dead.until {
			return true
		}
	}
	return false
}

// reply returns what to say to a packet for a connection that is no more.
func (g graveyard) reply(id wire.ID, from netip.AddrPort, now time.Duration) (p []byte) {
	dead, ok := g[id]
	if !ok || dead.addr != from || now < dead.answer || now > dead.until {
		return nil
	}
	dead.answer = now + answerEvery
	g[id] = dead
	p, _ = wire.NewShutdown(dead.peer).AppendBinary(nil)
	return p
}
