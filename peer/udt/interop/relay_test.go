package interop_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"
	"time"

	"linecook.dev/linecook/peer/udt"
	"linecook.dev/linecook/peer/udt/interop"
	"linecook.dev/linecook/peer/udt/interop/relay"
)

// lossy is a network that loses 1 % each way and has a round trip of 20 ms.
func lossy(t *testing.T, target string) (address string) {
	t.Helper()
	path := relay.Path{Loss: 0.01, Delay: 10 * time.Millisecond}
	r, err := relay.New(path, path, 1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	address, err = r.Forward(target)
	if err != nil {
		t.Fatal(err)
	}
	return address
}

var lossyTasks = []interop.Task{
	{Mode: "stream", Bytes: 2_000_000, Size: 10_000},
	{Mode: "inorder", Bytes: 1_000_000, Size: 4000},
	{Mode: "anyorder", Bytes: 1_000_000, Size: 4000},
}

func TestLossyNetworkToTheLibrary(t *testing.T) {
	each(t, lossyTasks, "127.0.0.1", func(t *testing.T, k interop.Task) {
		k.Open = "listen"
		l := start(t, k)
		c, err := udt.Dial(t.Context(), "udp", lossy(t, l.Address()), config(k))
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		move(t, c, l, k)
		if s := c.Stats(); s.Retransmitted+s.ReceiverLosses == 0 {
			t.Errorf("nothing was lost: %+v", s)
		}
	})
}

func TestLossyNetworkFromTheLibrary(t *testing.T) {
	each(t, lossyTasks, "127.0.0.1", func(t *testing.T, k interop.Task) {
		ln, err := udt.Listen("udp", "127.0.0.1:0", config(k))
		if err != nil {
			t.Fatal(err)
		}
		defer ln.Close()
		k.Open, k.Peer = "dial", portOf(t, lossy(t, ln.Addr().String()))
		l := start(t, k)
		c, err := ln.AcceptUDT()
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		move(t, c, l, k)
	})
}

// shortLived are messages of three packets. Of those that lose one, some are given up, as a drop request says.
var shortLived = interop.Task{Mode: "inorder", IP: "127.0.0.1", Bytes: 2000 * 4000, Size: 4000, TTL: 25 * time.Millisecond}

func TestMessagesThatTheLibraryGivesUp(t *testing.T) {
	for _, mode := range []string{"inorder", "anyorder"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			k := shortLived
			k.Open, k.Work, k.Mode = "listen", "offer", mode
			l := start(t, k)
			c, err := udt.Dial(t.Context(), "udp", lossy(t, l.Address()), config(k))
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			c.SetDeadline(time.Now().Add(patience))
			c.WriteMessage([]byte("ready"), udt.MessageOptions{})
			places, all := takeAll(t, c, k)
			if mode == "inorder" && !slices.IsSorted(places) {
				t.Error("messages of one order come in another")
			}
			if all {
				checkShortLived(t, len(places), c.Stats())
			}
		})
	}
}

// takeAll returns the places of messages up to the last one, which are all whole and come once. That the
// connection ends before is the library's fault: when it gives up the newest message, it takes the drop
// request's end, which is one too far, for the number of the packet that it has sent last, and gets no further.
func takeAll(t *testing.T, c *udt.Conn, k interop.Task) (places []uint64, all bool) {
	t.Helper()
	want, seen := make([]byte, k.Size), map[uint64]bool{}
	var m []byte
	for at := uint64(0); at != uint64(k.Bytes-k.Size); {
		var err error
		m, err = c.ReadMessage(m[:0])
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			t.Logf("the library ends the connection after %d messages", len(places))
			return places, false
		}
		if err != nil || len(m) != k.Size {
			t.Fatalf("message %d has %d bytes, want %d; %v\n%+v", len(places), len(m), k.Size, err, c.Stats())
		}
		at = binary.LittleEndian.Uint64(m)
		content(want, int(at))
		if seen[at] || !slices.Equal(m[8:], want[8:]) {
			t.Fatalf("message %d, of place %d, is not what was sent there, or comes again", len(places), at)
		}
		seen[at] = true
		places = append(places, at)
	}
	return places, true
}

func checkShortLived(t *testing.T, got int, s udt.Stats) {
	t.Helper()
	if all := shortLived.Bytes / shortLived.Size; got < all/2 || got > all {
		t.Errorf("%d of %d messages arrive: %+v", got, all, s)
	} else {
		t.Logf("%d of %d messages arrive", got, all)
	}
}

func TestMessagesThatWeGiveUp(t *testing.T) {
	for _, mode := range []string{"inorder", "anyorder"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			k := shortLived
			k.Open, k.Work, k.Mode = "listen", "take", mode
			l := start(t, k)
			c, err := udt.Dial(t.Context(), "udp", lossy(t, l.Address()), config(k))
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			c.SetDeadline(time.Now().Add(patience))
			offerAll(t, c, k)
			var right, wrong int
			fmt.Sscan(l.line("taken"), &right, &wrong)
			if wrong > 0 {
				t.Errorf("%d messages arrive with a wrong content", wrong)
			}
			checkShortLived(t, right, c.Stats())
			if s := c.Stats(); s.Expired == 0 {
				t.Errorf("no message was given up: %+v", s)
			}
		})
	}
}

func offerAll(t *testing.T, c *udt.Conn, k interop.Task) {
	t.Helper()
	b := make([]byte, k.Size)
	for at := 0; at < k.Bytes; at += k.Size {
		content(b, at)
		binary.LittleEndian.PutUint64(b, uint64(at))
		o := udt.MessageOptions{AnyOrder: k.Mode == "anyorder", TimeToLive: k.TTL}
		if at+k.Size == k.Bytes {
			o.TimeToLive = 0
		}
		if err := c.WriteMessage(b, o); err != nil {
			t.Fatalf("message at %d: %v; %+v", at, err, c.Stats())
		}
	}
}
