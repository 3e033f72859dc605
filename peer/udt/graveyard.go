package udt

import (
	"net/netip"
	"time"

	"linecook.dev/linecook/peer/udt/internal/wire"
)

// A graveyard remembers connections that were closed, for a while, to tell a peer that has missed the
// end and still speaks.
type graveyard map[wire.ID]grave

type grave struct {
	peer   wire.ID
	addr   netip.AddrPort
	until  time.Duration
	answer time.Duration // before which nothing is said
}

const (
	mourning    = 30 * time.Second
	mostGraves  = 1024
	answerEvery = 100 * time.Millisecond
)

func (g graveyard) bury(id, peer wire.ID, addr netip.AddrPort, now time.Duration) {
	if len(g) >= mostGraves {
		for old, dead := range g {
			if now > dead.until {
				delete(g, old)
			}
		}
	}
	if len(g) < mostGraves {
		g[id] = grave{peer, addr, now + mourning, now}
	}
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
