// Package relay is a stretch of network between UDP sockets on one machine, for tests and figures: it
// delays packets, loses some, and has a bottleneck with a queue before it. It keeps their order.
//
// It moves packets in batches of the kernel's, so that one core of a machine carries some Gbit/s; what it
// loses against its will, because it is too slow or its memory is full, is in its [Counts].
package relay

import (
	"errors"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"linecook.dev/linecook/peer/internal/mmsg"
	"linecook.dev/linecook/peer/udt/internal/segment"
)

// A Path says what happens to packets in one direction. The zero Path is a perfect network.
type Path struct {
	Loss  float64       // share of packets
	Delay time.Duration // of each packet, behind the bottleneck
	Rate  float64       // of the bottleneck, in bytes per second with IP and UDP headers; 0 means no limit
	Queue int           // bytes that may wait before the bottleneck
}

// A Relay is a path there and one back. All flows through it share them.
type Relay struct {
	there, back *lane
	wg          sync.WaitGroup
	close       func() error

	mu      sync.Mutex
	sockets []*mmsg.Conn
}

// New returns a relay without flows. The same seed loses the same packets.
func New(there, back Path, seed uint64) (*Relay, error) {
	begin := time.Now()
	a, err := newLane(there, seed, begin)
	if err != nil {
		return nil, err
	}
	b, err := newLane(back, seed+1, begin)
	if err != nil {
		return nil, errors.Join(err, a.close())
	}
	r := &Relay{there: a, back: b}
	r.close = sync.OnceValue(r.shut)
	r.wg.Go(a.deliver)
	r.wg.Go(b.deliver)
	return r, nil
}

// Forward opens a flow to target and returns the address that stands for it. Who sends there last is
// its client.
func (r *Relay) Forward(target string) (address string, err error) {
	to, err := netip.ParseAddrPort(target)
	if err != nil {
		return "", err
	}
	near, err := r.open()
	if err != nil {
		return "", err
	}
	far, err := r.open()
	if err != nil {
		return "", err
	}
	var client atomic.Pointer[netip.AddrPort]
	r.wg.Go(func() {
		read(near, func(ms []mmsg.Message) {
			if from := &ms[0].Addr; client.Load() == nil || *client.Load() != *from {
				client.Store(new(*from))
			}
			r.there.put(ms, far, to)
		})
	})
	r.wg.Go(func() {
		read(far, func(ms []mmsg.Message) {
			if c := client.Load(); c != nil {
				r.back.put(ms, near, *c)
			}
		})
	})
	return near.LocalAddr().String(), nil
}

// socketBuffer is what the kernel is asked for, in bytes.
const socketBuffer = 16 << 20

func (r *Relay) open() (*segment.Socket, error) {
	pc, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return nil, err
	}
	conn, err := mmsg.New(pc)
	if err != nil {
		return nil, errors.Join(err, pc.Close())
	}
	_, err = conn.SetReadBuffer(socketBuffer)
	if err = errors.Join(err, pc.SetWriteBuffer(socketBuffer)); err != nil {
		return nil, errors.Join(err, pc.Close())
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sockets = append(r.sockets, conn)
	return segment.New(conn, 1<<16), nil
}

func read(s *segment.Socket, use func([]mmsg.Message)) {
	for {
		ms, err := s.ReadPackets()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if len(ms) > 0 {
			use(ms)
		}
	}
}

// Counts are packets, both ways together.
type Counts struct {
	Passed  uint64
	Lost    uint64 // by chance, as Loss wants it
	Dropped uint64 // before a full bottleneck, as Queue wants it
	Overrun uint64 // because the relay was too slow or had no memory left
}

// Counts returns what has happened up to now.
func (r *Relay) Counts() Counts {
	c := r.there.counted().plus(r.back.counted())
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range r.sockets {
		c.Overrun += s.Drops()
	}
	return c
}

func (c Counts) plus(d Counts) Counts {
	return Counts{c.Passed + d.Passed, c.Lost + d.Lost, c.Dropped + d.Dropped, c.Overrun + d.Overrun}
}

// Close ends all flows. What is on its way is lost.
func (r *Relay) Close() error { return r.close() }

func (r *Relay) shut() error {
	err := errors.Join(r.there.close(), r.back.close())
	r.mu.Lock()
	for _, s := range r.sockets {
		err = errors.Join(err, s.Close())
	}
	r.mu.Unlock()
	r.wg.Wait()
	return err
}
