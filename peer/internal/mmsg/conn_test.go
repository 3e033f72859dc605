package mmsg_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"os"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"linecook.dev/linecook/peer/internal/mmsg"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const patience = 10 * time.Second // after which a test that waits for a datagram has failed

// forEach runs test with both ways of moving datagrams, over IPv4 and IPv6.
func forEach(t *testing.T, test func(t *testing.T, open opener)) {
	ways := map[string]func(*net.UDPConn) (*mmsg.Conn, error){"batched": mmsg.New, "portable": mmsg.NewPortable}
	for way, wrap := range ways {
		for _, address := range []string{"127.0.0.1", "::1"} {
			t.Run(way+"/"+address, func(t *testing.T) { test(t, opener{wrap, net.ParseIP(address)}) })
		}
	}
}

// An opener makes the sockets of one test.
type opener struct {
	wrap func(*net.UDPConn) (*mmsg.Conn, error)
	ip   net.IP
}

// listen opens a socket on a port of its own.
func (o opener) listen(t testing.TB) *mmsg.Conn { return o.listenPort(t, 0) }

func (o opener) listenPort(t testing.TB, port int) *mmsg.Conn {
	t.Helper()
	pc, err := net.ListenUDP("udp", &net.UDPAddr{IP: o.ip, Port: port})
	return o.conn(t, pc, err)
}

// dial opens a socket connected to another.
func (o opener) dial(t testing.TB, to netip.AddrPort) *mmsg.Conn {
	t.Helper()
	pc, err := net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(to))
	return o.conn(t, pc, err)
}

func (o opener) conn(t testing.TB, pc *net.UDPConn, err error) *mmsg.Conn {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	c, err := o.wrap(pc)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	return c
}

func addrOf(c *mmsg.Conn) netip.AddrPort { return c.LocalAddr().(*net.UDPAddr).AddrPort() }

// messages returns n messages with a buffer of size bytes each.
func messages(n, size int) []mmsg.Message {
	ms := make([]mmsg.Message, n)
	for i := range ms {
		ms[i].Buf = make([]byte, size)
	}
	return ms
}

// outgoing returns one message for each payload.
func outgoing(to netip.AddrPort, payloads ...[]byte) []mmsg.Message {
	ms := make([]mmsg.Message, len(payloads))
	for i, p := range payloads {
		ms[i] = mmsg.Message{Buf: p, N: len(p), Addr: to}
	}
	return ms
}

// write sends all of ms.
func write(t testing.TB, c *mmsg.Conn, ms []mmsg.Message) {
	t.Helper()
	if n, err := c.Write(ms); n != len(ms) || err != nil {
		t.Fatalf("Write of %d messages = %d, %v", len(ms), n, err)
	}
}

// read fills all of ms.
func read(t testing.TB, c *mmsg.Conn, ms []mmsg.Message) {
	t.Helper()
	for got := 0; got < len(ms); {
		n, err := c.Read(ms[got:])
		if n == 0 || err != nil {
			t.Fatalf("Read with %d of %d messages there = %d, %v", got, len(ms), n, err)
		}
		got += n
	}
}

func TestDatagramsArriveInOrder(t *testing.T) {
	forEach(t, func(t *testing.T, open opener) {
		from, to := open.listen(t), open.listen(t)
		random := rand.New(rand.NewPCG(1, 2))
		for batch := 1; batch <= 2*mmsg.MaxBatch; batch += 9 {
			payloads := make([][]byte, batch)
			for i := range payloads {
				payloads[i] = fmt.Append(nil, batch, i, "0123456789"[:random.IntN(10)])
			}
			got := messages(batch, 64)
			write(t, from, outgoing(addrOf(to), payloads...))
			read(t, to, got)
			for i, m := range got {
				if !bytes.Equal(m.Buf[:m.N], payloads[i]) || m.Addr != addrOf(from) || m.Truncated {
					t.Fatalf("message %d of %d is %q from %v, truncated %t; want %q from %v", i, batch,
						m.Buf[:m.N], m.Addr, m.Truncated, payloads[i], addrOf(from))
				}
			}
		}
	})
}

func TestLongDatagramIsTruncated(t *testing.T) {
	forEach(t, func(t *testing.T, open opener) {
		from, to := open.listen(t), open.listen(t)
		write(t, from, outgoing(addrOf(to), []byte("12345"), []byte("1234"), nil, []byte("12")))
		got := messages(4, 4)
		got[3].Buf = nil
		read(t, to, got)
		for i, want := range []mmsg.Message{{N: 4, Truncated: true}, {N: 4}, {N: 0}, {N: 0, Truncated: true}} {
			if m := got[i]; m.N != want.N || m.Truncated != want.Truncated || string(m.Buf[:m.N]) != "1234"[:m.N] || m.Addr != addrOf(from) {
				t.Errorf("message %d is %q of %d bytes, truncated %t; want %d bytes, %t", i, m.Buf[:m.N], m.N, m.Truncated, want.N, want.Truncated)
			}
		}
	})
}

func TestConnectedSocket(t *testing.T) {
	forEach(t, func(t *testing.T, open opener) {
		server := open.listen(t)
		client := open.dial(t, addrOf(server))
		write(t, client, outgoing(netip.AddrPort{}, []byte("ask")))
		ms := messages(1, 8)
		read(t, server, ms)
		write(t, server, ms) // to where it came from
		read(t, client, ms)
		if m := ms[0]; string(m.Buf[:m.N]) != "ask" || m.Addr != addrOf(server) {
			t.Errorf("the echo is %q from %v, want ask from %v", m.Buf[:m.N], m.Addr, addrOf(server))
		}
	})
}

func TestCloseEndsRead(t *testing.T) {
	forEach(t, func(t *testing.T, open opener) {
		c := open.listen(t)
		var wg sync.WaitGroup
		wg.Go(func() {
			if n, err := c.Read(messages(4, 4)); n != 0 || !errors.Is(err, net.ErrClosed) {
				t.Errorf("Read of a socket that is closed = %d, %v; want net.ErrClosed", n, err)
			}
		})
		if err := c.Close(); err != nil {
			t.Error(err)
		}
		wg.Wait()
		if n, err := c.Write(outgoing(addrOf(c), []byte("a"))); n != 0 || !errors.Is(err, net.ErrClosed) {
			t.Errorf("Write to a closed socket = %d, %v; want net.ErrClosed", n, err)
		}
		c.Drops()
	})
}

func TestDeadlineEndsRead(t *testing.T) {
	forEach(t, func(t *testing.T, open opener) {
		c := open.listen(t)
		c.SetReadDeadline(time.Now().Add(time.Millisecond))
		if n, err := c.Read(messages(4, 4)); n != 0 || !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("Read past its deadline = %d, %v; want os.ErrDeadlineExceeded", n, err)
		}
		c.SetReadDeadline(time.Now().Add(patience))
		write(t, c, outgoing(addrOf(c), []byte("a")))
		read(t, c, messages(1, 1))
	})
}

func TestNoMessages(t *testing.T) {
	forEach(t, func(t *testing.T, open opener) {
		c := open.listen(t)
		if n, err := c.Read(nil); n != 0 || err != nil {
			t.Errorf("Read(nil) = %d, %v; want 0, nil", n, err)
		}
		if n, err := c.Write(nil); n != 0 || err != nil {
			t.Errorf("Write(nil) = %d, %v; want 0, nil", n, err)
		}
	})
}

func TestReadGoesOnAfterRefusal(t *testing.T) {
	forEach(t, func(t *testing.T, open opener) {
		gone := open.listen(t)
		client := open.dial(t, addrOf(gone))
		gone.Close()
		write(t, client, outgoing(netip.AddrPort{}, []byte("a")))
		if n, err := client.Read(messages(4, 4)); n != 0 || !errors.Is(err, syscall.ECONNREFUSED) {
			t.Fatalf("Read after a refused datagram = %d, %v; want ECONNREFUSED", n, err)
		}
		back := open.listenPort(t, int(addrOf(gone).Port()))
		write(t, back, outgoing(addrOf(client), []byte("b")))
		read(t, client, messages(1, 4))
	})
}

func TestWriteTellsWhichMessageFailed(t *testing.T) {
	forEach(t, func(t *testing.T, open opener) {
		from, to := open.listen(t), open.listen(t)
		ms := outgoing(addrOf(to), []byte("a"), make([]byte, 1<<16), []byte("c"))
		if n, err := from.Write(ms); n != 1 || !errors.Is(err, syscall.EMSGSIZE) {
			t.Fatalf("Write of a message of 64 KiB behind a small one = %d, %v; want 1, EMSGSIZE", n, err)
		}
		write(t, from, ms[2:])
		got := messages(2, 4)
		read(t, to, got)
		if a, c := got[0].Buf[:1], got[1].Buf[:1]; string(a) != "a" || string(c) != "c" {
			t.Errorf("what arrived is %q and %q, want a and c", a, c)
		}
	})
}

func TestReadBufferIsWhatWasGranted(t *testing.T) {
	forEach(t, func(t *testing.T, open opener) {
		c := open.listen(t)
		for _, want := range []int{64 << 10, 128 << 10} {
			if got, err := c.SetReadBuffer(want); got != want || err != nil {
				t.Errorf("SetReadBuffer(%d) = %d, %v", want, got, err)
			}
		}
	})
}

func TestSteadyStateDoesNotAllocate(t *testing.T) {
	forEach(t, func(t *testing.T, open opener) {
		from, to := open.listen(t), open.listen(t)
		out := outgoing(addrOf(to), bytes.Split([]byte("0123456789"), nil)...)
		in := messages(len(out), 4)
		allocs := testing.AllocsPerRun(100, func() {
			write(t, from, out)
			read(t, to, in)
			to.Drops()
		})
		if allocs != 0 {
			t.Errorf("a Write and a Read of %d datagrams allocate %v times, want 0", len(out), allocs)
		}
	})
}

func TestWaitingDoesNotAllocate(t *testing.T) {
	forEach(t, func(t *testing.T, open opener) {
		client, server := open.listen(t), open.listen(t)
		var wg sync.WaitGroup
		wg.Go(func() {
			ms := messages(8, 4)
			for {
				n, err := server.Read(ms)
				if err != nil {
					return
				}
				server.Write(ms[:n])
			}
		})
		ask, answer := outgoing(addrOf(server), []byte("a")), messages(1, 4)
		allocs := testing.AllocsPerRun(100, func() {
			write(t, client, ask)
			read(t, client, answer)
		})
		server.Close()
		wg.Wait()
		if allocs != 0 {
			t.Errorf("a datagram and its echo allocate %v times, want 0", allocs)
		}
	})
}

func BenchmarkMove(b *testing.B) {
	const size = 64
	open := opener{mmsg.New, net.IPv4(127, 0, 0, 1)}
	payload := make([]byte, size)
	for _, batch := range []int{1, 8, 64} {
		b.Run(fmt.Sprintf("batched=%d", batch), func(b *testing.B) {
			from, to := open.listen(b), open.listen(b)
			out, in := outgoing(addrOf(to), slices.Repeat([][]byte{payload}, batch)...), messages(batch, size)
			move(b, func() (int, error) { return from.Write(out) }, func() (int, error) { return to.Read(in) })
		})
	}
	b.Run("plain", func(b *testing.B) {
		from, to := open.listen(b), open.listen(b)
		addr, buf := addrOf(to), make([]byte, size)
		move(b, func() (int, error) {
			_, err := from.WriteToUDPAddrPort(payload, addr)
			return 1, err
		}, func() (int, error) {
			_, _, err := to.ReadFromUDPAddrPort(buf)
			return 1, err
		})
	})
}

// move times writes of 64 datagrams, and reads of the same, apart.
func move(b *testing.B, write, read func() (int, error)) {
	const datagrams = 64
	var writing, reading time.Duration
	b.ReportAllocs()
	for b.Loop() {
		start := time.Now()
		all(b, datagrams, write)
		written := time.Now()
		all(b, datagrams, read)
		writing += written.Sub(start)
		reading += time.Since(written)
	}
	b.ReportMetric(float64(writing.Nanoseconds())/float64(b.N*datagrams), "ns/write")
	b.ReportMetric(float64(reading.Nanoseconds())/float64(b.N*datagrams), "ns/read")
}

// all calls some until it has moved n datagrams.
func all(b *testing.B, n int, some func() (int, error)) {
	for n > 0 {
		moved, err := some()
		if err != nil {
			b.Fatal(err)
		}
		n -= moved
	}
}
