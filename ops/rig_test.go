package ops_test

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const patience = 10 * time.Second // until something that must happen has not

// A rig is a graph that a test cooks by hand.
type rig struct {
	t      testing.TB
	g      *graph.Graph
	engine *cook.Engine
	source *graph.Node // the node of that name, if there is one
	closed bool
}

// newRig starts the graph that build makes.
func newRig(t testing.TB, build func(e *graph.Edit)) *rig {
	t.Helper()
	r := &rig{t: t, g: graph.New()}
	if err := r.g.Edit(build); err != nil {
		t.Fatal(err)
	}
	var err error
	if r.engine, err = cook.New(r.g, cook.Config{}); err != nil {
		t.Fatal(err)
	}
	r.source = r.g.Node("source")
	r.engine.Start(t.Context())
	t.Cleanup(r.close)
	for n := range r.g.Nodes() {
		if err := n.Err(); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

func (r *rig) close() {
	if r.closed {
		return
	}
	r.closed = true
	if err := r.engine.Close(); err != nil {
		r.t.Errorf("Close() = %v, want nil", err)
	}
}

// cookUntil cooks a frame whenever something has arrived, until done.
func (r *rig) cookUntil(what string, done func() bool) {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), patience)
	defer cancel()
	for !done() {
		if err := r.engine.Await(ctx); err != nil {
			for n := range r.g.Nodes() {
				r.t.Logf("%s: %+v, error %v", n, n.Stats(), n.Err())
			}
			r.t.Fatalf("waiting for %s: %v", what, err)
		}
		r.engine.Step()
	}
}

// watch keeps the text of every new row of a node, cells separated by |.
func (r *rig) watch(name string) *[]string {
	rows := new([]string)
	r.engine.Observe(r.g.Node(name), func(_ int64, d table.Delta) {
		for row := range d.NewRows() {
			*rows = append(*rows, rowText(row))
		}
	})
	return rows
}

func rowText(row table.Row) string {
	var cells []string
	for _, cell := range row.Cells() {
		cells = append(cells, cell.String())
	}
	return strings.Join(cells, "|")
}

// has returns whether a list has grown to n.
func has(list *[]string, n int) func() bool { return func() bool { return len(*list) >= n } }

func expect(t testing.TB, what string, got []string, want ...string) {
	t.Helper()
	if fmt.Sprintf("%q", got) != fmt.Sprintf("%q", want) {
		t.Errorf("%s:\n got %q\nwant %q", what, got, want)
	}
}

// dialTCP connects to a server.
func dialTCP(t testing.TB, to netip.AddrPort) *net.TCPConn {
	t.Helper()
	c, err := net.DialTCP("tcp", nil, net.TCPAddrFromAddrPort(to))
	if err != nil {
		t.Fatal(err)
	}
	return closing(t, c)
}

// dialUDP returns a socket that sends to an operator and hears its answers.
func dialUDP(t testing.TB, to netip.AddrPort) *net.UDPConn {
	t.Helper()
	c, err := net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(to))
	if err != nil {
		t.Fatal(err)
	}
	return closing(t, c)
}

// listenUDP returns a socket for what operators send, and its port.
func listenUDP(t testing.TB) (*net.UDPConn, int) {
	t.Helper()
	c, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	return closing(t, c), c.LocalAddr().(*net.UDPAddr).Port
}

func closing[C net.Conn](t testing.TB, c C) C {
	t.Helper()
	if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func send(t testing.TB, c net.Conn, messages ...string) {
	t.Helper()
	for _, m := range messages {
		if _, err := c.Write([]byte(m)); err != nil {
			t.Fatal(err)
		}
	}
}

// receive returns what one read gives.
func receive(t testing.TB, c net.Conn) string {
	t.Helper()
	buf := make([]byte, 1<<16)
	n, err := c.Read(buf)
	if err != nil {
		t.Fatal(err)
	}
	return string(buf[:n])
}

// cook cooks the node called source, which has nothing else to make it cook.
func (r *rig) cook() {
	r.source.Touch()
	r.engine.Step()
}

// A burst is a source whose next cook does what the test has asked for.
type burst struct {
	Limit   int `par:"limit" default:"0"`
	columns []string
	todo    []func(w *table.Writer)
	rows    int // that it has to append
	serial  int64
}

func (b *burst) Limits() table.Limits { return table.Limits{Rows: b.Limit} }

// add has n rows appended: the first column is "/abc", the others count.
func (b *burst) add(n int) { b.rows += n }

// Cook implements [graph.Operator].
func (b *burst) Cook(c *graph.Cook) error {
	w := c.Out()
	w.AddCols(b.columns...)
	for _, f := range b.todo {
		f(w)
	}
	for range b.rows {
		w.Row()
		b.serial++
		w.SetString(0, "/abc")
		for col := 1; col < len(b.columns); col++ {
			w.SetInt(col, b.serial)
		}
	}
	b.todo, b.rows = b.todo[:0], 0
	return nil
}
