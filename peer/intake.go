package peer

import (
	"net/netip"
	"time"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/peer/internal/mmsg"
)

// Limits of reading datagrams.
const (
	apart       = 192     // bytes between buffers, so that not all begin in one set of a cache
	fewMessages = 8       // buffers of a socket that is not busy
	slabBytes   = 4 << 20 // bytes of all buffers of one that is
)

// An intake reads datagrams for a socket's goroutine, and brings them to the inbox. Once the kernel has
// had to drop some, the intake has it join them, so that many more find room. It does not do so before:
// where there is nothing to join that costs a fifth more, and what is joined the kernel counts as one if it
// drops it.
type intake struct {
	d      *Datagram
	inbox  *graph.Inbox
	size   int            // bytes of a buffer
	batch  []mmsg.Message // as many as were last there to be read, or more
	now    time.Time      // of the last read
	joins  bool           // the kernel was asked to join datagrams
	events []graph.Event
	run    run
}

func newIntake(d *Datagram) *intake {
	in := &intake{d: d, inbox: d.cfg.Owner.Inbox(), size: d.cfg.MaxMessage}
	in.grow(fewMessages)
	return in
}

// grow has room for n messages, or for as many as fit into slabBytes. Nothing that is not too long by
// the configuration is ever cut.
func (in *intake) grow(n int) {
	n = max(1, min(n, batchMessages, slabBytes/in.size)) - len(in.batch)
	if n <= 0 {
		return
	}
	each := in.size + apart
	slab := make([]byte, n*each)
	for i := range n {
		in.batch = append(in.batch, mmsg.Message{Buf: slab[i*each : i*each+in.size : i*each+in.size]})
	}
}

// read waits for datagrams and brings them.
func (in *intake) read() error {
	n, err := in.d.conn.Read(in.batch)
	if err != nil {
		return err
	}
	in.now = time.Now()
	in.take(in.batch[:n])
	in.inbox.PutAll(in.events)
	in.d.drops.soon()
	if n == len(in.batch) {
		in.grow(2 * n)
	}
	if !in.joins && in.size == MaxDatagram && in.d.count.kerneldrops.Load() > 0 {
		in.joins = true
		in.d.conn.Join()
	}
	return nil
}

// take makes events of the datagrams that the node takes.
func (in *intake) take(batch []mmsg.Message) {
	d, unix := in.d, in.now.UnixNano()
	in.events = in.events[:0]
	d.mu.Lock()
	defer d.mu.Unlock()
	for i := range batch {
		m := &batch[i]
		allowed := allows(d.cfg.Allow, m.Addr.Addr())
		for data := range m.Datagrams() {
			switch {
			case !allowed:
				d.count.refused.Add(1)
			case m.Truncated || len(data) > d.cfg.MaxMessage:
				d.count.toolong.Add(1)
			default:
				p := in.run.add(in, m.Addr, len(data))
				in.events = append(in.events, graph.Event{Kind: graph.Message, Peer: p, Time: unix, Data: data})
			}
		}
	}
	in.run.end(in)
}

// A run is datagrams of one read that came from one address, one behind the other.
type run struct {
	from            netip.AddrPort
	peer            *Peer // nil before the first one
	known           bool  // it was a contact before
	messages, bytes int
}

// add notes a datagram, and returns whom it is from.
func (r *run) add(in *intake, from netip.AddrPort, bytes int) *Peer {
	if r.peer == nil || r.from != from {
		r.end(in)
		r.from = from
		r.peer, r.known = in.d.from(from, in.now)
	}
	r.messages++
	r.bytes += bytes
	return r.peer
}

// end counts the run at its peer. A third datagram at one time tells the contacts nothing.
func (r *run) end(in *intake) {
	if r.peer == nil {
		return
	}
	r.peer.in.add(r.messages, r.bytes)
	if heard := r.messages; r.peer.contact.in != nil {
		if !r.known {
			heard--
		}
		for range min(heard, 2) {
			in.d.contacts.heard(r.peer, in.now)
		}
	}
	*r = run{}
}
