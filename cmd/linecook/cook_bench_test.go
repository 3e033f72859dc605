package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"log/slog"
	"math"
	"net/netip"
	"testing"
	"time"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/cook/take"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/peer"
)

const showFile = "../../patches/examples/show.yaml"

// BenchmarkOfflineCook cooks a take of a minute of the example show.yaml, and compares it with the take's hashes.
// Half of the messages are lines of sensors, half are faders.
func BenchmarkOfflineCook(b *testing.B) {
	const minute = 60
	for _, rate := range []int{100, 1000, 10_000} {
		b.Run(fmt.Sprintf("messages=%d", rate), func(b *testing.B) {
			taken := takeOfShow(b, minute, rate)
			for b.Loop() {
				cookAgain(b, taken)
			}
			b.ReportMetric(float64(b.N*minute)/b.Elapsed().Seconds(), "x-real-time")
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*minute*rate), "ns/message")
		})
	}
}

func cookAgain(tb testing.TB, b []byte) {
	c, err := newCooking(&source{file: showFile}, 0, slog.New(slog.DiscardHandler))
	if err != nil {
		tb.Fatal(err)
	}
	r, err := take.NewReader(bytes.NewReader(b))
	if err != nil {
		tb.Fatal(err)
	}
	defer r.Close()
	if err := c.cookTake(tb.Context(), &taken{Reader: r, name: "the take"}); err != nil || c.difference != nil || c.checked == 0 {
		tb.Fatalf("the take is cooked to something else: %v, %v, %d hashes", err, c.difference, c.checked)
	}
}

// takeOfShow returns a take of so many seconds of show.yaml, with so many messages a second.
func takeOfShow(tb testing.TB, seconds, rate int) []byte {
	src := &source{file: showFile}
	patch, g, err := src.load()
	if err != nil {
		tb.Fatal(err)
	}
	var out bytes.Buffer
	r, err := take.NewRecorder(&out, take.Config{Info: src.info(patch, nil), Limit: 1 << 40})
	if err != nil {
		tb.Fatal(err)
	}
	config := cook.Config{FPS: patch.Timeline.FPS, Offline: true}
	(&recording{take: r}).tap(&config)
	e, err := cook.New(g, config)
	if err != nil {
		tb.Fatal(err)
	}
	e.Start(tb.Context())
	s := newShowInput(g)
	fps := int(patch.Timeline.FPS)
	for frame := range seconds * fps {
		for s.sent < (frame+1)*rate/fps {
			s.send(tb)
		}
		e.Step()
	}
	if err := e.Close(); err != nil {
		tb.Fatal(err)
	}
	if err := r.Close(); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

// A showInput is what arrives at show.yaml.
type showInput struct {
	sensors, desk *graph.Node
	peers         map[*graph.Node]*peer.Peer
	sent          int
}

func newShowInput(g *graph.Graph) *showInput {
	s := &showInput{sensors: g.Node("sensors"), desk: g.Node("desk"), peers: map[*graph.Node]*peer.Peer{}}
	for _, n := range []*graph.Node{s.sensors, s.desk} {
		s.peers[n] = peer.NewOffline(peer.OfflineConfig{Owner: n, Protocol: "udp", Addr: netip.MustParseAddrPort("192.0.2.1:5000")})
	}
	return s
}

// send sends a reading of a sensor, of which one in a hundred begins an alarm, or a move of a fader.
func (s *showInput) send(tb testing.TB) {
	i := s.sent / 2
	to, data := s.sensors, fmt.Appendf(nil, "temp%d %d", 1+i%4, 20+i%20)
	if i%100 == 0 {
		data = []byte("temp1 99")
	}
	if s.sent++; s.sent%2 == 0 {
		to, data = s.desk, fmt.Appendf(nil, "/fader/%d\x00\x00\x00\x00,f\x00\x00", 1+i%4)
		data = binary.BigEndian.AppendUint32(data, math.Float32bits(float32(i%256)/256))
	}
	if err := to.Inbox().Put(graph.Event{Peer: s.peers[to], Time: int64(s.sent) * int64(time.Millisecond), Data: data}); err != nil {
		tb.Fatal(err)
	}
}
