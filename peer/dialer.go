package peer

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"sync"
	"time"

	"linecook.dev/linecook/peer/framing"
)

// A Dialer is a client that connects again whenever its connection has ended, for as long as it
// is open: after 250 ms at first, then twice as long each time up to 10 s, give or take 20 %. A
// connection that lived for 5 s makes it begin with 250 ms again. Each connection is another Peer.
type Dialer struct {
	*streams
	local   netip.Addr
	trouble trouble
	close   func() error
}

// Dial begins to connect and returns at once. Its error is one of the configuration; that nobody is
// there is counted as "connecterrors" and logged.
func Dial(cfg StreamConfig) (*Dialer, error) {
	if cfg.Address == "" || cfg.Port == 0 {
		return nil, fmt.Errorf("a client needs an address and a port to connect to; got %q and %d", cfg.Address, cfg.Port)
	}
	local, err := SendAddress(cfg.LocalAddress)
	if err == nil {
		_, err = interfaceOf(local)
	}
	if err == nil {
		err = checkPort(cfg.Port)
	}
	if err == nil {
		err = cfg.check()
	}
	if err != nil {
		return nil, err
	}
	d := &Dialer{streams: newStreams(cfg.withDefaults()), local: local}
	d.close = sync.OnceValue(d.end)
	d.trouble.owner = cfg.Owner
	d.wg.Go(func() {
		defer cfg.Owner.Recover()
		d.run()
	})
	return d, nil
}

// Peer returns the peer that the client is connected to, or nil.
func (d *Dialer) Peer() *Peer {
	for _, p := range d.Peers() {
		if p.Alive() {
			return p
		}
	}
	return nil
}

// Err returns why the client is not connected, as far as it has tried; nil while it is.
func (d *Dialer) Err() error { return d.trouble.get() }

// Close gives up connecting, or ends the connection after what is queued was sent, for which there
// is 1.5 s. It waits until all has ended; see [Listener.Close].
func (d *Dialer) Close() error { return d.close() }

func (d *Dialer) run() {
	var pause backoff
	for d.ctx.Err() == nil {
		var life time.Duration
		c, err := d.connect()
		if err == nil {
			d.trouble.set(nil)
			life, err = c.serve()
		}
		if err != nil && d.ctx.Err() == nil {
			d.trouble.set(&ConnectError{joinHostPort(d.cfg.Address, d.cfg.Port), err})
			d.count.connecterrors.Add(1)
		}
		pause.wait(d.ctx, life)
	}
}

// connect tries the addresses of the host in turn.
func (d *Dialer) connect() (*conn, error) {
	ctx, cancel := context.WithTimeout(d.ctx, d.medium.patience(d.streams))
	defer cancel()
	addrs, err := d.addrs(ctx)
	if err != nil {
		return nil, err
	}
	for _, a := range addrs {
		var nc net.Conn
		if nc, err = d.try(ctx, a, len(addrs)); err == nil {
			return d.take(nc)
		}
	}
	return nil, err
}

// try connects to one of several addresses, for which it has its share of the time.
func (d *Dialer) try(ctx context.Context, a netip.Addr, addrs int) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, d.medium.patience(d.streams)/time.Duration(addrs))
	defer cancel()
	return d.medium.dial(ctx, d.streams, d.local, netip.AddrPortFrom(a.Unmap(), uint16(d.cfg.Port)))
}

func (d *Dialer) take(nc net.Conn) (*conn, error) {
	c, err := d.admit(nc)
	if err != nil {
		nc.Close()
	}
	return c, err
}

func (d *Dialer) addrs(ctx context.Context) ([]netip.Addr, error) {
	if a, err := netip.ParseAddr(d.cfg.Address); err == nil {
		return []netip.Addr{a.Unmap()}, nil
	}
	addrs, err := d.hosts.resolver.LookupNetIP(ctx, "ip", d.cfg.Address)
	if err == nil && len(addrs) == 0 {
		err = fmt.Errorf("%q has no address", d.cfg.Address)
	}
	if d.cfg.Protocol != TCP {
		ipv4First(addrs)
	}
	return addrs, err
}

// ipv4First sorts addresses for what never learns that nobody is at one of them: localhost is ::1
// before it is 127.0.0.1, where servers listen unless they are told otherwise.
func ipv4First(addrs []netip.Addr) {
	slices.SortStableFunc(addrs, func(a, b netip.Addr) int {
		return cmp.Compare(a.Unmap().BitLen(), b.Unmap().BitLen())
	})
}

// splitter returns a new connection's.
func (s *streams) splitter() *framing.Splitter {
	return framing.NewSplitter(framing.Config{Format: s.cfg.Framing, MaxFrame: s.cfg.MaxMessage, OSC: s.cfg.OSC})
}
