package relay_test

import (
	"encoding/binary"
	"net"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"linecook.dev/linecook/peer/internal/mmsg"
	"linecook.dev/linecook/peer/udt/internal/segment"
	"linecook.dev/linecook/peer/udt/interop/relay"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const patience = 20 * time.Second

// A line is a client and a server with a relay between them.
type line struct {
	*relay.Relay
	client, server *net.UDPConn
}

func open(t testing.TB, there, back relay.Path) line {
	t.Helper()
	r, err := relay.New(there, back, 1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	server, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	address, err := r.Forward(server.LocalAddr().String())
	if err != nil {
		t.Fatal(err)
	}
	client, err := net.Dial("udp4", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	client.SetDeadline(time.Now().Add(patience))
	server.SetDeadline(time.Now().Add(patience))
	server.SetReadBuffer(8 << 20)
	return line{r, client.(*net.UDPConn), server}
}

// send sends count packets of size bytes, each with its number.
func (l line) send(t *testing.T, count, size int) {
	t.Helper()
	for i := range count {
		if _, err := l.client.Write(binary.BigEndian.AppendUint32(make([]byte, 0, size), uint32(i))[:size]); err != nil {
			t.Fatal(err)
		}
	}
}

// receive returns the numbers of the next count packets.
func (l line) receive(t *testing.T, count int) (numbers []uint32) {
	t.Helper()
	b := make([]byte, 1<<16)
	for range count {
		if _, err := l.server.Read(b); err != nil {
			t.Fatalf("after %d of %d packets: %v; %+v", len(numbers), count, err, l.Counts())
		}
		numbers = append(numbers, binary.BigEndian.Uint32(b))
	}
	return numbers
}

func TestDelaysBothWays(t *testing.T) {
	const delay = 30 * time.Millisecond
	l := open(t, relay.Path{Delay: delay}, relay.Path{Delay: delay})
	began, b := time.Now(), make([]byte, 100)
	l.client.Write([]byte("there"))
	n, from, err := l.server.ReadFromUDP(b)
	if took := time.Since(began); err != nil || string(b[:n]) != "there" || took < delay {
		t.Fatalf("the server has %q after %v, want \"there\" after %v; %v", b[:n], took, delay, err)
	}
	l.server.WriteToUDP([]byte("back"), from)
	n, err = l.client.Read(b)
	if took := time.Since(began); err != nil || string(b[:n]) != "back" || took < 2*delay {
		t.Errorf("the client has %q after %v, want \"back\" after %v; %v", b[:n], took, 2*delay, err)
	}
}

func TestLosesItsShareAndKeepsTheOrder(t *testing.T) {
	const count, size = 4000, 100
	l := open(t, relay.Path{Loss: 0.1, Delay: time.Millisecond}, relay.Path{})
	l.send(t, count, size)
	first := l.receive(t, count*8/10)
	for i := range first[1:] {
		if first[i+1] <= first[i] {
			t.Fatalf("packet %d comes after %d", first[i+1], first[i])
		}
	}
	if c := l.Counts(); c.Lost < count*7/100 || c.Lost > count*13/100 || c.Overrun > 0 {
		t.Errorf("of %d packets with a loss of 0.1: %+v", count, c)
	}
}

func TestBottleneckHasItsRateAndItsQueue(t *testing.T) {
	const size, count, rate = 972, 100, 1e6 // with headers 1000 bytes, 1 ms
	l := open(t, relay.Path{Rate: rate, Queue: 50_000}, relay.Path{})
	began := time.Now()
	l.send(t, count, size)
	sent := time.Since(began)
	l.receive(t, 50)
	if took := time.Since(began); took < 50*time.Millisecond {
		t.Errorf("50 packets of 1 ms each take %v", took)
	}
	if c := l.Counts(); sent < 10*time.Millisecond && (c.Dropped < 1 || c.Dropped > 50) {
		t.Errorf("of %d packets at once, a queue of 50 drops %d", count, c.Dropped)
	}
}

// TestMemoryIsBounded: 40 MB are under way for longer than the test lasts.
func TestMemoryIsBounded(t *testing.T) {
	l := open(t, relay.Path{Delay: time.Hour}, relay.Path{})
	const size, count = 60_000, 700
	l.send(t, count, size)
	for until := time.Now().Add(patience); l.Counts().Overrun < count-(16<<20)/size-1; {
		if time.Now().After(until) {
			t.Fatalf("%d packets of %d bytes that do not arrive: %+v", count, size, l.Counts())
		}
	}
}

// BenchmarkForward moves packets of 1472 bytes one way, with 10 ms of delay, as fast as the relay takes them.
func BenchmarkForward(b *testing.B) {
	l := open(b, relay.Path{Delay: 10 * time.Millisecond}, relay.Path{})
	const size, burst, window = 1472, 44, 8000 // window: packets on their way
	memory := make([]byte, size*burst)
	ms := make([]mmsg.Message, burst)
	for i := range ms {
		ms[i] = mmsg.Message{Buf: memory[i*size : (i+1)*size], N: size}
	}
	out, in := socket(b, l.client), socket(b, l.server)
	room := make(chan struct{}, window/burst)
	var wg sync.WaitGroup
	received := 0
	wg.Go(func() {
		for bursts := 0; ; {
			ms, err := in.ReadPackets()
			if err != nil {
				return
			}
			for received += len(ms); (bursts+1)*burst <= received; bursts++ {
				<-room
			}
		}
	})
	for b.Loop() {
		room <- struct{}{}
		out.WritePackets(ms, memory)
	}
	for range cap(room) {
		room <- struct{}{}
	}
	l.server.Close()
	wg.Wait()
	b.ReportMetric(float64(received)*size*8/1e6/b.Elapsed().Seconds(), "Mbit/s")
	b.ReportMetric(float64(l.Counts().Overrun), "overrun")
}

func socket(b *testing.B, pc *net.UDPConn) *segment.Socket {
	c, err := mmsg.New(pc)
	if err != nil {
		b.Fatal(err)
	}
	c.SetReadBuffer(16 << 20)
	return segment.New(c, 1472)
}
