package relay

import (
	"math/rand/v2"
	"net/netip"
	"sync"
	"time"

	"linecook.dev/linecook/peer/internal/mmsg"
	"linecook.dev/linecook/peer/udt/internal/segment"
)

const (
	headers = 28       // bytes of IPv4 and UDP, which a bottleneck carries too
	memory  = 16 << 20 // bytes of packets that may be on their way: 10 ms at 13 Gbit/s
)

// A lane carries packets in one direction, in order.
type lane struct {
	Path
	begin time.Time
	alarm *alarm

	mu      sync.Mutex
	arrived sync.Cond
	random  *rand.Rand
	free    time.Duration // when the bottleneck has sent what waits
	bytes   ring
	queue   []passenger
	head    int // of queue: the next to be delivered
	counts  Counts
	closed  bool
}

// A passenger is a packet on its way.
type passenger struct {
	due     time.Duration
	at, len int // in the ring
	out     *segment.Socket
	to      netip.AddrPort
}

func newLane(p Path, seed uint64, begin time.Time) (*lane, error) {
	a, err := newAlarm()
	if err != nil {
		return nil, err
	}
	l := &lane{Path: p, begin: begin, alarm: a, random: rand.New(rand.NewPCG(seed, 0)), bytes: ring{memory: make([]byte, memory)}}
	l.arrived.L = &l.mu
	return l, nil
}

// put sets packets on their way to an address, to which out sends them.
func (l *lane) put(ms []mmsg.Message, out *segment.Socket, to netip.AddrPort) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Since(l.begin)
	for i := range ms {
		due, ok := l.admit(ms[i].N, now)
		if !ok {
			continue
		}
		at, ok := l.bytes.push(ms[i].Buf[:ms[i].N])
		if !ok {
			l.counts.Overrun++
			continue
		}
		l.queue = append(l.queue, passenger{due, at, ms[i].N, out, to})
	}
	l.arrived.Signal()
}

// admit returns when a packet of n bytes arrives, if it does.
func (l *lane) admit(n int, now time.Duration) (due time.Duration, ok bool) {
	if l.Loss > 0 && l.random.Float64() < l.Loss {
		l.counts.Lost++
		return 0, false
	}
	if l.Rate == 0 {
		return now + l.Delay, true
	}
	n += headers
	l.free = max(l.free, now)
	if (l.free-now).Seconds()*l.Rate+float64(n) > float64(l.Queue) {
		l.counts.Dropped++
		return 0, false
	}
	l.free += time.Duration(float64(n) / l.Rate * float64(time.Second))
	return l.free + l.Delay, true
}

// deliver sends packets on when they are due, until the lane is closed.
func (l *lane) deliver() {
	var ms []mmsg.Message
	for {
		group := l.wait()
		if group == nil {
			return
		}
		first := group[0]
		ms = ms[:0]
		for _, p := range group {
			ms = append(ms, mmsg.Message{Buf: l.bytes.memory[p.at : p.at+p.len], N: p.len, Addr: p.to})
		}
		first.out.WritePackets(ms, l.bytes.memory[first.at:])
		l.delivered(len(group))
	}
}

// wait returns packets that are due and go out together, or nil if the lane is closed.
func (l *lane) wait() []passenger {
	l.mu.Lock()
	defer l.mu.Unlock()
	for {
		for l.head == len(l.queue) && !l.closed {
			l.arrived.Wait()
		}
		if l.closed {
			return nil
		}
		now := time.Since(l.begin)
		if early := l.queue[l.head].due - now; early > 0 {
			l.mu.Unlock()
			l.alarm.wait(early)
			l.mu.Lock()
			continue
		}
		return together(l.queue[l.head:], now)
	}
}

// together returns the first of q that are due, have one address, and lie behind each other in memory.
func together(q []passenger, now time.Duration) []passenger {
	n := 1
	for n < min(len(q), mmsg.MaxBatch) && q[n].due <= now && q[n].to == q[0].to && q[n].at == q[n-1].at+q[n-1].len {
		n++
	}
	return q[:n:n]
}

// delivered forgets the first n packets.
func (l *lane) delivered(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.counts.Passed += uint64(n)
	l.head += n
	if l.head == len(l.queue) {
		l.queue, l.head = l.queue[:0], 0
		l.bytes.empty()
		return
	}
	l.bytes.release(l.queue[l.head].at)
	if l.head > len(l.queue)/2 && l.head > 1024 {
		l.queue, l.head = append(l.queue[:0], l.queue[l.head:]...), 0
	}
}

func (l *lane) counted() Counts {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.counts
}

func (l *lane) close() error {
	l.mu.Lock()
	l.closed = true
	l.arrived.Signal()
	l.mu.Unlock()
	return l.alarm.close()
}

// A ring is memory for packets, each in one piece, that are released in the order of their coming.
type ring struct {
	memory     []byte
	head, tail int // the first byte in use, and the first one behind those in use; both 0 if none is
}

// push copies p in, if there is room.
func (r *ring) push(p []byte) (at int, ok bool) {
	at, wrapped := r.tail, r.tail < r.head
	if !wrapped && at+len(p) > len(r.memory) {
		at, wrapped = 0, true
	}
	if wrapped && at+len(p) >= r.head {
		return 0, false
	}
	r.tail = at + copy(r.memory[at:], p)
	return at, true
}

func (r *ring) release(head int) { r.head = head }

func (r *ring) empty() { r.head, r.tail = 0, 0 }
