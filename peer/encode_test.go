package peer_test

import (
	"errors"
	"math"
	"net"
	"testing"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/peer"
	"linecook.dev/linecook/peer/osc"
)

// encodings is what a call sends, by all that can send.
var encodings = []struct {
	name string
	send func(peer.Sender) (int, error)
	want string
}{
	{"each string has its terminator", func(s peer.Sender) (int, error) { return s.Send("\r\n", "Hello", "World") }, "Hello\r\nWorld\r\n"},
	{"NUL", func(s peer.Sender) (int, error) { return s.Send(peer.NUL, "a", "") }, "a\x00\x00"},
	{"no terminator", func(s peer.Sender) (int, error) { return s.Send("", "a", "b") }, "ab"},
	{"all that bytes can be", func(s peer.Sender) (int, error) {
		return s.SendBytes("TYPE", 23, 255, int64(12), uint8(0x34), []byte("\x01\x00"), uint64(0))
	}, "TYPE\x17\xff\x0c\x34\x01\x00\x00"},
	{"integers of every type", func(s peer.Sender) (int, error) {
		return s.SendBytes(int8(1), int16(2), int32(3), uint(4), uint16(5), uint32(6))
	}, "\x01\x02\x03\x04\x05\x06"},
	{"a message", func(s peer.Sender) (int, error) {
		return s.SendOSC(osc.Options{}, osc.Pair{Address: "/a", Values: []any{int64(1), true}})
	}, "/a\x00\x00,iT\x00\x00\x00\x00\x01"},
	{"standard types only", func(s peer.Sender) (int, error) {
		return s.SendOSC(osc.Options{StandardTypesOnly: true}, osc.Pair{Address: "/a", Values: []any{true}})
	}, "/a\x00\x00,i\x00\x00\x00\x00\x00\x01"},
	{"a bundle of two", func(s peer.Sender) (int, error) {
		return s.SendOSC(osc.Options{AsBundle: true}, osc.Pair{Address: "/a"}, osc.Pair{Address: "/b"})
	}, "#bundle\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x08/a\x00\x00,N\x00\x00\x00\x00\x00\x08/b\x00\x00,N\x00\x00"},
}

// senders calls f with each way to send to c, which must bring what is sent to the same peer.
func senders(t *testing.T, r *cooker, p *peer.Peer, f func(t *testing.T, s peer.Sender)) {
	t.Run("Peer", func(t *testing.T) { f(t, p) })
	t.Run("Handle", func(t *testing.T) { r.cook(func(c *graph.Cook) { f(t, p.In(c)) }) })
	t.Run("Group", func(t *testing.T) { r.cook(func(c *graph.Cook) { f(t, peer.Group{p.In(c)}) }) })
}

func TestEncodings(t *testing.T) {
	r := newCooker(t)
	p, far := r.datagramPeer(t)
	for _, tt := range encodings {
		t.Run(tt.name, func(t *testing.T) {
			senders(t, r, p, func(t *testing.T, s peer.Sender) {
				if n, err := tt.send(s); n != len(tt.want) || err != nil {
					t.Errorf("sending returned %d, %v; want %d, nil", n, err, len(tt.want))
				}
			})
			for range 3 {
				if got := receive(t, far); got != tt.want {
					t.Errorf("sent %q, want %q", got, tt.want)
				}
			}
		})
	}
}

func TestPairsAreDatagrams(t *testing.T) {
	r := newCooker(t)
	p, far := r.datagramPeer(t)
	senders(t, r, p, func(t *testing.T, s peer.Sender) {
		n, err := s.SendOSC(osc.Options{}, osc.Pair{Address: "/a", Values: []any{}}, osc.Pair{Address: "/b", Values: []any{}})
		if n != 16 || err != nil {
			t.Errorf("SendOSC of two pairs = %d, %v; want 16, nil", n, err)
		}
	})
	for range 3 {
		for _, want := range []string{"/a\x00\x00,\x00\x00\x00", "/b\x00\x00,\x00\x00\x00"} {
			if got := receive(t, far); got != want {
				t.Errorf("sent %q, want %q", got, want)
			}
		}
	}
}

func TestRefusedEncodings(t *testing.T) {
	r := newCooker(t)
	p, far := r.datagramPeer(t)
	tests := []struct {
		name string
		send func(peer.Sender) (int, error)
		want any // of the type to be found in the error
	}{
		{"256 is no byte", func(s peer.Sender) (int, error) { return s.SendBytes("a", 256) }, new(*peer.ByteError)},
		{"-1 is no byte", func(s peer.Sender) (int, error) { return s.SendBytes(-1) }, new(*peer.ByteError)},
		{"too large for int64", func(s peer.Sender) (int, error) { return s.SendBytes(uint64(math.MaxUint64)) }, new(*peer.ByteError)},
		{"a float is no byte", func(s peer.Sender) (int, error) { return s.SendBytes(1.0) }, new(*peer.ByteError)},
		{"nil is no byte", func(s peer.Sender) (int, error) { return s.SendBytes(nil) }, new(*peer.ByteError)},
		{"longer than a datagram", func(s peer.Sender) (int, error) { return s.SendBytes(make([]byte, peer.MaxDatagram+1)) }, new(*peer.SizeError)},
		{"OSC longer than a datagram", func(s peer.Sender) (int, error) {
			return s.SendOSC(osc.Options{}, osc.Pair{Address: "/a", Values: []any{make([]byte, peer.MaxDatagram)}})
		}, new(*osc.ValueError)},
		{"the second pair is wrong", func(s peer.Sender) (int, error) {
			return s.SendOSC(osc.Options{}, osc.Pair{Address: "/a"}, osc.Pair{Address: "b"})
		}, new(*osc.ValueError)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			senders(t, r, p, func(t *testing.T, s peer.Sender) {
				if n, err := tt.send(s); n != 0 || !errors.As(err, tt.want) {
					t.Errorf("sending returned %d, %v (%T); want 0 and a %T", n, err, err, tt.want)
				}
			})
		})
	}
	if n, err := p.Send("", "the next"); n != 8 || err != nil {
		t.Fatalf("Send = %d, %v", n, err)
	}
	if got := receive(t, far); got != "the next" {
		t.Errorf("%.20q was sent, want nothing of what was refused", got)
	}
}

func TestSendDoesNotAllocate(t *testing.T) {
	r := newCooker(t)
	udp, farUDP := r.datagramPeer(t)
	tcp, farTCP := r.streamPeer(t)
	pairs := []osc.Pair{{Address: "/fader/1", Values: []any{float32(0.5), "on"}}}
	var text, bytes, packet error
	senders := map[string]func(p *peer.Peer, c *graph.Cook){
		"Peer": func(p *peer.Peer, c *graph.Cook) {
			_, text = p.Send(peer.NUL, "hello", "world")
			_, bytes = p.SendBytes("hello", 12)
			_, packet = p.SendOSC(osc.Options{}, pairs...)
		},
		"Handle": func(p *peer.Peer, c *graph.Cook) {
			_, text = p.In(c).Send(peer.NUL, "hello", "world")
			_, bytes = p.In(c).SendBytes("hello", 12)
			_, packet = p.In(c).SendOSC(osc.Options{}, pairs...)
		},
	}
	size := len("hello\x00world\x00") + len("hello\x0c") + len("/fader/1\x00\x00\x00\x00,fs\x00\x00\x00\x00\x00on\x00\x00")
	buf := make([]byte, 1<<10)
	for name, send := range senders {
		for _, to := range []struct {
			p   *peer.Peer
			far net.Conn
		}{{udp, farUDP}, {tcp, farTCP}} {
			cook := func(c *graph.Cook) { send(to.p, c) }
			allocs := testing.AllocsPerRun(500, func() {
				r.cook(cook)
				for got := 0; got < size; {
					n, err := to.far.Read(buf)
					if err != nil {
						t.Fatal(err)
					}
					got += n
				}
			})
			if err := errors.Join(text, bytes, packet); err != nil || allocs != 0 {
				t.Errorf("three sends by %s over %s allocate %v times, with error %v; want 0, nil", name, to.p.Protocol(), allocs, err)
			}
		}
	}
}
