package handshake_test

import (
	"errors"
	"net/netip"
	"testing"
	"time"

	"linecook.dev/linecook/peer/udt/internal/handshake"
	"linecook.dev/linecook/peer/udt/internal/wire"
)

var from = netip.MustParseAddrPort("192.0.2.1:9000")

// poll returns what an end says now; ok is false if that is nothing.
func poll(t *testing.T, end interface {
	Poll([]byte, time.Duration) []byte
}, now time.Duration) (h wire.Handshake, ok bool) {
	t.Helper()
	p := end.Poll(nil, now)
	if len(p) == 0 {
		return h, false
	}
	c, err := wire.ParseControl(p)
	if err == nil {
		h, err = wire.ParseHandshake(c)
	}
	if err != nil || len(p) != wire.HandshakeSize {
		t.Fatalf("Poll = %x: %v", p, err)
	}
	return h, true
}

func offer(id wire.ID, mss int) handshake.Offer {
	return handshake.Offer{ID: id, Mode: wire.Stream, ISN: 1000, MSS: mss, Window: 8192}
}

func TestClientAndListener(t *testing.T) {
	cookies := handshake.NewCookies()
	client := handshake.NewClient(offer(5, 1500), 0)
	ask, _ := poll(t, client, 0)
	client.Receive(cookies.Answer(ask, from, 0), 1)
	conclude, ok := poll(t, client, 1)
	if !ok || conclude.Request != wire.Conclude || !cookies.Valid(conclude, from, time.Minute) {
		t.Fatalf("with a cookie the client says %+v, %t; want a conclusion with a valid cookie", conclude, ok)
	}
	if cookies.Valid(conclude, from, 2*time.Minute) || cookies.Valid(conclude, netip.MustParseAddrPort("192.0.2.1:9001"), 0) {
		t.Error("a cookie is valid after two minutes or for another port")
	}
	other := offer(6, 1400)
	other.ISN = 77
	server, answer := handshake.Accept(other, conclude)
	client.Receive(answer, 2)
	got, done, err := client.Done()
	want := handshake.Agreement{Peer: 6, SendISN: 1000, RecvISN: 1000, MSS: 1400, PeerWindow: 8192, RTT: 1}
	if !done || err != nil || got != want {
		t.Errorf("Done() of the client = %+v, %t, %v; want %+v", got, done, err, want)
	}
	want.Peer, want.RTT = 5, 0
	if server != want {
		t.Errorf("Accept() = %+v, want %+v", server, want)
	}
}

func TestClientIsRefused(t *testing.T) {
	client := handshake.NewClient(offer(5, 1500), 0)
	ask, _ := poll(t, client, 0)
	client.Receive(handshake.Refusal(ask), 1)
	if _, done, err := client.Done(); !done || !errors.Is(err, handshake.ErrRefused) {
		t.Errorf("Done() after a refusal = %t, %v; want ErrRefused", done, err)
	}
}

// TestClientAsksForANewCookie when the one it has gets no answer.
func TestClientAsksForANewCookie(t *testing.T) {
	client := handshake.NewClient(offer(5, 1500), 0)
	ask, _ := poll(t, client, 0)
	client.Receive(handshake.NewCookies().Answer(ask, from, 0), 0)
	var said []wire.Request
	for now := time.Duration(0); len(said) < 4; now += 250 * time.Millisecond {
		if h, ok := poll(t, client, now); ok {
			said = append(said, h.Request)
		}
	}
	if said[0] != wire.Conclude || said[1] != wire.Conclude || said[2] != wire.Ask {
		t.Errorf("the client says %v, want two conclusions and a request", said)
	}
}

// TestRendezvous with each packet of the first ones lost in turn.
func TestRendezvous(t *testing.T) {
	for lost := range 6 {
		ends := [2]*handshake.Rendezvous{}
		offers := [2]handshake.Offer{offer(5, 1500), offer(6, 1400)}
		offers[1].ISN = 2000
		for i := range ends {
			ends[i] = handshake.NewRendezvous(offers[i], time.Duration(i)*300*time.Millisecond)
		}
		packets := 0
		for now := time.Duration(0); now < 5*time.Second; now += 10 * time.Millisecond {
			for i, end := range ends {
				h, ok := poll(t, end, now)
				if !ok {
					continue
				}
				if packets++; packets == lost {
					continue
				}
				if _, done, _ := ends[1-i].Done(); !done {
					ends[1-i].Receive(h, now)
				} else if p := ends[1-i].Answer(h, nil); len(p) > 0 {
					c, _ := wire.ParseControl(p)
					back, _ := wire.ParseHandshake(c)
					end.Receive(back, now)
				}
			}
		}
		for i, end := range ends {
			want := handshake.Agreement{Peer: offers[1-i].ID, SendISN: offers[i].ISN, RecvISN: offers[1-i].ISN, MSS: 1400, PeerWindow: 8192}
			if got, done, err := end.Done(); got != want || !done || err != nil {
				t.Errorf("packet %d lost: Done() of end %d = %+v, %t, %v; want %+v", lost, i, got, done, err, want)
			}
		}
	}
}
