package udt

import (
	"net/netip"
	"time"

	"linecook.dev/linecook/peer/internal/mmsg"
)

const (
	sendBatch = 64 // datagrams that are sent at once
	turnSize  = 32 // packets of one connection before it is the turn of another
)

// send is the loop that sends what connections have to say when it is time.
func (p *Port) send() {
	out := newOutgoing(p.pc, p.cfg.MSS)
	var due []*Conn
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		var next time.Duration
		var stopped bool
		now := p.now()
		due, next, stopped = p.timers.take(due[:0], now)
		if stopped {
			return
		}
		if len(due) == 0 {
			timer.Reset(next - now)
			select {
			case <-timer.C:
			case <-p.timers.wake:
			}
			continue
		}
		for _, c := range due {
			p.timers.schedule(c, c.fill(out, now))
		}
		out.flush()
		for _, c := range due {
			c.sent()
		}
	}
}

// outgoing collects packets to send them together.
type outgoing struct {
	pc *mmsg.Conn
	ms []mmsg.Message
	n  int
}

func newOutgoing(pc *mmsg.Conn, size int) *outgoing {
	o := &outgoing{pc: pc, ms: make([]mmsg.Message, sendBatch)}
	for i := range o.ms {
		o.ms[i].Buf = make([]byte, 0, size)
	}
	return o
}

// scratch returns where the next packet goes.
func (o *outgoing) scratch() []byte { return o.ms[o.n].Buf[:0] }

// add takes the packet that was appended to scratch.
func (o *outgoing) add(packet []byte, to netip.AddrPort) {
	m := &o.ms[o.n]
	m.Buf, m.N, m.Addr = packet, len(packet), to
	if o.n++; o.n == len(o.ms) {
		o.flush()
	}
}

// flush sends what was collected. What cannot be sent is lost, as any packet may be.
func (o *outgoing) flush() {
	for sent := 0; sent < o.n; {
		n, err := o.pc.Write(o.ms[sent:o.n])
		sent += n
		if err != nil {
			sent++
		}
	}
	o.n = 0
}
