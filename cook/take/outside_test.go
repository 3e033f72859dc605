package take_test

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/cook/take"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// A window is a node that shows what is outside, and looks at it in every frame.
type window struct {
	show func(c *graph.Cook)
}

func (*window) Effect() bool  { return true }
func (*window) Outside() bool { return true }
func (v *window) Cook(c *graph.Cook) error {
	v.show(c)
	c.Wake(c.Time + 1)
	return nil
}

// A witness is a node that looks outside in every frame, and shows what it saw.
type witness struct {
	look func(c *graph.Cook) string
}

func (*witness) Effect() bool { return true }
func (v *witness) Cook(c *graph.Cook) error {
	seen, known := c.Recall("weather")
	if !known && !c.Recalls() {
		seen = v.look(c)
		c.Saw("weather", seen)
	}
	w := c.Out()
	w.AddCols("weather")
	w.Row()
	w.SetString(0, seen)
	c.Wake(c.Time + 1)
	return nil
}

// outdoors cooks what looks outside, as often as there are frames; or a take of that.
func outdoors(t testing.TB, r *take.Recorder, recorded []*take.Frame, show func(*graph.Cook), look func(*graph.Cook) string) error {
	t.Helper()
	g := graph.New()
	if err := g.Edit(func(e *graph.Edit) {
		e.Add("window", &window{show})
		e.Add("witness", &witness{look})
	}); err != nil {
		t.Fatal(err)
	}
	p := take.Player{Own: true, Check: true, Graph: g, NewPeer: func(_ *graph.Node, q *take.Peer) take.Remote {
		return &remote{id: q.ID, port: q.Port}
	}}
	c := cook.Config{Offline: true, Recall: p.Recall, Sent: p.Sent}
	if r != nil {
		c = tapped(r)
		c.Offline = true
	}
	e, err := cook.New(g, c)
	if err != nil {
		t.Fatal(err)
	}
	if p.Engine = e; r == nil {
		p.Start(t.Context())
		for _, f := range recorded {
			if err := p.Step(f); err != nil {
				return err
			}
		}
		return e.Close()
	}
	e.Start(t.Context())
	for range 20 {
		e.Step()
	}
	return errors.Join(e.Close(), r.Close())
}

// TestWhatIsOutsideIsRecorded shows cells of all kinds, which are others in every frame, and when the take is
// cooked again there is nothing outside.
func TestWhatIsOutsideIsRecorded(t *testing.T) {
	var out bytes.Buffer
	list, err := table.ListValue(table.IntValue(1), table.StringValue("two"), table.Value{})
	if err != nil {
		t.Fatal(err)
	}
	nested, err := table.ListValue(list, list)
	if err != nil {
		t.Fatal(err)
	}
	err = outdoors(t, record(t, &out, take.Config{Every: 1}), nil, func(c *graph.Cook) {
		w := c.Out()
		if c.Frame%5 == 0 {
			w.Reset()
		}
		w.AddCols("a", "b")
		if c.Frame%3 == 0 {
			w.AddCols("late")
		}
		for i, v := range []table.Value{
			{}, table.BoolValue(true), table.IntValue(-c.Frame), table.Int64Value(1 << 40), table.Float32Value(0.1), table.Float64Value(-0.1),
			table.TimeTagValue(1 << 63), table.CharValue('x'), table.ColourValue(0x11223344), table.MIDIValue(7), table.InfinitumValue(),
			table.StringValue(""), table.SymbolValue("sym"), table.BytesValue([]byte{0, 255}), list, nested,
			table.PeerValue(&remote{port: int(c.Frame)}),
		} {
			w.Row()
			w.Set(i%2, v)
		}
	}, func(c *graph.Cook) string { return (time.Duration(c.Frame) * time.Second).String() })
	if err != nil {
		t.Fatal(err)
	}
	all, _ := frames(t, out.Bytes())
	blind := func(*graph.Cook) { t.Error("the operator is asked though a recording is cooked") }
	if err := outdoors(t, nil, all, blind, nil); err != nil {
		t.Error(err)
	}
}

// FuzzRows gives a node rows that may be none: they are shown, or they are an error.
func FuzzRows(f *testing.F) {
	var out bytes.Buffer
	if err := outdoors(f, record(f, &out, take.Config{}), nil, func(c *graph.Cook) {
		c.Out().AddCols("a")
		c.Out().Row()
		c.Out().Set(0, table.StringValue("x"))
	}, func(*graph.Cook) string { return "" }); err != nil {
		f.Fatal(err)
	}
	r, err := take.NewReader(bytes.NewReader(out.Bytes()))
	if err != nil {
		f.Fatal(err)
	}
	defer r.Close()
	for frame, err := range r.Frames() {
		if err != nil {
			f.Fatal(err)
		}
		for _, e := range frame.Events {
			f.Add(e.Data)
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		frame := &take.Frame{Number: 1, Events: []take.Event{{Kind: take.Rows, Node: "/window", Data: b}}}
		first := outdoors(t, nil, []*take.Frame{frame}, nil, nil)
		if again := outdoors(t, nil, []*take.Frame{frame}, nil, nil); (first == nil) != (again == nil) {
			t.Errorf("rows %x: %v, and then %v", b, first, again)
		}
	})
}
