package udt

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"slices"
	"time"

	"linecook.dev/linecook/peer/udt/internal/handshake"
	"linecook.dev/linecook/peer/udt/internal/seqno"
)

// Dial connects to a listener, from a UDP port of its own; network is "udp", "udp4" or "udp6".
func Dial(ctx context.Context, network, address string, cfg *Config) (*Conn, error) {
	remote, err := resolve(ctx, network, address)
	if err != nil {
		return nil, err
	}
	family := "udp4"
	if remote.Addr().Is6() {
		family = "udp6"
	}
	p, err := Open(family, ":0", cfg)
	if err != nil {
		return nil, err
	}
	return p.disown().dial(ctx, remote)
}

// Rendezvous connects from the local address to a peer that does the same towards it at the same time.
func Rendezvous(ctx context.Context, network, local, address string, cfg *Config) (*Conn, error) {
	remote, err := resolve(ctx, network, address)
	if err != nil {
		return nil, err
	}
	p, err := Open(network, local, cfg)
	if err != nil {
		return nil, err
	}
	return p.disown().rendezvous(ctx, remote)
}

// Dial connects to a listener.
func (p *Port) Dial(ctx context.Context, address string) (*Conn, error) {
	remote, err := resolve(ctx, "udp", address)
	if err != nil {
		return nil, err
	}
	return p.dial(ctx, remote)
}

// Rendezvous connects to a peer that does the same at the same time. The port must have no listener.
func (p *Port) Rendezvous(ctx context.Context, address string) (*Conn, error) {
	remote, err := resolve(ctx, "udp", address)
	if err != nil {
		return nil, err
	}
	return p.rendezvous(ctx, remote)
}

// resolve returns the first IPv4 address of a name if it has one, as net.ResolveUDPAddr does: a port that
// has only the other family does not refuse, it is silent.
func resolve(ctx context.Context, network, address string) (netip.AddrPort, error) {
	host, service, err := net.SplitHostPort(address)
	if err != nil {
		return netip.AddrPort{}, err
	}
	port, err := net.DefaultResolver.LookupPort(ctx, network, service)
	if err != nil {
		return netip.AddrPort{}, err
	}
	family := "ip" + network[min(len(network), len("udp")):]
	addrs, err := net.DefaultResolver.LookupNetIP(ctx, family, cmp.Or(host, "localhost"))
	if err != nil {
		return netip.AddrPort{}, err
	}
	for i := range addrs {
		addrs[i] = addrs[i].Unmap()
	}
	first := max(0, slices.IndexFunc(addrs, netip.Addr.Is4))
	return netip.AddrPortFrom(addrs[first], uint16(port)), nil
}

func (p *Port) dial(ctx context.Context, remote netip.AddrPort) (*Conn, error) {
	return p.newConn(remote).connect(ctx, 3*time.Second, func(o handshake.Offer) opener { return handshake.NewClient(o, p.now()) })
}

func (p *Port) rendezvous(ctx context.Context, remote netip.AddrPort) (*Conn, error) {
	c := p.newConn(remote)
	c.meeting = true
	return c.connect(ctx, 30*time.Second, func(o handshake.Offer) opener { return handshake.NewRendezvous(o, p.now()) })
}

func (c *Conn) connect(ctx context.Context, patience time.Duration, open func(handshake.Offer) opener) (*Conn, error) {
	p := c.port
	if err := p.add(c); err != nil {
		return nil, c.opError("dial", err)
	}
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(p.cfg.ConnectTimeout, patience))
	defer cancel()
	c.mu.Lock()
	c.opener = open(p.offer(c))
	c.mu.Unlock()
	p.timers.schedule(c, p.now())
	select {
	case <-c.opened.done:
	case <-ctx.Done():
	}
	c.mu.Lock()
	err := c.err
	if c.link == nil && err == nil {
		err = ctx.Err()
		c.err = err
	}
	c.mu.Unlock()
	if err == nil {
		return c, nil
	}
	c.Close()
	if errors.Is(err, context.DeadlineExceeded) {
		err = fmt.Errorf("no answer: %w", os.ErrDeadlineExceeded)
	}
	return nil, c.opError("dial", err)
}

// offer returns what c proposes to the other end.
func (p *Port) offer(c *Conn) handshake.Offer {
	return handshake.Offer{
		ID: c.id, Mode: p.cfg.Mode.wire(), ISN: seqno.Seq(randomWord()) & seqno.Max, MSS: p.cfg.MSS,
		Window: p.recvBuffer(c.remote.Addr()), Peer: c.remote.Addr(),
	}
}
