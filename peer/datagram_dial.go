package peer

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"time"
)

const resolveTimeout = 5 * time.Second

// DialDatagram opens a socket that sends to one destination, [Datagram.Peer]. What is sent before a
// destination's name is known waits for it. Answers come to the owner's inbox, if it has one.
func DialDatagram(cfg DatagramConfig) (*Datagram, error) {
	cfg = cfg.withDefaults()
	if cfg.Address == "" || cfg.Port == 0 {
		return nil, fmt.Errorf("a destination needs an address and a port; got %q and %d", cfg.Address, cfg.Port)
	}
	local, err := SendAddress(cfg.LocalAddress)
	if err == nil {
		err = checkPort(cfg.Port)
	}
	if err != nil {
		return nil, err
	}
	dest, _ := netip.ParseAddr(cfg.Address) // not valid if it is a name
	dest = dest.Unmap()
	pc, err := dialUDP(cfg, local, dest)
	if err != nil {
		return nil, err
	}
	d, err := newDatagram(cfg, pc)
	if err != nil {
		pc.Close()
		return nil, err
	}
	d.aim(dest)
	d.startReading()
	return d, nil
}

// dialUDP opens a socket of the family that it needs: both, if that is not known yet.
func dialUDP(cfg DatagramConfig, local, dest netip.Addr) (*net.UDPConn, error) {
	switch {
	case local.IsValid() && dest.IsValid() && local.Is4() != dest.Is4():
		return nil, fmt.Errorf("localaddress %s and address %s are not of the same family", local, dest)
	case !local.IsValid() && dest.Is4():
		local = netip.IPv4Unspecified()
	}
	pc, err := listenUDP(netip.AddrPortFrom(local, 0))
	if err != nil || !dest.IsMulticast() {
		return pc, err
	}
	ifi, err := multicastInterface(cfg.LocalAddress)
	if err == nil {
		err = setMulticast(pc, dest, ifi, cfg)
	}
	if err != nil {
		pc.Close()
		return nil, err
	}
	return pc, nil
}

// aim makes dest the destination, or has its name looked up.
func (d *Datagram) aim(dest netip.Addr) {
	port := uint16(d.cfg.Port)
	d.remote = &Peer{owner: d.cfg.Owner, port: port, via: d, hosts: d.hosts, since: time.Now()}
	if dest.IsValid() {
		d.remote.addr = netip.AddrPortFrom(dest, port)
		d.dest.Store(&d.remote.addr)
		return
	}
	d.remote.host = d.cfg.Address
	d.queue.held = true
	d.readers.Go(func() {
		defer d.cfg.Owner.Recover()
		d.resolve()
	})
}

// resolve looks the destination's name up until it is found, and then lets the queue go.
func (d *Datagram) resolve() {
	resolver := d.hosts.resolver
	var b backoff
	for {
		addr, err := lookup(d.ctx, resolver, d.cfg.Address, d.bound.Addr())
		if err == nil {
			d.found(addr)
			return
		}
		if d.ctx.Err() != nil {
			return
		}
		d.trouble.set(fmt.Errorf("destination not found: %w", err))
		d.count.lookuperrors.Add(1)
		if !b.wait(d.ctx, 0) {
			return
		}
	}
}

func (d *Datagram) found(addr netip.Addr) {
	q := &d.queue
	q.mu.Lock()
	defer q.mu.Unlock()
	dest := netip.AddrPortFrom(addr, uint16(d.cfg.Port))
	d.dest.Store(&dest)
	d.trouble.set(nil)
	q.held = false
	if !q.ended {
		q.start()
	}
}

// lookup returns the first address of host that a socket bound to local can reach.
func lookup(ctx context.Context, r Resolver, host string, local netip.Addr) (netip.Addr, error) {
	ctx, cancel := context.WithTimeout(ctx, resolveTimeout)
	defer cancel()
	addrs, err := r.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return netip.Addr{}, err
	}
	for i := range addrs {
		addrs[i] = addrs[i].Unmap()
	}
	if local.Is4() {
		addrs = slices.DeleteFunc(addrs, netip.Addr.Is6)
	} else if !local.IsUnspecified() {
		addrs = slices.DeleteFunc(addrs, netip.Addr.Is4)
	}
	if len(addrs) == 0 {
		return netip.Addr{}, fmt.Errorf("%q has no address that can be reached from %s", host, local)
	}
	return addrs[0], nil
}
