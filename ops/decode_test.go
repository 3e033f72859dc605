package ops_test

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops"
	"linecook.dev/linecook/peer/framing"
	"linecook.dev/linecook/peer/osc"
)

// ready returns op as a graph has it, with its defaults and checked.
func ready[O graph.Operator](t testing.TB, op O) O {
	t.Helper()
	if err := graph.New().Edit(func(e *graph.Edit) { e.Add("n", op) }); err != nil {
		t.Fatal(err)
	}
	return op
}

// build returns the packet that f writes.
func build(t testing.TB, f func(b *osc.Builder)) []byte {
	t.Helper()
	var b osc.Builder
	b.Reset(nil)
	f(&b)
	packet, err := b.Finish()
	if err != nil {
		t.Fatal(err)
	}
	return packet
}

func floatMessage(b *osc.Builder, address string) {
	b.BeginMessage(address)
	b.Float32(0.25)
	b.EndMessage()
}

func tuioMessage(b *osc.Builder) {
	b.BeginMessage("/tuio/2Dcur")
	b.String("set")
	b.Int32(12)
	for range 5 {
		b.Float32(0.5)
	}
	b.EndMessage()
}

func bundle20(b *osc.Builder) {
	b.BeginBundle(osc.Immediately)
	for i := range 20 {
		floatMessage(b, fmt.Sprintf("/ch/%d", i))
	}
	b.EndBundle()
}

type decodeCase struct {
	name string
	op   interface {
		graph.Operator
		graph.Decoder
	}
	data []byte
	rows int
}

func decodeCases(t testing.TB) []decodeCase {
	float := build(t, func(b *osc.Builder) { floatMessage(b, "/abc") })
	all := ops.Extras{Bytes: true, Peer: true, Time: true}
	return []decodeCase{
		{"oscin float", &ops.OscIn{}, float, 1},
		{"oscin tuio", &ops.OscIn{}, build(t, tuioMessage), 1},
		{"oscin bundle of 20", &ops.OscIn{}, build(t, bundle20), 20},
		{"oscin float scoped", &ops.OscIn{AddScope: "/a* ^*x*"}, float, 1},
		{"oscin float all columns", &ops.OscIn{TypeTag: true, BundleTimestamp: true, Extras: all}, float, 1},
		{"oscin float as text", &ops.OscIn{SplitMessage: graph.Off}, float, 1},
		{"udpin", &ops.UdpIn{}, []byte("hello"), 1},
		{"udpin lines", &ops.UdpIn{Format: "perline"}, []byte("a\r\nb\nc"), 3},
		{"udpin bytes", &ops.UdpIn{Format: "perbyte"}, []byte("hello"), 5},
		{"udpin not UTF-8", &ops.UdpIn{}, []byte("h\xe9\xff"), 1},
		{"udpin all columns", &ops.UdpIn{Extras: all}, []byte("hello"), 1},
		{"tcpip", &ops.TcpIp{Port: 1}, []byte("hello"), 1},
	}
}

func TestDecodeAllocatesNothing(t *testing.T) {
	for _, tt := range decodeCases(t) {
		t.Run(tt.name, func(t *testing.T) {
			op, tab, w := ready(t, tt.op), table.New(table.Limits{Rows: 100}), table.NewWriter()
			e := graph.Event{Data: tt.data, Peer: name("127.0.0.1:9000"), Time: 1e18}
			decode := func() {
				if err := op.Decode(&e, w); err != nil {
					t.Fatal(err)
				}
				tab.Commit(w)
			}
			for range 2000 { // until every chunk has been used once
				decode()
			}
			if n := testing.AllocsPerRun(2000, decode); n != 0 {
				t.Errorf("Decode allocates %v times a packet, want 0", n)
			}
			if rows := w.End(); rows != uint64(4001*tt.rows) {
				t.Errorf("4001 packets became %d rows, want %d each", rows, tt.rows)
			}
		})
	}
}

// A name is a peer that is nobody.
type name string

func (n name) String() string { return string(n) }

func BenchmarkDecode(b *testing.B) {
	for _, tt := range decodeCases(b) {
		b.Run(tt.name, func(b *testing.B) {
			op, tab, w := ready(b, tt.op), table.New(table.Limits{Rows: 1000}), table.NewWriter()
			e := graph.Event{Data: tt.data, Peer: name("127.0.0.1:9000"), Time: 1e18}
			n := 0
			for b.Loop() {
				if err := op.Decode(&e, w); err != nil {
					b.Fatal(err)
				}
				if n++; n%64 == 0 {
					tab.Commit(w)
				}
			}
			b.ReportAllocs()
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*tt.rows), "ns/row")
		})
	}
}

// Lines of a datagram are those of a stream that ends with it.
func TestDatagramLinesAreThoseOfAStream(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		data := []byte(rapid.StringOfN(rapid.SampledFrom([]rune("ab\n\r\x00")), 0, 20, -1).Draw(t, "data"))
		var want []string
		s := framing.NewSplitter(framing.Config{Format: framing.PerLine})
		for line := range s.Feed(data) {
			want = append(want, string(line))
		}
		if rest, _ := s.Flush(); rest != nil {
			want = append(want, string(rest))
		}
		op, tab, w := &ops.UdpIn{Format: "perline"}, table.New(table.Limits{}), table.NewWriter()
		if err := op.Decode(&graph.Event{Data: data}, w); err != nil {
			t.Fatal(err)
		}
		tab.Commit(w)
		var got []string
		for row := range tab.Rows(tab.Window()) {
			got = append(got, row.Get("message").Str())
		}
		if fmt.Sprintf("%q", got) != fmt.Sprintf("%q", want) {
			t.Fatalf("lines of %q: %q, want %q", data, got, want)
		}
	})
}

// fuzzDecode asserts the laws of Decode on any bytes: it ends soon, a failure leaves no trace, a
// success leaves whole rows within the limits, and the same bytes become the same rows.
func fuzzDecode(t *testing.T, ops []graph.Decoder, data []byte) {
	for i, op := range ops {
		tab, w := table.New(table.Limits{Rows: 50}), table.NewWriter()
		good := graph.Event{Data: data, Peer: name("p"), Time: 1}
		began := time.Now()
		before := w.Mark()
		if err := op.Decode(&good, w); err != nil {
			w.Undo(before)
			if w.End() != 0 || w.Schema().Len() != 0 {
				t.Fatalf("operator %d: after %v there are %d rows and %d columns", i, err, w.End(), w.Schema().Len())
			}
			continue
		}
		if took := time.Since(began); took > 2*time.Second {
			t.Fatalf("operator %d: Decode of %d bytes took %v", i, len(data), took)
		}
		first := w.End()
		if err := op.Decode(&good, w); err != nil {
			t.Fatalf("operator %d: second time: %v", i, err)
		}
		if w.End() != 2*first || w.Schema().Len() > table.MaxColumns {
			t.Fatalf("operator %d: %d rows, then %d in all, %d columns", i, first, w.End(), w.Schema().Len())
		}
		tab.Commit(w)
		if n := tab.NumRows(); n > 50 {
			t.Fatalf("operator %d: %d rows, limit 50", i, n)
		}
		if last := tab.Window().Hi; first > 0 && first <= 25 {
			same(t, tab, last-1, first-1)
		}
	}
}

func same(t *testing.T, tab *table.Table, a, b uint64) {
	t.Helper()
	for col := range tab.Schema().Len() {
		if v, w := tab.Cell(a, col), tab.Cell(b, col); !v.Equal(w) {
			t.Fatalf("column %s: %v, the first time %v", tab.Schema().Name(col), v, w)
		}
	}
}

func FuzzOscInDecode(f *testing.F) {
	for _, tt := range decodeCases(f) {
		f.Add(tt.data)
	}
	f.Add(build(f, everyType))
	f.Add([]byte("/a\x00\x00,[[[[[[[[[[[[[[[[i]]]]]]]]]]]]]]]]\x00\x00\x00\x00\x00\x00\x00\x01"))
	f.Add(append([]byte("/a\x00\x00,"), append(bytes.Repeat([]byte("T"), 4095), 0, 0, 0, 0)...))
	all := ops.Extras{Bytes: true, Peer: true, Time: true}
	decoders := []graph.Decoder{
		ready(f, &ops.OscIn{}),
		ready(f, &ops.OscIn{TypeTag: true, BundleTimestamp: true, Extras: all, AddScope: "^/b*"}),
		ready(f, &ops.OscIn{SplitMessage: graph.Off}),
		ready(f, &ops.OscIn{SplitBundle: graph.Off, BundleTimestamp: true, TypeTag: true}),
		ready(f, &ops.OscIn{SplitBundle: graph.Off, SplitMessage: graph.Off}),
	}
	f.Fuzz(func(t *testing.T, data []byte) { fuzzDecode(t, decoders, data) })
}

func FuzzUdpInDecode(f *testing.F) { fuzzText(f, "perbyte", "perline", "permessage") }

func fuzzText(f *testing.F, formats ...string) {
	var decoders []graph.Decoder
	for _, format := range formats {
		decoders = append(decoders, ready(f, &ops.UdpIn{Format: format, Extras: ops.Extras{Bytes: true, Peer: true}}))
	}
	f.Add([]byte("a\r\nb\x00\n"))
	f.Add([]byte("\xff\xfe\xed\xa0\x80"))
	f.Fuzz(func(t *testing.T, data []byte) { fuzzDecode(t, decoders, data) })
}

func FuzzTcpIpDecode(f *testing.F) {
	f.Add([]byte("hello"))
	f.Add([]byte("\xff\x00\xc3"))
	decoders := []graph.Decoder{ready(f, &ops.TcpIp{Port: 1, Extras: ops.Extras{Bytes: true, Peer: true, Time: true}})}
	f.Fuzz(func(t *testing.T, data []byte) { fuzzDecode(t, decoders, data) })
}

// everyType writes a message with an argument of each type.
func everyType(b *osc.Builder) {
	b.BeginMessage("/every")
	b.Int32(-1)
	b.Float32(0.1)
	b.String("text é")
	b.Blob([]byte{0, 1, 255})
	b.Int64(7)
	b.Float64(0.1)
	b.TimeTag(1 << 63)
	b.Symbol("sym")
	b.Char('x')
	b.Colour(osc.Colour{R: 1, G: 2, B: 3, A: 4})
	b.MIDI(osc.MIDI{Port: 1, Status: 0x90, Data1: 60, Data2: 127})
	b.Bool(true)
	b.Bool(false)
	b.Nil()
	b.Infinitum()
	b.ArrayBegin()
	b.Int64(1)
	b.ArrayBegin()
	b.Symbol("deep")
	b.Nil()
	b.ArrayEnd()
	b.ArrayEnd()
	b.Int32(9)
	b.EndMessage()
}
