package peer

import (
	"net/netip"
	"time"

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
}

// NewOffline returns a peer that has no socket: what it is sent goes nowhere, and is never refused
// for want of room. Its owner's events are put into the owner's inbox by the caller, except for the
// Close that follows when the peer is closed from this end.
func NewOffline(cfg OfflineConfig) *Peer {
	return &Peer{
		owner: cfg.Owner, addr: cfg.Addr, host: cfg.Host, port: cfg.Addr.Port(), since: cfg.Since,
		via: &offline{cfg: cfg, spare: newPool[scratch]()}, hosts: &Hosts{closed: true},
	}
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

func (o *offline) room(*Peer) (messages, bytes int) { return sendMessages, sendBytes }

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
	if o.cfg.Protocol != "udp" {
		_ = p.owner.Inbox().Put(graph.Event{Kind: graph.Close, Peer: p}) // counted there
	}
	return true
}
