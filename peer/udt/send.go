package udt

import (
	"net/netip"
	"time"

	"linecook.dev/linecook/peer/internal/mmsg"
	"linecook.dev/linecook/peer/udt/internal/segment"
)

const (
	turnSize   = 64       // packets of one connection before it is the turn of another
	sendMemory = 96 << 10 // bytes for packets that are sent at once
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
	pc      *segment.Socket
	longest int // packet, in bytes
	memory  []byte
	used    int
	ms      []mmsg.Message // their buffers lie in memory, one behind the other
}

func newOutgoing(pc *segment.Socket, longest int) *outgoing {
	return &outgoing{pc: pc, longest: longest, memory: make([]byte, max(sendMemory, 2*longest))}
}

// scratch returns where the next packet goes.
func (o *outgoing) scratch() []byte { return o.memory[o.used:o.used] }

// add takes the packet that was appended to scratch.
func (o *outgoing) add(packet []byte, to netip.AddrPort) {
	o.used += len(packet)
	o.ms = append(o.ms, mmsg.Message{Buf: packet, N: len(packet), Addr: to})
	if len(o.memory)-o.used < o.longest {
		o.flush()
	}
}

// flush sends what was collected.
func (o *outgoing) flush() {
	o.pc.WritePackets(o.ms, o.memory)
	o.ms, o.used = o.ms[:0], 0
}
