package ops

import (
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

// An Endpoint is the peers of an operator, and what is sent to them. Any goroutine may use it; in
// callbacks use [Dat], whose sends go out after the cook.
type Endpoint struct {
	open atomic.Pointer[socket]
	last atomic.Pointer[peer.Peer] // who sent last, if answers go there

	connected []*peer.Peer // as cooked so far
	replies   bool         // answers go to the last sender, not to all
}

// Peers returns the peers there are now: those that are connected, or that have sent lately.
func (e *Endpoint) Peers() []*peer.Peer {
	if s := e.open.Load(); s != nil {
		return (*s).Peers()
	}
	return nil
}

// Send implements [peer.Sender]: a server sends to all that are connected, a client to its server,
// and what receives datagrams to the last sender.
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
	if e.replies {
		to = nil
		if last := e.last.Load(); last != nil {
			to = []*peer.Peer{last}
		}
	}
	var errs *multierror.Error
	for _, p := range to {
		n, err := send(p)
		if sent += n; err != nil {
			errs = multierror.Append(errs, err)
		}
	}
	return sent, errs.ErrorOrNil()
}

func (e *Endpoint) opened(s socket) { e.open.Store(&s) }

// Close implements [io.Closer].
func (e *Endpoint) Close() error {
	if s := e.open.Swap(nil); s != nil {
		return (*s).Close()
	}
	return nil
}

// follow keeps who is connected, and who sent last, as the node's events are cooked.
func (e *Endpoint) follow(ev *graph.Event) {
	p := ev.Peer.(*peer.Peer)
	switch ev.Kind {
	case graph.Connect:
		e.connected = append(e.connected, p)
	case graph.Message:
		if e.replies {
			e.last.Store(p)
		}
	case graph.Close:
		if i := slices.Index(e.connected, p); i >= 0 {
			e.connected = slices.Delete(e.connected, i, i+1)
		}
	}
}

// targets returns who the node's sends go to in a cook.
func (e *Endpoint) targets(c *graph.Cook) peer.Group {
	if e.replies {
		if last := e.last.Load(); last != nil {
			return peer.Group{last.In(c)}
		}
		return nil
	}
	to := make(peer.Group, len(e.connected))
	for i, p := range e.connected {
		to[i] = p.In(c)
	}
	return to
}

// known returns the peers as a cook sees them.
func (e *Endpoint) known() []*peer.Peer {
	if e.replies {
		return e.Peers()
	}
	return slices.Clone(e.connected)
}
