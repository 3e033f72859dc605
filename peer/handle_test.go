package peer_test

import (
	"errors"
	"strings"
	"testing"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/peer"
	"linecook.dev/linecook/peer/framing"
	"linecook.dev/linecook/peer/osc"
)

func TestCookSeesPeerAsAtTheCut(t *testing.T) {
	r := newCooker(t)
	p, far := r.streamPeer(t)
	far.Close()
	for p.Alive() {
		events := r.next() // the probe does not say that the peer is gone
		if e := events[len(events)-1]; e.Kind != graph.Close {
			t.Fatalf("event of kind %d, want Close", e.Kind)
		}
		r.cook(func(c *graph.Cook) {
			if n, err := p.In(c).Send("", "answer"); n != 6 || err != nil || !p.In(c).Alive() {
				t.Errorf("before Gone: Send = %d, %v, Alive %t; want 6, nil, true", n, err, p.In(c).Alive())
			}
			p.Gone(c)
			if _, err := p.In(c).Send("", "more"); !errors.Is(err, peer.ErrClosed) || p.In(c).Alive() || p.In(c).Close() {
				t.Errorf("after Gone: Send error %v, want %v, Alive and Close false", err, peer.ErrClosed)
			}
		})
		if s := p.Stats(); s.MessagesOut != 1 || p.Alive() {
			t.Errorf("after the cook: %d messages out, Alive %t; want 1, false", s.MessagesOut, p.Alive())
		}
	}
}

func TestSendsOfACookAreInOrder(t *testing.T) {
	r := newCooker(t)
	p, far := r.streamPeer(t)
	r.cook(func(c *graph.Cook) {
		h := p.In(c)
		for _, s := range []string{"one ", "two ", "three"} {
			if _, err := h.Send("", s); err != nil {
				t.Error(err)
			}
		}
		if s := p.Stats(); s.MessagesOut != 0 {
			t.Errorf("%d messages went out while the node cooked", s.MessagesOut)
		}
		h.Close()
	})
	if got, want := readAll(t, far), "one two three"; got != want {
		t.Errorf("received %q, want %q", got, want)
	}
}

func TestRoomOfACook(t *testing.T) {
	r := newCooker(t)
	p, _ := r.streamPeer(t)
	for range 2 {
		r.cook(func(c *graph.Cook) {
			for i := range 1024 {
				if _, err := p.In(c).Send("", "x"); err != nil {
					t.Fatalf("send %d of a cook: %v", i, err)
				}
			}
			_, err := p.In(c).Send("", "x")
			if q, ok := errors.AsType[*peer.QueueError](err); !ok || q.MaxMessages != 0 {
				t.Errorf("send 1025 of a cook: %v, want a QueueError that has room for 0 messages", err)
			}
		})
		eventually(t, "the queue to be empty", func() bool { return p.Stats().Queued == 0 })
	}
	r.cook(func(c *graph.Cook) {
		if _, err := p.In(c).Send("", strings.Repeat("x", 1<<20)); err != nil {
			t.Errorf("Send of 1 MiB: %v", err)
		}
		if _, err := p.In(c).Send("", "x"); !errors.Is(err, peer.ErrQueueFull) {
			t.Errorf("Send of a byte more: %v, want %v", err, peer.ErrQueueFull)
		}
		if _, err := p.In(c).Send("", strings.Repeat("x", 1<<20+1)); err == nil {
			t.Error("Send of more than the queue ever holds: no error")
		} else if _, ok := errors.AsType[*peer.SizeError](err); !ok {
			t.Errorf("Send of more than the queue ever holds: %v, want a SizeError", err)
		}
	})
}

// TestRoomHasFraming: what a cook accepts is accepted when it goes out, with its framing.
func TestRoomHasFraming(t *testing.T) {
	for _, format := range []framing.Format{framing.Size, framing.SLIP} {
		r := newCooker(t)
		l := listen(t, peer.StreamConfig{Owner: r.node, Framing: format, OSC: true})
		dialTCP(t, l)
		p := remote(r.next()[0])
		text := strings.Repeat("\xc0", 2000)
		framed := 0
		r.cook(func(c *graph.Cook) {
			var n int
			var err error
			for ; err == nil; framed += format.Len(packet("/a", text, n)) {
				n, err = p.In(c).SendOSC(osc.Options{}, osc.Pair{Address: "/a", Values: text})
			}
			if !errors.Is(err, peer.ErrQueueFull) {
				t.Errorf("%v: SendOSC: %v, want it to find the queue full", format, err)
			}
		})
		if framed > 1<<20 {
			t.Errorf("%v: a cook was let send %d bytes, framing included; a queue has room for %d", format, framed, 1<<20)
		}
	}
}

// packet returns n bytes of an OSC message with a text.
func packet(address, text string, n int) []byte {
	b, _, _ := osc.AppendValues(nil, nil, osc.Options{}, osc.Pair{Address: address, Values: text})
	return b[:n]
}

func TestGroup(t *testing.T) {
	r := newCooker(t)
	one, farOne := r.datagramPeer(t)
	two, farTwo := r.streamPeer(t)
	shut, _ := r.datagramPeer(t)
	r.cook(func(c *graph.Cook) { shut.Gone(c) })
	r.cook(func(c *graph.Cook) {
		n, err := peer.Group{one.In(c), shut.In(c), two.In(c)}.Send("!", "hello")
		if n != 12 || !errors.Is(err, peer.ErrClosed) || !strings.Contains(err.Error(), shut.String()) {
			t.Errorf("Send to a group of three = %d, %v; want 12 and the error of %v", n, err, shut)
		}
		if n, err := (peer.Group{}).SendBytes("hello"); n != 0 || err != nil {
			t.Errorf("Send to nobody = %d, %v; want 0, nil", n, err)
		}
	})
	if a, b := receive(t, farOne), receive(t, farTwo); a != "hello!" || b != "hello!" {
		t.Errorf("received %q and %q, want hello! twice", a, b)
	}
}

// A packet that is encoded already goes out as SendOSC sends it, in the stream's framing.
func TestSendPacket(t *testing.T) {
	r := newCooker(t)
	l := listen(t, peer.StreamConfig{Owner: r.node, Framing: framing.Size, OSC: true})
	far := dialTCP(t, l)
	p := remote(r.next()[0])
	want := packet("/a", "b", 12)
	r.cook(func(c *graph.Cook) {
		if n, err := p.In(c).SendPacket(want); n != 12 || err != nil {
			t.Errorf("SendPacket() = %d, %v; want 12, nil", n, err)
		}
	})
	if got := receive(t, far); got != "\x00\x00\x00\x0c"+string(want) {
		t.Errorf("SendPacket(%q) sent %q, want it behind its length", want, got)
	}
}

func TestPeerIdentity(t *testing.T) {
	r := newCooker(t)
	one, _ := r.datagramPeer(t)
	two, far := r.streamPeer(t)
	id := one.ID()
	if again := one.ID(); id != again || id == two.ID() || id.Version() != 7 {
		t.Errorf("IDs are %v, %v and %v; want the first two to be the same UUID of version 7", id, again, two.ID())
	}
	if sec, _ := one.ID().Time().UnixTime(); sec != one.Stats().Since.Unix() {
		t.Errorf("the ID is of time %d, want %v", sec, one.Stats().Since)
	}
	if got, want := two.AddrPort().String(), far.LocalAddr().String(); got != want || two.String() != want {
		t.Errorf("AddrPort() = %s, String() = %s; want %s", got, two, want)
	}
	if two.LocalAddr().String() != far.RemoteAddr().String() || two.Address() != "127.0.0.1" || two.Port() != int(two.AddrPort().Port()) {
		t.Errorf("LocalAddr() = %v, Address() = %s, Port() = %d", two.LocalAddr(), two.Address(), two.Port())
	}
}

func TestConnectionThatEndsWhileTheNodeCooks(t *testing.T) {
	r := newCooker(t)
	p, _ := r.streamPeer(t)
	r.cook(func(c *graph.Cook) {
		if n, err := p.In(c).Send("", "too late"); n != 8 || err != nil {
			t.Errorf("Send = %d, %v; want 8, nil: the cook cannot know", n, err)
		}
		p.Close()
	})
	if err := r.node.Err(); err != nil {
		t.Errorf("the node shows %v, want no error of its own", err)
	}
	if got := r.node.Counter("senderrors").Load(); got != 1 || p.Stats().Failed != 1 {
		t.Errorf("counter senderrors is %d, Stats().Failed %d; want 1 and 1", got, p.Stats().Failed)
	}
}
