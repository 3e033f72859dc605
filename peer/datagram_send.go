package peer

import (
	"errors"
	"net"
	"net/netip"
	"os"
	"sync"
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

	going parcels // of the sender alone, as is batch
	batch []mmsg.Message
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

func (q *sendQueue) init(d *Datagram) { q.d, q.run = d, q.send }

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
	q.start()
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
	for q.take() {
		q.write()
	}
}

// take makes what waits what is going.
func (q *sendQueue) take() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.messages -= len(q.going.list)
	q.bytes -= len(q.going.arena)
	q.going.reset()
	q.going, q.waiting = q.waiting, q.going
	q.sending = len(q.going.list) > 0
	return q.sending
}

// write sends what is going. A datagram that cannot be sent is counted, and the next one is next.
func (q *sendQueue) write() {
	if q.batch == nil {
		q.batch = make([]mmsg.Message, batchMessages)
	}
	for at := 0; at < len(q.going.list); {
		batch := q.fill(q.going.list[at:])
		n, err := q.d.conn.Write(batch)
		q.sent(q.going.list[at:at+n], 0)
		at += n
		if err == nil {
			continue
		}
		lost := 1
		if errors.Is(err, net.ErrClosed) || errors.Is(err, os.ErrDeadlineExceeded) {
			lost = len(q.going.list) - at // the socket is being closed, and the time for that is over
		}
		q.sent(q.going.list[at:at+lost], 1)
		at += lost
	}
	clear(q.batch)
}

func (q *sendQueue) fill(list []parcel) []mmsg.Message {
	batch := q.batch[:min(len(q.batch), len(list))]
	for i := range batch {
		p := list[i]
		addr := p.to.addr
		if p.to == q.d.remote {
			addr = *q.d.dest.Load()
		}
		batch[i] = mmsg.Message{Buf: q.going.arena[p.from:p.until], N: p.until - p.from, Addr: addr}
	}
	return batch
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
}
