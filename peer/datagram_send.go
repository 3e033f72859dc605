package peer

import (
	"errors"
	"net"
	"net/netip"
	"os"
	"sync"
	"syscall"
	"time"

	"linecook.dev/linecook/peer/internal/mmsg"
)

// A sendQueue is what waits to be sent through a datagram socket, in order.
type sendQueue struct {
	d *Datagram

	mu              sync.Mutex
	waiting         parcels
	messages, bytes int // waiting, and being sent
	sending         bool
	held            bool // nothing is sent yet: the destination is not known
	ended           bool // nothing more is taken

	going parcels // of the sender alone, as is what follows
	at    int     // how much of going.list is done
	batch []mmsg.Message
	runs  []int  // of how many parcels each of batch is made
	cuts  bool   // the kernel cuts a message into datagrams
	apart int    // what of going.list is before it is sent one by one
	run   func() // send, bound once
}

// parcels are datagrams with their bytes in one arena.
type parcels struct {
	list  []parcel
	arena []byte
}

type parcel struct {
	to          *Peer
	from, until int
}

func (p parcel) size() int { return p.until - p.from }

// Limits of what the kernel is given to cut: a datagram that is too long for the way it goes cannot be
// made by cutting, and every way of IPv6 carries that many bytes.
const (
	cutSize    = 1280 - 48 // bytes of a datagram
	cutParcels = 50        // datagrams, less than 65,000 bytes together
)

// What a flush sends itself, at most.
const (
	fewParcels = 8
	fewBytes   = 16 << 10
)

// What is kept for later.
const (
	keepParcels = 16 << 10 // of the list
	keepArena   = 1 << 20  // bytes
)

func (p *parcels) reset() {
	clear(p.list)
	p.list, p.arena = p.list[:0], p.arena[:0]
	if cap(p.list) > keepParcels || cap(p.arena) > keepArena {
		*p = parcels{}
	}
}

func (q *sendQueue) init(d *Datagram) { q.d, q.run, q.cuts = d, q.send, d.conn.Cuts() }

func (d *Datagram) protocol() string                        { return "udp" }
func (d *Datagram) scratches() pool[scratch]                { return d.spare }
func (d *Datagram) local() netip.AddrPort                   { return d.bound }
func (d *Datagram) longest() int                            { return MaxDatagram }
func (d *Datagram) measure(o outgoing) (total, longest int) { return o.measure(unframed) }
func (d *Datagram) released(*Peer)                          {}

func (d *Datagram) room(*Peer) (messages, bytes int) {
	d.queue.mu.Lock()
	defer d.queue.mu.Unlock()
	return sendMessages - d.queue.messages, sendBytes - d.queue.bytes
}

func (d *Datagram) shut(p *Peer) bool {
	d.queue.mu.Lock()
	first := !p.closed.Swap(true)
	d.queue.mu.Unlock()
	d.mu.Lock()
	defer d.mu.Unlock()
	d.contacts.remove(p)
	return first
}

func (d *Datagram) put(p *Peer, o outgoing) error {
	q := &d.queue
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.ended || p.closed.Load() {
		return ErrClosed
	}
	if d.guarded && p != d.remote {
		if err := p.guard.mayAnswer(p, o, time.Now()); err != nil {
			d.count.unproven.Add(1)
			return err
		}
	}
	if q.messages+o.count() > sendMessages || q.bytes+len(o.buf) > sendBytes {
		d.count.sendfull.Add(1)
		return &QueueError{q.messages + o.count(), q.bytes + len(o.buf), sendMessages, sendBytes}
	}
	q.add(p, o)
	p.queued.Add(int64(o.count()))
	p.out.add(o.count(), len(o.buf))
	if !o.more || q.isLong() {
		q.start()
	}
	return nil
}

func (q *sendQueue) add(p *Peer, o outgoing) {
	w := &q.waiting
	for i := range o.count() {
		from := len(w.arena)
		w.arena = append(w.arena, o.message(i)...)
		w.list = append(w.list, parcel{p, from, len(w.arena)})
	}
	q.messages += o.count()
	q.bytes += len(o.buf)
}

// isLong reports whether more waits than a flush sends itself.
func (q *sendQueue) isLong() bool {
	return len(q.waiting.list) > fewParcels || len(q.waiting.arena) > fewBytes
}

// start has a goroutine send, if there is something to send and none does.
func (q *sendQueue) start() {
	if q.sending || q.held || len(q.waiting.list) == 0 {
		return
	}
	q.sending = true
	q.d.senders.Add(1)
	go q.run()
}

// send ends when nothing waits any more.
func (q *sendQueue) send() {
	defer q.d.senders.Done()
	defer q.d.cfg.Owner.Recover()
	for q.write(q.d.conn.Write); q.take(); q.write(q.d.conn.Write) {
	}
}

// flush sends a few datagrams at once, so that nobody has to be woken for them. For more put has started a
// goroutine, and what would have to wait is sent by one too.
func (d *Datagram) flush() {
	q := &d.queue
	if !q.begin() {
		return
	}
	if q.take() && !q.write(d.conn.TryWrite) || q.take() {
		go q.run()
		return
	}
	d.senders.Done()
}

// begin reports whether the caller is to send what waits.
func (q *sendQueue) begin() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.sending || q.held || q.ended || len(q.waiting.list) == 0 {
		return false
	}
	q.sending = true
	q.d.senders.Add(1)
	return true
}

// take makes what waits what is going.
func (q *sendQueue) take() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.messages -= len(q.going.list)
	q.bytes -= len(q.going.arena)
	q.going.reset()
	q.going, q.waiting = q.waiting, q.going
	q.at, q.apart = 0, 0
	q.sending = len(q.going.list) > 0
	return q.sending
}

// write sends what is going, and reports whether all of it is done. A datagram that cannot be sent is
// counted, and the next one is next.
func (q *sendQueue) write(write func([]mmsg.Message) (int, error)) bool {
	for q.at < len(q.going.list) {
		q.fill()
		n, err := write(q.batch)
		for _, parcels := range q.runs[:n] {
			q.sent(q.going.list[q.at:q.at+parcels], 0)
			q.at += parcels
		}
		if errors.Is(err, syscall.EAGAIN) {
			return false
		}
		if err != nil {
			q.lose(q.runs[n], err)
		}
	}
	clear(q.batch)
	return true
}

// lose counts what the error of a write is the end of. Those that could not be sent as one message are not
// lost: they are sent one by one.
func (q *sendQueue) lose(parcels int, err error) {
	lost := 1
	switch {
	case errors.Is(err, net.ErrClosed) || errors.Is(err, os.ErrDeadlineExceeded):
		lost = len(q.going.list) - q.at // the socket is being closed, and the time for that is over
	case parcels > 1:
		q.apart = q.at + parcels
		q.cuts = q.cuts && !errors.Is(err, syscall.EIO) // the card does not reckon checksums
		return
	}
	q.sent(q.going.list[q.at:q.at+lost], 1)
	q.at += lost
}

// fill makes a batch of what is to be sent.
func (q *sendQueue) fill() {
	q.batch, q.runs = q.batch[:0], q.runs[:0]
	for at := q.at; at < len(q.going.list) && len(q.batch) < batchMessages; {
		first, n := q.going.list[at], q.joined(at)
		last := q.going.list[at+n-1]
		m := mmsg.Message{Buf: q.going.arena[first.from:last.until], N: last.until - first.from, Addr: q.address(first.to)}
		if n > 1 {
			m.Segment = first.size()
		}
		q.batch, q.runs = append(q.batch, m), append(q.runs, n)
		at += n
	}
}

// joined returns how many of the datagrams from at on can be one message to the kernel: all go to one
// address and have one length, but for the last, which may be shorter.
func (q *sendQueue) joined(at int) int {
	list := q.going.list[at:]
	first, n := list[0], 1
	if !q.cuts || at < q.apart || first.size() == 0 || first.size() > cutSize || q.address(first.to).Addr().IsMulticast() {
		return 1
	}
	for n < min(len(list), cutParcels) {
		p := list[n]
		if p.to != first.to || p.size() > first.size() || p.size() == 0 {
			break
		}
		if n++; p.size() < first.size() {
			break
		}
	}
	return n
}

func (q *sendQueue) address(p *Peer) netip.AddrPort {
	if p == q.d.remote {
		return *q.d.dest.Load()
	}
	return p.addr
}

// sent counts datagrams that left the queue; each failed, or none.
func (q *sendQueue) sent(list []parcel, failed uint64) {
	for _, p := range list {
		p.to.queued.Add(-1)
		p.to.failed.Add(failed)
		q.d.count.senderrors.Add(failed)
	}
}

// end lets nothing more in. What waits for a destination that is not known is lost.
func (q *sendQueue) end() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.ended = true
	if q.held {
		q.sent(q.waiting.list, 1)
		q.waiting.reset()
	}
	q.start() // what was to be flushed
}
