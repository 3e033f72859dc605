package interop_test

import (
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"sync"
	"testing"

	"linecook.dev/linecook/peer/udt"
)

// relay passes packets between its first caller and target, and loses a share of them each way. It
// returns its address.
func relay(t *testing.T, target string, loss float64) string {
	t.Helper()
	to, err := net.ResolveUDPAddr("udp", target)
	if err != nil {
		t.Fatal(err)
	}
	near, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	far, err := net.DialUDP("udp", nil, to)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	t.Cleanup(func() {
		near.Close()
		far.Close()
		wg.Wait()
	})
	var mu sync.Mutex
	var caller netip.AddrPort
	wg.Go(func() {
		pass(near, loss, 1, func(p []byte, from netip.AddrPort) {
			mu.Lock()
			caller = from
			mu.Unlock()
			far.Write(p)
		})
	})
	wg.Go(func() {
		pass(far, loss, 2, func(p []byte, _ netip.AddrPort) {
			mu.Lock()
			back := caller
			mu.Unlock()
			near.WriteToUDPAddrPort(p, back)
		})
	})
	return near.LocalAddr().String()
}

func pass(from *net.UDPConn, loss float64, seed uint64, to func(p []byte, from netip.AddrPort)) {
	random, b := rand.New(rand.NewPCG(seed, 0)), make([]byte, 1<<16)
	for {
		n, source, err := from.ReadFromUDPAddrPort(b)
		if err != nil {
			return
		}
		if random.Float64() >= loss {
			to(b[:n], source)
		}
	}
}

func TestLossyRelay(t *testing.T) {
	for _, k := range []task{
		{mode: "stream", bytes: 2_000_000, size: 10_000},
		{mode: "inorder", bytes: 1_000_000, size: 4000},
		{mode: "anyorder", bytes: 1_000_000, size: 4000},
	} {
		for what, weSend := range directions {
			t.Run(fmt.Sprintf("%s/library %s", k.mode, what), func(t *testing.T) {
				l := start(t, "listen", what, "127.0.0.1", "", k)
				c, err := udt.Dial(t.Context(), "udp", relay(t, "127.0.0.1:"+l.port, 0.01), config(k))
				if err != nil {
					t.Fatal(err)
				}
				defer c.Close()
				move(t, c, l, weSend, k)
			})
		}
	}
}
