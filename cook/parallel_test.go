package cook_test

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// A mixer is a node of a random graph: what it writes, posts, logs and fails at follows from what it was
// given, and from the frame.
type mixer struct {
	seed   uint64
	names  []string // of nodes that it reads without a wire
	target string   // it lags
	source bool
	sum    uint64
}

func (m *mixer) Refs() []string     { return m.names }
func (m *mixer) Effect() bool       { return m.target == "" && m.seed%3 == 0 }
func (m *mixer) Lags() bool         { return m.target != "" }
func (m *mixer) TargetName() string { return m.target }
func (m *mixer) Describe() graph.Description {
	return graph.Description{Name: "mixer", Inputs: graph.Arity{Max: graph.Many}}
}

func (m *mixer) Cook(c *graph.Cook) error {
	news := m.sum
	if m.source {
		news += uint64(c.Frame)
		c.Wake(c.Time + time.Duration(m.seed%4)*time.Second/60)
	}
	for i := range c.NumInputs() {
		d := c.In(i)
		if d.Reset {
			news++
		}
		for row := range d.NewRows() {
			news = news*31 + uint64(row.Cell(0).Int()) + uint64(i)
		}
	}
	for i := range m.names {
		news = news*31 + c.Ref(i).Window().Hi
	}
	return m.act(c, (news^m.seed)*0x9e3779b97f4a7c15>>17)
}

func (m *mixer) act(c *graph.Cook, news uint64) error {
	if news%5 == 0 {
		c.Node().Logger().Info("five", "news", news)
	}
	if m.Effect() {
		c.Post(m, 0, fmt.Appendf(nil, "%d", news))
	}
	if news%7 == 0 {
		c.Report(errors.New("seven"))
	}
	if news%11 != 0 {
		w := c.Out()
		col := w.Col("n")
		w.Row()
		w.SetInt(col, int64(news>>1))
	}
	switch {
	case news%13 == 0:
		return fmt.Errorf("thirteen divides %d", news)
	case news%17 == 0:
		panic(fmt.Sprint("seventeen divides ", news))
	}
	m.sum = news
	return nil
}

func (m *mixer) Accept(_ graph.Verb, payload []byte) error {
	if bytes.HasSuffix(payload, []byte("3")) {
		return errors.New("refused")
	}
	return nil
}

// A mixed is how a node of a random graph is made.
type mixed struct {
	mixer
	inputs []int // nodes before it; those from lagsFrom on may be behind it
}

// drawMix draws a graph: nodes by their index, the last of which lag.
func drawMix(t *rapid.T) []mixed {
	size := rapid.IntRange(2, 90).Draw(t, "nodes")
	lag := rapid.IntRange(0, min(3, size-2)).Draw(t, "laggers")
	nodes := make([]mixed, size)
	for i := range nodes {
		n := &nodes[i]
		n.seed = rapid.Uint64Range(0, 1000).Draw(t, "seed")
		switch {
		case i >= size-lag:
			n.target = mixName(rapid.IntRange(0, size-lag-1).Draw(t, "target"))
			continue
		case i == 0 || rapid.IntRange(0, 4).Draw(t, "source") == 0:
			n.source = true
			continue
		}
		for range rapid.IntRange(1, 3).Draw(t, "inputs") {
			n.inputs = append(n.inputs, rapid.IntRange(0, i-1).Draw(t, "input"))
		}
		if rapid.IntRange(0, 5).Draw(t, "ref") == 0 {
			n.names = []string{mixName(rapid.IntRange(0, i-1).Draw(t, "named"))}
		}
		if lag > 0 && rapid.IntRange(0, 5).Draw(t, "back") == 0 {
			n.inputs = append(n.inputs, rapid.IntRange(size-lag, size-1).Draw(t, "lagger"))
		}
	}
	return nodes
}

func mixName(i int) string { return fmt.Sprintf("n%d", i) }

// runMix cooks the graph and returns all that was told, frame by frame.
func runMix(t *rapid.T, nodes []mixed, frames, workers int) (told []string) {
	g := graph.New()
	if err := g.Edit(func(e *graph.Edit) { addMix(e, nodes) }); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	undated := func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey || a.Key == "stack" {
			return slog.Attr{}
		}
		return a
	}
	tell := func(format string, args ...any) { told = append(told, fmt.Sprintf(format, args...)) }
	e, err := cook.New(g, cook.Config{
		Workers: workers, Grain: 1, Offline: true, Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{ReplaceAttr: undated})),
		Sent:   func(n *graph.Node, _ graph.Sink, _ graph.Verb, payload []byte) { tell("%s sends %s", n, payload) },
		Failed: func(n *graph.Node, kind graph.FaultKind, err error) { tell("%s %s: %v", n, kind, err) },
		Cooked: func(at graph.Moment, nodes iter.Seq[*graph.Node]) { tell("%d: %v", at.Frame, slices.Collect(nodes)) },
	})
	if err != nil {
		t.Fatal(err)
	}
	e.Start(t.Context())
	for frame := range frames {
		e.Step()
		for n := range g.Nodes() {
			tell("%s has %s", n, rowsText(n.Table()))
		}
		if frame == frames/2 {
			if err := e.Edit(func(ed *graph.Edit) { ed.Add("late", &mixer{source: true}) }); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	return append(told, strings.Split(log.String(), "\n")...)
}

func addMix(e *graph.Edit, nodes []mixed) {
	var made []*graph.Node
	for i, n := range nodes {
		made = append(made, e.Add(mixName(i), new(n.mixer)))
	}
	for i, n := range nodes {
		for _, in := range n.inputs {
			e.Wire(made[in], made[i])
		}
	}
}

func rowsText(t *table.Table) string {
	var b strings.Builder
	fmt.Fprint(&b, t.Window())
	for row := range t.Rows(t.Window()) {
		fmt.Fprint(&b, " ", row.Cell(0))
	}
	return b.String()
}

// However many workers there are, all that is told is the same, and in the same order.
func TestManyWorkersAreAsOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		nodes := drawMix(t)
		want := runMix(t, nodes, 8, 1)
		for _, workers := range []int{2, 5} {
			got := runMix(t, nodes, 8, workers)
			for i := range want {
				if i >= len(got) || got[i] != want[i] {
					t.Fatalf("with %d workers:\n got %q\nwant %q", workers, got[i:min(i+5, len(got))], want[i:min(i+5, len(want))])
				}
			}
		}
	})
}

// newBranched starts a ticker and branches that count its rows.
func newBranched(tb testing.TB, branches int, config cook.Config) *cook.Engine {
	tb.Helper()
	g := graph.New()
	err := g.Edit(func(e *graph.Edit) {
		tick := e.Add("tick", ticker{})
		for b := range branches {
			e.Wire(tick, e.Add(fmt.Sprintf("n%d", b), &counter{}))
		}
	})
	if err != nil {
		tb.Fatal(err)
	}
	e, err := cook.New(g, config)
	if err != nil {
		tb.Fatal(err)
	}
	e.Start(tb.Context())
	tb.Cleanup(func() { e.Close() })
	return e
}

func TestParallelFramesAllocateNothing(t *testing.T) {
	e := newBranched(t, 6, cook.Config{Workers: 3, Grain: 1})
	for range 600 {
		e.Step()
	}
	if n := testing.AllocsPerRun(600, e.Step); n != 0 {
		t.Errorf("a frame with three workers allocates %v times, want 0", n)
	}
}

func TestWorkersOutOfRange(t *testing.T) {
	for _, c := range []cook.Config{{Workers: -1}, {Grain: -1}} {
		if _, err := cook.New(graph.New(), c); err == nil {
			t.Errorf("New with %d workers and grain %v: no error", c.Workers, c.Grain)
		}
	}
}
