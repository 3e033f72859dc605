package ops_test

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops"
	"linecook.dev/linecook/peer"
	"linecook.dev/linecook/peer/osc"
)

// bundleOf returns a bundle with as many messages as fit into a datagram, the i-th with the type tags
// that tags returns, which stand for no data.
func bundleOf(tags func(i int) string) []byte {
	b := []byte("#bundle\x00\x00\x00\x00\x00\x00\x00\x00\x01")
	for i := 0; ; i++ {
		m := pad(pad([]byte("/")), []byte(","+tags(i))...)
		if len(b)+4+len(m) > peer.MaxDatagram {
			return b
		}
		b = append(append(b, byte(len(m)>>24), byte(len(m)>>16), byte(len(m)>>8), byte(len(m))), m...)
	}
}

// pad appends text, and NULs to the next multiple of four.
func pad(b []byte, text ...byte) []byte {
	b = append(append(b, text...), 0)
	return append(b, make([]byte, -len(b)&3)...)
}

type hostileCase struct {
	name string
	op   graph.Decoder
	data []byte
}

func hostileCases(tb testing.TB) []hostileCase {
	all := ops.Extras{Bytes: true, Peer: true, Time: true}
	wide := strings.Repeat("T", 4000)
	blob := build(tb, func(b *osc.Builder) {
		b.BeginMessage("/")
		b.Blob(bytes.Repeat([]byte{255}, 65_000))
		b.EndMessage()
	})
	return []hostileCase{
		{"tiny messages", ready(tb, &ops.OscIn{Extras: all, TypeTag: true}), bundleOf(func(int) string { return "" })},
		{"wide messages", ready(tb, &ops.OscIn{Extras: all}), bundleOf(func(int) string { return wide })},
		{"ever wider messages", ready(tb, &ops.OscIn{}), bundleOf(func(i int) string { return wide[:i] })},
		{"deep arrays", ready(tb, &ops.OscIn{}), bundleOf(func(int) string {
			return strings.Repeat(strings.Repeat("[", 16)+strings.Repeat("]", 16), 120)
		})},
		{"a bundle as one row", ready(tb, &ops.OscIn{SplitBundle: graph.Off}), bundleOf(func(int) string { return "[T]" })},
		{"a blob as text", ready(tb, &ops.OscIn{SplitMessage: graph.Off}), blob},
		{"bytes", ready(tb, &ops.UdpIn{Format: "perbyte", Extras: all}), bytes.Repeat([]byte{255}, peer.MaxDatagram)},
		{"empty lines", ready(tb, &ops.UdpIn{Format: "perline", Extras: all}), bytes.Repeat([]byte{'\n'}, peer.MaxDatagram)},
	}
}

// No datagram costs more than 8 MB, whatever is in it (reliability R20).
func TestHostileDatagramCostsLittleMemory(t *testing.T) {
	for _, tt := range hostileCases(t) {
		t.Run(tt.name, func(t *testing.T) {
			w := table.NewWriter()
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			err := tt.op.Decode(&graph.Event{Data: tt.data, Peer: name("p")}, w)
			runtime.ReadMemStats(&after)
			if err != nil {
				t.Fatal(err)
			}
			if cost := after.TotalAlloc - before.TotalAlloc; cost > 8<<20 {
				t.Errorf("Decode of %d bytes made %d rows of %d columns and allocated %d bytes, limit 8 MiB",
					len(tt.data), w.End(), w.Schema().Len(), cost)
			}
		})
	}
}

func BenchmarkHostileDatagram(b *testing.B) {
	for _, tt := range hostileCases(b) {
		b.Run(strings.ReplaceAll(tt.name, " ", "_"), func(b *testing.B) {
			for b.Loop() {
				if err := tt.op.Decode(&graph.Event{Data: tt.data, Peer: name("p")}, table.NewWriter()); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(b.Elapsed().Seconds()*1e3/float64(b.N), "ms/datagram")
		})
	}
}

// What rows keep of a bundle is no longer than the bundle, bytes and all.
func TestBytesOfBundledMessage(t *testing.T) {
	op, w, tab := ready(t, &ops.OscIn{Extras: ops.Extras{Bytes: true}}), table.NewWriter(), table.New(table.Limits{})
	if err := op.Decode(&graph.Event{Data: build(t, bundle20)}, w); err != nil {
		t.Fatal(err)
	}
	tab.Commit(w)
	i := 0
	for row := range tab.Rows(tab.Window()) {
		want := build(t, func(b *osc.Builder) { floatMessage(b, fmt.Sprintf("/ch/%d", i)) })
		if got := row.Get("bytes").Str(); got != string(want) {
			t.Errorf("bytes of row %d are %q, want %q", i, got, want)
		}
		i++
	}
}
