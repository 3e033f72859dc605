package peer

import (
	"net/netip"
	"time"

	"github.com/google/uuid"

	"linecook.dev/linecook/graph"
)

// OfflineConfig says what a peer without a socket is.
type OfflineConfig struct {
	Owner    *graph.Node
	Protocol string         // as of [Peer.Protocol]; anything but "udp" is a connection
	Addr     netip.AddrPort // of the other end
	Host     string         // its name, if it is a destination that is given by name
	Local    netip.AddrPort
	Since    time.Time // of its first message or connection
	ID       uuid.UUID // zero means a new one
	Recorded bool      // its Close, too, is put by the caller, whoever closes it
}

// NewOffline returns a peer that has no socket: what it is sent goes nowhere, and its queue is empty
// whenever a frame begins. Its owner's events are put into the owner's inbox by the caller, except for the
// Close that follows when the peer is closed from this end, unless it is recorded.
func NewOffline(cfg OfflineConfig) *Peer {
	p := &Peer{
		owner: cfg.Owner, addr: cfg.Addr, host: cfg.Host, port: cfg.Addr.Port(), since: cfg.Since,
		via: &offline{cfg: cfg, spare: newPool[scratch]()}, hosts: &Hosts{closed: true},
	}
	if cfg.ID != uuid.Nil {
		p.id.Store(&cfg.ID)
	}
	return p
}

// End says that the connection of a peer without a socket has ended, and why; nil if the other end
// closed it. It is called before the Close event is put.
func (p *Peer) End(reason error) {
	p.closed.Store(true)
	p.ended.Store(&reason)
}

// offline is the transport of a peer that has no socket.
type offline struct {
	cfg   OfflineConfig
	spare pool[scratch]
}

func (o *offline) protocol() string         { return o.cfg.Protocol }
func (o *offline) scratches() pool[scratch] { return o.spare }
func (o *offline) local() netip.AddrPort    { return o.cfg.Local }
func (o *offline) released(*Peer)           {}
func (o *offline) flush()                   {}

func (o *offline) room(*Peer) (messages, bytes int) {
	if o.cfg.Protocol == "udp" {
		return sendMessages, sendBytes
	}
	return streamMessages, streamBytes
}

func (o *offline) measure(out outgoing) (total, longest int) { return out.measure(unframed) }

func (o *offline) longest() int {
	if o.cfg.Protocol == "udp" {
		return MaxDatagram
	}
	return streamBytes
}

func (o *offline) put(p *Peer, out outgoing) error {
	if p.closed.Load() {
		return ErrClosed
	}
	p.out.add(out.count(), len(out.buf))
	return nil
}

func (o *offline) shut(p *Peer) bool {
	if p.closed.Swap(true) {
		return false
	}
	if o.cfg.Protocol != "udp" && !o.cfg.Recorded {
		_ = p.owner.Inbox().Put(graph.Event{Kind: graph.Close, Peer: p}) // counted there
	}
	return true
}
