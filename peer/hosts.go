package peer

import (
	"context"
	"net"
	"net/netip"
	"strings"
	"sync"
	"time"
)

// Limits of looking names up (reliability R69).
const (
	lookupTimeout = 2 * time.Second
	maxLookups    = 16 // at once
	maxNames      = 4096
	nameLife      = 10 * time.Minute
	noNameLife    = time.Minute // until a failed look-up is tried again
)

// A Resolver looks names up. *net.Resolver is one.
type Resolver interface {
	LookupAddr(ctx context.Context, addr string) (names []string, err error)
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
}

// Hosts knows the names of addresses. It looks them up in the background, 16 at once and for at most
// 2 s each, and keeps them for 10 minutes. Any goroutine may use it.
type Hosts struct {
	resolver Resolver
	ctx      context.Context
	stop     context.CancelFunc
	wg       sync.WaitGroup

	mu      sync.Mutex
	names   map[netip.Addr]hostName
	running int
	closed  bool
}

type hostName struct {
	name    string // the address while it is being looked up, and when it has none
	expires time.Time
}

// NewHosts returns a Hosts that asks r; nil means the system's resolver.
func NewHosts(r Resolver) *Hosts {
	if r == nil {
		r = net.DefaultResolver
	}
	h := &Hosts{resolver: r, names: map[netip.Addr]hostName{}}
	h.ctx, h.stop = context.WithCancel(context.Background())
	return h
}

// Name returns the name of a, or a itself until it is known. It never waits.
func (h *Hosts) Name(a netip.Addr) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	known, ok := h.names[a]
	if ok && time.Now().Before(known.expires) {
		return known.name
	}
	if !ok {
		known.name = a.String()
	}
	if h.running < maxLookups && !h.closed {
		h.running++
		h.keep(a, hostName{known.name, time.Now().Add(noNameLife)})
		h.wg.Go(func() { h.look(a) })
	}
	return known.name
}

func (h *Hosts) look(a netip.Addr) {
	ctx, cancel := context.WithTimeout(h.ctx, lookupTimeout)
	defer cancel()
	names, err := h.resolver.LookupAddr(ctx, a.String())
	h.mu.Lock()
	defer h.mu.Unlock()
	h.running--
	if err == nil && len(names) > 0 {
		h.keep(a, hostName{strings.TrimSuffix(names[0], "."), time.Now().Add(nameLife)})
	}
}

// keep remembers a name. When there are too many, all are forgotten: they can be asked for again.
func (h *Hosts) keep(a netip.Addr, n hostName) {
	if len(h.names) >= maxNames {
		clear(h.names)
	}
	h.names[a] = n
}

// Close ends what is being looked up, and waits for it. Names that are known stay known.
func (h *Hosts) Close() error {
	h.mu.Lock()
	h.closed = true
	h.mu.Unlock()
	h.stop()
	h.wg.Wait()
	return nil
}
