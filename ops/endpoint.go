package ops

import (
	"net/netip"
	"slices"
	"sync/atomic"

	"github.com/hashicorp/go-multierror"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/peer"
	"linecook.dev/linecook/peer/osc"
)

// A socket is what an operator has open.
type socket interface {
	Peers() []*peer.Peer
	Close() error
}

// An Endpoint is the sockets of an operator, its peers, and what is sent to them. Any goroutine may
// use it, and what it sends goes out at once; in hooks use [Dat] instead.
type Endpoint struct {
	open atomic.Pointer[socket]
	last atomic.Pointer[peer.Peer] // whose datagram was cooked last
	to   atomic.Pointer[peer.Peer] // that datagrams are sent to, of what only sends

	datagrams bool     // answers go to the last sender, not to all that are connected
	connected peerSet  // as cooked so far
	heard     heardSet // of datagrams, as cooked so far
}

// LocalAddr returns the address that is listened on, or that a client is connected from. It is not
// valid while there is none. With an engine that runs, wait for its Ready.
func (e *Endpoint) LocalAddr() netip.AddrPort {
	s := e.open.Load()
	if s == nil {
		return netip.AddrPort{}
	}
	if l, ok := (*s).(interface{ LocalAddr() netip.AddrPort }); ok {
		return l.LocalAddr()
	}
	for _, p := range (*s).Peers() {
		return p.LocalAddr()
	}
	return netip.AddrPort{}
}

// Peers returns the peers there are now: those that are connected, or that sent datagrams lately.
func (e *Endpoint) Peers() []*peer.Peer {
	if s := e.open.Load(); s != nil {
		return (*s).Peers()
	}
	return nil
}

// Send implements [peer.Sender]: a server sends to all that are connected, a client to its server,
// what receives datagrams to the sender of the one that was cooked last, and what sends them to whom it does.
func (e *Endpoint) Send(terminator string, messages ...string) (int, error) {
	return e.each(func(p *peer.Peer) (int, error) { return p.Send(terminator, messages...) })
}

// SendBytes implements [peer.Sender], as Send does.
func (e *Endpoint) SendBytes(messages ...any) (int, error) {
	return e.each(func(p *peer.Peer) (int, error) { return p.SendBytes(messages...) })
}

// SendOSC implements [peer.Sender], as Send does.
func (e *Endpoint) SendOSC(o osc.Options, pairs ...osc.Pair) (int, error) {
	return e.each(func(p *peer.Peer) (int, error) { return p.SendOSC(o, pairs...) })
}

func (e *Endpoint) each(send func(*peer.Peer) (int, error)) (sent int, err error) {
	to := e.Peers()
	switch dest := e.to.Load(); {
	case dest != nil:
		to = []*peer.Peer{dest}
	case e.datagrams:
		to = e.lastSender()
	}
	var errs *multierror.Error
	for _, p := range to {
		n, err := send(p)
		if sent += n; err != nil {
			errs = multierror.Append(errs, &peer.SendError{Peer: p, Err: err})
		}
	}
	return sent, errs.ErrorOrNil()
}

func (e *Endpoint) lastSender() []*peer.Peer {
	if p := e.last.Load(); p != nil {
		return []*peer.Peer{p}
	}
	return nil
}

// openDatagram opens a UDP socket that listens.
func (e *Endpoint) openDatagram(cfg peer.DatagramConfig) error {
	d, err := peer.OpenDatagram(cfg)
	if err == nil {
		e.opened(d)
	}
	return err
}

// openStream opens a server or client.
func (e *Endpoint) openStream(cfg peer.StreamConfig, server bool) error {
	if !server {
		d, err := peer.Dial(cfg)
		if err == nil {
			e.opened(d)
		}
		return err
	}
	l, err := peer.Listen(cfg)
	if err == nil {
		e.opened(l)
	}
	return err
}

func (e *Endpoint) opened(s socket) {
	e.last.Store(nil)
	e.open.Store(&s)
}

// Close implements [io.Closer].
func (e *Endpoint) Close() error {
	if s := e.open.Swap(nil); s != nil {
		return (*s).Close()
	}
	return nil
}

// follow keeps who is connected, and who sent last, as the node's events are cooked.
func (e *Endpoint) follow(c *graph.Cook, ev *graph.Event) {
	p, ok := ev.Peer.(*peer.Peer)
	switch {
	case !ok:
	case ev.Kind == graph.Connect:
		e.connected.add(p)
	case ev.Kind == graph.Close:
		e.connected.remove(p)
	case e.datagrams:
		e.last.Store(p)
		e.heard.add(p, c.Time)
	}
}

// leave tells a peer whose connection has ended that this is known now.
func (e *Endpoint) leave(c *graph.Cook, ev *graph.Event) {
	if p, ok := ev.Peer.(*peer.Peer); ok && ev.Kind == graph.Close {
		p.Gone(c)
	}
}

// targets returns who the node's sends go to in a cook.
func (e *Endpoint) targets(c *graph.Cook) peer.Group {
	switch to := e.to.Load(); {
	case to != nil:
		return peer.Group{to.In(c)}
	case e.datagrams:
		return handles(e.lastSender(), c)
	}
	return handles(e.connected.all(), c)
}

// met returns the peers as they are between two cooks: of connections, those of which the node has cooked
// that they are there.
func (e *Endpoint) met() []*peer.Peer {
	if e.connected.at == nil {
		return e.Peers()
	}
	return e.connected.all()
}

// known returns the peers as a cook sees them.
func (e *Endpoint) known(c *graph.Cook) []*peer.Peer {
	switch to := e.to.Load(); {
	case to != nil:
		return []*peer.Peer{to}
	case e.datagrams:
		return slices.DeleteFunc(e.heard.all(c.Time), func(p *peer.Peer) bool { return !p.In(c).Alive() })
	}
	return e.connected.all()
}
