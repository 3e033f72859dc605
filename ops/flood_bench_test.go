package ops_test

import (
	"net"
	"testing"
	"time"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/ops"
	"linecook.dev/linecook/peer"
	"linecook.dev/linecook/peer/osc"
)

// floodRate is how many messages a second BenchmarkFlood sends.
const floodRate = 200_000

// BenchmarkFlood sends a TUIO message b.N times at a steady rate over loopback UDP, to a receive loop
// that only counts, and to an engine that decodes, tables and filters at 60 frames a second. Run
// it with -benchtime 2000000x for ten seconds of each.
func BenchmarkFlood(b *testing.B) {
	b.Run("bare", func(b *testing.B) {
		pc, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
		if err != nil {
			b.Fatal(err)
		}
		defer pc.Close()
		if err := pc.SetReadBuffer(4 << 20); err != nil {
			b.Fatal(err)
		}
		got := make(chan uint64)
		go func() {
			buf, n := make([]byte, 64<<10), uint64(0)
			for {
				if _, _, err := pc.ReadFromUDPAddrPort(buf); err != nil {
					got <- n
					return
				}
				n++
			}
		}()
		flood(b, pc.LocalAddr().(*net.UDPAddr).Port)
		pc.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
		b.ReportMetric(100*float64(<-got)/float64(b.N), "%received")
	})
	b.Run("engine", func(b *testing.B) {
		g := graph.New()
		var in, loud *graph.Node
		op := &ops.OscIn{Port: 0}
		err := g.Edit(func(e *graph.Edit) {
			in = e.Add("in", op)
			loud = e.Add("loud", &ops.Select{Where: "arg2 > 0.1"})
			e.Wire(in, loud)
			e.Wire(loud, e.Add("count", &counter{}))
		})
		if err != nil {
			b.Fatal(err)
		}
		e, stop := cookLive(b, g)
		flood(b, int(op.LocalAddr().Port()))
		stop()
		s := in.Stats()
		b.ReportMetric(100*float64(loud.Stats().RowsOut)/float64(b.N), "%rows")
		b.ReportMetric(float64(s.Counters["kerneldrops"]), "kerneldrops")
		b.ReportMetric(float64(s.Inbox.Dropped), "inboxdrops")
		b.ReportMetric(float64(e.Stats().Skipped), "framesskipped")
	})
}

type counter struct{}

func (counter) Effect() bool           { return true }
func (counter) Cook(*graph.Cook) error { return nil }

// flood sends b.N messages to a port of this machine, in equal parts each millisecond.
func flood(b *testing.B, port int) {
	g := graph.New()
	var n *graph.Node
	if err := g.Edit(func(e *graph.Edit) { n = e.Add("sender", counter{}) }); err != nil {
		b.Fatal(err)
	}
	out, err := peer.DialDatagram(peer.DatagramConfig{Owner: n, Address: "127.0.0.1", Port: port})
	if err != nil {
		b.Fatal(err)
	}
	payload := any(tuio(b))
	b.ResetTimer()
	begun := time.Now()
	for sent := 0; sent < b.N; {
		due := min(b.N, int(time.Since(begun).Seconds()*floodRate))
		for ; sent < due; sent++ {
			for {
				if _, err := out.Peer().SendBytes(payload); err == nil {
					break
				}
				time.Sleep(time.Millisecond) // its queue is full: this machine cannot send so fast
			}
		}
		time.Sleep(time.Millisecond)
	}
	b.StopTimer()
	b.ReportMetric(float64(b.N)/time.Since(begun).Seconds(), "messages/s")
	if err := out.Close(); err != nil {
		b.Fatal(err)
	}
}

// tuio returns a TUIO message.
func tuio(b *testing.B) []byte {
	packet, _, err := osc.AppendValues(nil, nil, osc.Options{}, osc.Pair{
		Address: "/tuio/2Dcur", Values: []any{"set", 7, 0.5, 0.25, 0.0, 0.0, 0.125},
	})
	if err != nil {
		b.Fatal(err)
	}
	return packet
}
