package ops_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops"
	"linecook.dev/linecook/peer/osc"
)

// newRepeater starts an oscin that is wired to an oscout, which sends to the socket it returns.
func newRepeater(t testing.TB, in *ops.OscIn) (*rig, func() string) {
	t.Helper()
	sink, port := listenUDP(t)
	r := newRig(t, func(e *graph.Edit) {
		from := e.Add("in", in)
		e.Wire(from, e.Add("out", &ops.OscOut{Port: port}))
	})
	return r, func() string {
		t.Helper()
		return receive(t, sink)
	}
}

// repeat sends packets to in and returns what out sends of each.
func repeat(t testing.TB, in *ops.OscIn, packets ...[]byte) []string {
	t.Helper()
	r, sent := newRepeater(t, in)
	c := dialUDP(t, in.LocalAddr())
	for _, p := range packets {
		send(t, c, string(p))
	}
	r.cookUntil("as many packets", func() bool { return r.g.Node("out").Stats().Sent == uint64(len(packets)) })
	var got []string
	for range packets {
		got = append(got, sent())
	}
	return got
}

func TestOscThrough(t *testing.T) {
	every := build(t, everyType)
	got := repeat(t, &ops.OscIn{}, every)
	if got[0] != string(every) {
		t.Errorf("in  %q\nout %q", every, got[0])
	}
}

func TestOscBundleThrough(t *testing.T) {
	bundle := build(t, func(b *osc.Builder) {
		b.BeginBundle(osc.TimeTag(1 << 63))
		floatMessage(b, "/a")
		everyType(b)
		b.EndBundle()
	})
	if got := repeat(t, &ops.OscIn{SplitBundle: graph.Off, BundleTimestamp: true}, bundle); got[0] != string(bundle) {
		t.Errorf("in  %q\nout %q", bundle, got[0])
	}
}

// What comes in goes out with the same bytes. Without a column of types, nil arguments at the end
// cannot be told from none.
func TestOscThroughRandom(t *testing.T) {
	for _, typed := range []bool{false, true} {
		t.Run(fmt.Sprintf("typetag=%t", typed), func(t *testing.T) {
			var packets [][]byte
			gen := rapid.Custom(func(t *rapid.T) []byte {
				var b osc.Builder
				b.Reset(nil)
				b.BeginMessage("/" + rapid.StringMatching(`[a-z]{0,6}`).Draw(t, "address"))
				drawArgs(t, &b, rapid.IntRange(0, 8).Draw(t, "arguments"), 0)
				if !typed {
					b.Bool(false)
				}
				b.EndMessage()
				p, err := b.Finish()
				if err != nil {
					t.Fatal(err)
				}
				return p
			})
			for i := range 200 {
				packets = append(packets, gen.Example(i))
			}
			for i, got := range repeat(t, &ops.OscIn{TypeTag: typed}, packets...) {
				if got != string(packets[i]) {
					t.Errorf("packet %d\nin  %q\nout %q", i, packets[i], got)
				}
			}
		})
	}
}

func drawArgs(t *rapid.T, b *osc.Builder, n, depth int) {
	for range n {
		switch rapid.IntRange(0, 15).Draw(t, "type") {
		case 0:
			b.Int32(rapid.Int32().Draw(t, "i"))
		case 1:
			b.Int64(rapid.Int64().Draw(t, "h"))
		case 2:
			b.Float32(rapid.Float32().Draw(t, "f"))
		case 3:
			b.Float64(rapid.Float64().Draw(t, "d"))
		case 4:
			b.String(strings.ReplaceAll(rapid.String().Draw(t, "s"), "\x00", ""))
		case 5:
			b.Symbol(rapid.StringMatching(`\w*`).Draw(t, "S"))
		case 6:
			b.Blob(rapid.SliceOfN(rapid.Byte(), 0, 9).Draw(t, "b"))
		case 7:
			b.TimeTag(osc.TimeTag(rapid.Uint64().Draw(t, "t")))
		case 8:
			b.Char(osc.Char(rapid.Int32().Draw(t, "c")))
		case 9:
			b.Colour(osc.Colour{R: rapid.Byte().Draw(t, "r"), A: 9})
		case 10:
			b.MIDI(osc.MIDI{Status: rapid.Byte().Draw(t, "m"), Data2: 1})
		case 11:
			b.Bool(rapid.Bool().Draw(t, "T"))
		case 12:
			b.Nil()
		case 13:
			b.Infinitum()
		default:
			if depth < 3 {
				b.ArrayBegin()
				drawArgs(t, b, rapid.IntRange(0, 3).Draw(t, "elements"), depth+1)
				b.ArrayEnd()
			}
		}
	}
}

func TestOscOutColumns(t *testing.T) {
	tests := []struct {
		name    string
		columns []string
		row     []any
		want    string // as text, or an error
	}{
		{"arguments in order", []string{"arg2", "address", "arg1", "note"}, []any{2, "/a", 1, "x"}, "/a 1 2"},
		{"all columns but the known ones", []string{"address", "x", "peer", "y"}, []any{"/a", 1.5, "p", true}, "/a 1.5 True"},
		{"nil at the end is none", []string{"address", "arg1", "arg2"}, []any{"/a", 1, nil}, "/a 1"},
		{"nil before something", []string{"address", "arg1", "arg2"}, []any{"/a", nil, 1}, "/a None 1"},
		{"types tell nil from none", []string{"address", "types", "arg1", "arg2"}, []any{"/a", "iN", 1, nil}, "/a 1 None"},
		{"types tell of more than there is", []string{"address", "types", "arg1"}, []any{"/a", "iii", 1}, "/a 1"},
		{"a list is an array", []string{"address", "arg1"}, []any{"/a", []any{1, []any{"x"}}}, `/a [1 ["x"]]`},
		{"a bundle in a row", []string{"address", "timestamp", "arg1", "arg2"},
			[]any{"#bundle", table.TimeTagValue(1 << 63), []any{"/a", 1}, []any{"/b"}}, "/a 1; /b at 8000000000000000"},
		{"a bundle of no message", []string{"address", "arg1"}, []any{"#bundle", []any{1}}, "error: column arg1: in a row"},
		{"a large int is 64 bits", []string{"address", "arg1"}, []any{"/a", 1 << 40}, "/a 1099511627776"},
		{"no address", []string{"x"}, []any{1}, "error: the input has no column address"},
		{"an address without slash", []string{"address"}, []any{"a"}, `error: address "a" does not begin with /`},
		{"a NUL in a text", []string{"address", "arg1"}, []any{"/a", "x\x00y"}, `error: `},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			sink, port := listenUDP(t)
			r := newRig(t, func(e *graph.Edit) {
				from := e.Add("table", &ops.Table{Columns: tt.columns, Rows: [][]any{tt.row}})
				e.Wire(from, e.Add("out", &ops.OscOut{Port: port}))
			})
			r.engine.Step()
			n := r.g.Node("out")
			if want, failing := strings.CutPrefix(tt.want, "error: "); failing {
				if f := n.Faults(); len(f) != 1 || f[0].Kind != graph.FaultRow || !strings.Contains(f[0].LastError.Error(), want) {
					t.Errorf("Faults() = %+v, want one of a row: %s", f, want)
				}
				return
			}
			if err := n.Err(); err != nil {
				t.Fatal(err)
			}
			var p osc.Packet
			if err := p.Parse([]byte(receive(t, sink))); err != nil {
				t.Fatal(err)
			}
			if got := packetText(&p); got != tt.want {
				t.Errorf("sent %s, want %s", got, tt.want)
			}
		})
	}
}

// packetText returns a packet as text: its messages, and the time of a bundle.
func packetText(p *osc.Packet) string {
	var text []string
	for _, m := range p.Messages() {
		text = append(text, string(osc.AppendText(nil, &m)))
	}
	all := strings.Join(text, "; ")
	if t, ok := p.Bundle(); ok {
		all += " at " + timeTag(uint64(t))
	}
	return all
}

func TestUdpOut(t *testing.T) {
	tests := []struct {
		name string
		cell ops.CellOut
		cols []string
		row  []any
		want string
	}{
		{"bytes first", ops.CellOut{}, []string{"message", "bytes"}, []any{"x", []byte{1, 2}}, "\x01\x02"},
		{"message next", ops.CellOut{}, []string{"a", "message"}, []any{1, "x"}, "x"},
		{"else the first", ops.CellOut{}, []string{"a", "b"}, []any{1.5, "x"}, "1.5"},
		{"by name, with a terminator", ops.CellOut{Column: "b", Terminator: "\r\n"}, []string{"a", "b"}, []any{1, "x"}, "x\r\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			sink, port := listenUDP(t)
			r := newRig(t, func(e *graph.Edit) {
				from := e.Add("table", &ops.Table{Columns: tt.cols, Rows: [][]any{tt.row}})
				e.Wire(from, e.Add("out", &ops.UdpOut{Port: port, CellOut: tt.cell}))
			})
			r.engine.Step()
			if err := r.g.Node("out").Err(); err != nil {
				t.Fatal(err)
			}
			if got := receive(t, sink); got != tt.want {
				t.Errorf("sent %q, want %q", got, tt.want)
			}
		})
	}
}

func TestSendingAllocatesNothing(t *testing.T) {
	sink, port := listenUDP(t)
	outs := map[string]graph.Operator{
		"oscout": &ops.OscOut{Port: port},
		"udpout": &ops.UdpOut{Port: port},
	}
	for name, op := range outs {
		t.Run(name, func(t *testing.T) {
			const rows = 32
			source, buf := &burst{Limit: 100, columns: []string{"address", "arg1"}}, make([]byte, 64)
			r := newRig(t, func(e *graph.Edit) { e.Wire(e.Add("source", source), e.Add("out", op)) })
			frame := func() {
				source.add(rows)
				r.cook()
				for range rows {
					if _, err := sink.Read(buf); err != nil {
						t.Fatal(err)
					}
				}
			}
			for range 200 {
				frame()
			}
			if n := testing.AllocsPerRun(100, frame); n > 2 { // a goroutine that sends may begin anew
				t.Errorf("%d rows cost %v allocations, want 0", rows, n)
			}
		})
	}
}
