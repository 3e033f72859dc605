package udt

import (
	"errors"
	"net/netip"
	"syscall"
	"time"

	"linecook.dev/linecook/peer/internal/mmsg"
	"linecook.dev/linecook/peer/udt/internal/handshake"
	"linecook.dev/linecook/peer/udt/internal/wire"
)

// Pauses after errors of the system that may pass (reliability R17).
const (
	firstPause = 5 * time.Millisecond
	lastPause  = time.Second
)

// receive is the loop that reads what comes.
func (p *Port) receive() {
	pause := time.Duration(0)
	for {
		ms, err := p.pc.ReadPackets()
		errno, passing := errors.AsType[syscall.Errno](err)
		switch {
		case err != nil && !passing:
			p.fail(err)
			return
		case err != nil && errno != syscall.ECONNREFUSED: // that is an earlier packet which nobody wanted
			pause = min(max(firstPause, 2*pause), lastPause)
			p.rest(pause)
		default:
			pause = 0
		}
		p.route(ms, p.now())
	}
}

// rest waits, unless the port is closed.
func (p *Port) rest(d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-p.quit:
	}
}

// route hands packets to their connections. Those in a row for the same one are one visit.
func (p *Port) route(ms []mmsg.Message, now time.Duration) {
	var c *Conn
	for i := range ms {
		m := &ms[i]
		packet := m.Buf[:m.N]
		id, err := wire.To(packet)
		if err != nil || m.Truncated {
			continue
		}
		if c == nil || c.id != id {
			c.leave(now)
			c = p.find(id, packet, m.Addr, now)
			c.enter()
		}
		if c != nil && c.remote == m.Addr {
			c.take(packet, now)
		}
	}
	c.leave(now)
}

// find returns the connection that a packet is for. Nil means that the packet has been dealt with.
func (p *Port) find(id wire.ID, packet []byte, from netip.AddrPort, now time.Duration) *Conn {
	p.mu.RLock()
	c := p.conns[id]
	p.mu.RUnlock()
	switch {
	case c != nil:
		return c
	case id != 0:
		p.mourn(id, from, now)
		return nil
	}
	h, ok := parseHandshake(packet)
	if !ok {
		return nil
	}
	p.mu.RLock()
	listener := p.listener
	p.mu.RUnlock()
	if listener != nil {
		listener.handshake(h, from, now)
		return nil
	}
	p.meet(h, from, now)
	return nil
}

func parseHandshake(packet []byte) (h wire.Handshake, ok bool) {
	if len(packet) != wire.HandshakeSize {
		return h, false
	}
	c, err := wire.ParseControl(packet)
	if err != nil {
		return h, false
	}
	h, err = wire.ParseHandshake(c)
	return h, err == nil
}

// meet gives a handshake that names no socket to the rendezvous with its source.
func (p *Port) meet(h wire.Handshake, from netip.AddrPort, now time.Duration) {
	p.mu.RLock()
	var found *Conn
	for _, c := range p.conns {
		if c.remote == from && c.meeting && (found == nil || !c.opened.is()) {
			found = c
		}
	}
	p.mu.RUnlock()
	if found != nil {
		found.enter()
		found.shake(h, now)
		found.leave(now)
	}
}

// mourn answers a peer that does not know that its connection is closed.
func (p *Port) mourn(id wire.ID, from netip.AddrPort, now time.Duration) {
	p.mu.Lock()
	reply := p.gone.reply(id, from, now)
	p.mu.Unlock()
	if reply != nil {
		p.say(reply, from)
	}
}

// say sends one packet. What cannot be sent is lost, as any packet may be.
func (p *Port) say(packet []byte, to netip.AddrPort) {
	_, _ = p.pc.Write([]mmsg.Message{{Buf: packet, N: len(packet), Addr: to}})
}

// An opener is one side of a handshake.
type opener interface {
	Poll(b []byte, now time.Duration) []byte
	Next() time.Duration
	Receive(h wire.Handshake, now time.Duration)
	Heard()
	Answer(h wire.Handshake, b []byte) []byte
	Done() (handshake.Agreement, bool, error)
}
