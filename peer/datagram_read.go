package peer

import (
	"errors"
	"net"
	"net/netip"
	"os"
	"syscall"
	"time"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/peer/internal/mmsg"
)

func (d *Datagram) startReading() {
	if d.reads = d.cfg.Owner.Inbox() != nil && !d.cfg.NoReplies; d.reads {
		d.readers.Go(func() {
			defer d.cfg.Owner.Recover()
			d.read()
		})
	}
}

// read brings what arrives to the inbox until the socket is closed.
func (d *Datagram) read() {
	inbox := d.cfg.Owner.Inbox()
	batch := d.newBatch()
	events := make([]graph.Event, 0, len(batch))
	bring := func(batch []mmsg.Message) {
		events = d.events(events[:0], batch)
		inbox.PutAll(events)
		clear(events)
		d.drops.soon()
	}
	var pause pauser
	for {
		n, err := d.conn.Read(batch)
		switch {
		case err == nil:
			pause.reset()
			bring(batch[:n])
		case d.ended(err):
			d.readLast(batch, bring)
			return
		case !d.goOn(err, &pause):
			return
		}
	}
}

// readLast reads what the system had received when the socket was to be closed. A read whose deadline
// has passed looks at nothing, and this goroutine may have been slow to begin it: so it looks twice.
func (d *Datagram) readLast(batch []mmsg.Message, bring func([]mmsg.Message)) {
	end := time.Now().Add(lastReads)
	for misses := 0; misses < 2 && time.Now().Before(end); {
		_ = d.conn.SetReadDeadline(time.Now().Add(lastWait)) // an error here is one of the read, too
		n, err := d.conn.Read(batch)
		if err != nil {
			misses++
			continue
		}
		bring(batch[:n])
	}
}

// newBatch returns as many buffers for whole datagrams as fit into slabBytes: nothing that is not
// too long by the configuration is ever cut.
func (d *Datagram) newBatch() []mmsg.Message {
	size := d.cfg.MaxMessage
	batch := make([]mmsg.Message, max(1, min(batchMessages, slabBytes/size)))
	slab := make([]byte, len(batch)*size)
	for i := range batch {
		batch[i].Buf = slab[i*size : (i+1)*size : (i+1)*size]
	}
	return batch
}

// events appends what the datagrams are to the node.
func (d *Datagram) events(to []graph.Event, batch []mmsg.Message) []graph.Event {
	now := time.Now()
	unix := now.UnixNano()
	d.mu.Lock()
	defer d.mu.Unlock()
	for i := range batch {
		m := &batch[i]
		switch {
		case !allows(d.cfg.Allow, m.Addr.Addr()):
			d.count.refused.Add(1)
		case m.Truncated:
			d.count.toolong.Add(1)
		default:
			p := d.from(m.Addr, now)
			p.in.add(1, m.N)
			to = append(to, graph.Event{Kind: graph.Message, Peer: p, Time: unix, Data: m.Buf[:m.N]})
		}
	}
	return to
}

// from returns the peer with that source address. While all that are remembered have sent lately, a
// newcomer is heard but not remembered.
func (d *Datagram) from(addr netip.AddrPort, now time.Time) *Peer {
	if dest := d.dest.Load(); dest != nil && addr == *dest {
		return d.remote
	}
	if p := d.contacts.byAddr[addr]; p != nil {
		d.contacts.heard(p, now)
		return p
	}
	p := d.newPeer(addr, now)
	evicted, ok := d.contacts.add(p, now)
	if evicted {
		d.count.evicted.Add(1)
	}
	if !ok {
		d.count.peersfull.Add(1)
	}
	return p
}

func (d *Datagram) newPeer(addr netip.AddrPort, now time.Time) *Peer {
	return &Peer{owner: d.cfg.Owner, addr: addr, port: addr.Port(), via: d, hosts: d.hosts, since: now}
}

// ended reports whether err is that of a socket that is being closed.
func (d *Datagram) ended(err error) bool {
	return errors.Is(err, net.ErrClosed) || d.ctx.Err() != nil && errors.Is(err, os.ErrDeadlineExceeded)
}

// goOn waits after an error that need not be the end, and reports whether to go on.
func (d *Datagram) goOn(err error, pause *pauser) bool {
	if errors.Is(err, syscall.ECONNREFUSED) {
		return true // somebody did not want what was sent to him
	}
	d.count.readerrors.Add(1)
	return pause.wait(d.ctx)
}
