package mmsg_test

import (
	"bytes"
	"net"
	"testing"

	"linecook.dev/linecook/peer/internal/mmsg"
)

// TestSegments: whoever cuts or joins, the datagrams are the same.
func TestSegments(t *testing.T) {
	const size, count, last = 1200, 10, 7
	payload := make([]byte, (count-1)*size+last)
	for i := range payload {
		payload[i] = byte(i / 100)
	}
	var datagrams [][]byte
	for rest := payload; len(rest) > 0; rest = rest[min(size, len(rest)):] {
		datagrams = append(datagrams, rest[:min(size, len(rest))])
	}
	for _, tt := range []struct {
		name        string
		cuts, joins bool
	}{{"both", true, true}, {"only cut", true, false}, {"only joined", false, true}, {"neither", false, false}} {
		for _, address := range []string{"127.0.0.1", "::1"} {
			t.Run(tt.name+"/"+address, func(t *testing.T) {
				open := opener{mmsg.New, net.ParseIP(address)}
				from, to := open.listen(t), open.listen(t)
				if !from.Cuts() {
					t.Fatal("the kernel does not cut")
				}
				if tt.joins {
					if !to.Join() {
						t.Fatal("the kernel does not join")
					}
				}
				out := outgoing(addrOf(to), datagrams...)
				if tt.cuts {
					out = outgoing(addrOf(to), payload)
					out[0].Segment = size
				}
				write(t, from, append(out, outgoing(addrOf(to), []byte("single"))...))
				got := receive(t, to, count+1)
				for i, want := range append(datagrams, []byte("single")) {
					if !bytes.Equal(got[i], want) {
						t.Errorf("datagram %d has %d bytes %.20x, want %d bytes %.20x", i, len(got[i]), got[i], len(want), want)
					}
				}
			})
		}
	}
}

// receive reads datagrams, joined or not, until there are that many.
func receive(t *testing.T, c *mmsg.Conn, count int) (datagrams [][]byte) {
	t.Helper()
	for len(datagrams) < count {
		ms := messages(4, 1<<16)
		n, err := c.Read(ms)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range ms[:n] {
			size := m.Segment
			if size == 0 {
				size = m.N
			}
			for at := 0; at < m.N; at += size {
				datagrams = append(datagrams, m.Buf[at:min(at+size, m.N)])
			}
		}
	}
	return datagrams
}
