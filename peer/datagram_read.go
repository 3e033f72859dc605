package peer

import (
	"errors"
	"net"
	"net/netip"
	"os"
	"syscall"
	"time"
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
	in := newIntake(d)
	var pause pauser
	for {
		err := in.read()
		switch {
		case err == nil:
			pause.reset()
		case d.ended(err):
			d.readLast(in)
			return
		case !d.goOn(err, &pause):
			return
		}
	}
}

// readLast reads what the system had received when the socket was to be closed. A read whose deadline
// has passed looks at nothing, and this goroutine may have been slow to begin it: so it looks twice.
func (d *Datagram) readLast(in *intake) {
	end := time.Now().Add(lastReads)
	for misses := 0; misses < 2 && time.Now().Before(end); {
		_ = d.conn.SetReadDeadline(time.Now().Add(lastWait)) // an error here is one of the read, too
		if in.read() != nil {
			misses++
		}
	}
}

// from returns the peer with that source address, and whether it is one of the contacts already. While
// all that are remembered have sent lately, a newcomer is heard but not remembered.
func (d *Datagram) from(addr netip.AddrPort, now time.Time) (p *Peer, known bool) {
	if dest := d.dest.Load(); dest != nil && addr == *dest {
		return d.remote, false
	}
	if p := d.contacts.byAddr[addr]; p != nil {
		return p, true
	}
	p = d.newPeer(addr, now)
	evicted, ok := d.contacts.add(p, now)
	if evicted {
		d.count.evicted.Add(1)
	}
	if !ok {
		d.count.peersfull.Add(1)
	}
	return p, false
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
