package script_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/go-multierror"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops/script"
	"linecook.dev/linecook/peer"
	"linecook.dev/linecook/peer/osc"
)

var _ script.Peer = peer.Handle{}

// An endpoint is the remote end of a fake connection. It keeps what it was sent.
type endpoint struct {
	addr   string
	closed bool
	sent   []string // "send ...", "bytes ...", "osc ..."
}

func (e *endpoint) String() string { return e.addr }

// A handle is an endpoint in one cook.
type handle struct {
	*endpoint
	owner *graph.Node
}

func (h handle) Owner() *graph.Node { return h.owner }
func (h handle) Port() int          { return 7000 }
func (h handle) Address() string    { return strings.TrimSuffix(h.addr, ":7000") }
func (h handle) Hostname() string   { return "stage.local" }
func (h handle) Reason() error      { return nil }

func (h handle) Close() bool {
	was := h.closed
	h.closed = true
	return !was
}

var errClosed = errors.New("the peer is closed")

func (h handle) keep(kind string, text []byte) (int, error) {
	if h.closed {
		return 0, errClosed
	}
	h.sent = append(h.sent, fmt.Sprintf("%s %q", kind, text))
	return len(text), nil
}

func (h handle) Send(terminator string, messages ...string) (int, error) {
	var b []byte
	for _, m := range messages {
		b = append(append(b, m...), terminator...)
	}
	return h.keep("send", b)
}

func (h handle) SendBytes(messages ...any) (int, error) {
	var b []byte
	for _, m := range messages {
		switch m := m.(type) {
		case string:
			b = append(b, m...)
		case []byte:
			b = append(b, m...)
		case int:
			b = append(b, byte(m))
		}
	}
	return h.keep("bytes", b)
}

func (h handle) SendOSC(o osc.Options, pairs ...osc.Pair) (int, error) {
	b, ends, err := osc.AppendValues(nil, nil, o, pairs...)
	if err != nil {
		return 0, err
	}
	total := 0
	for from, i := 0, 0; i < len(ends); from, i = ends[i], i+1 {
		n, err := h.keep("osc", b[from:ends[i]])
		if total += n; err != nil {
			return 0, err
		}
	}
	return total, nil
}

// A caller is an operator whose Cook is what the test says.
type caller struct {
	refs []string
	cook func(c *graph.Cook) error
}

func (o *caller) Cook(c *graph.Cook) error { return o.cook(c) }
func (o *caller) Refs() []string           { return o.refs }
func (o *caller) Describe() graph.Description {
	return graph.Description{Name: "caller", Help: "calls"}
}

// A rig is a node with a script, and what the script prints.
type rig struct {
	t    testing.TB
	prog *script.Program
	env  script.Env
	in   *script.Instance
	node *graph.Node
	op   *caller
	out  *endpoint
	log  bytes.Buffer
	step int64
	last script.Value // what the last call returned
}

func newRig(t testing.TB, text string, others ...graph.Operator) *rig {
	t.Helper()
	return newRigOf(t, graph.Script{Text: text}, others...)
}

func newRigOf(t testing.TB, s graph.Script, others ...graph.Operator) *rig {
	t.Helper()
	r := &rig{t: t, op: &caller{}, out: &endpoint{addr: "out:7000"}}
	var err error
	if r.prog, err = script.Compile("callbacks", s); err != nil {
		t.Fatalf("Compile(%q) = %v", s.Text, err)
	}
	r.op.refs = r.prog.Refs()
	g := graph.New()
	err = g.Edit(func(e *graph.Edit) {
		for i, op := range others {
			e.Add(fmt.Sprintf("other%d", i), op)
		}
		r.node = e.Add("/stage", r.op)
	})
	if err != nil {
		t.Fatalf("Edit: %v", err)
	}
	for n := range g.Nodes() {
		n.Attach(graph.Env{Logger: slog.New(slog.NewTextHandler(&r.log, nil)), Wake: func(*graph.Node) {}})
		if n != r.node {
			if _, _, err := n.Run(1, 0); err != nil {
				t.Fatalf("cook of %s: %v", n, err)
			}
		}
	}
	r.env = script.Env{
		Peer: func(c *graph.Cook, p table.Peer) script.Peer {
			return handle{p.(*endpoint), c.Node()}
		},
		Sender: func(c *graph.Cook) peer.Sender { return handle{r.out, c.Node()} },
		Peers:  func(*graph.Cook) []table.Peer { return []table.Peer{r.out} },
	}
	return r
}

// within runs f in a cook of the node, half a second after the one before.
func (r *rig) within(f func(c *graph.Cook) error) error {
	r.t.Helper()
	var err error
	r.op.cook = func(c *graph.Cook) error {
		err = f(c)
		return nil
	}
	r.step++
	if _, _, broken := r.node.Run(r.step, time.Duration(r.step-1)*time.Second/2); broken != nil {
		r.t.Fatalf("cook: %v", broken)
	}
	return err
}

// start runs the script's top level, which must not fail.
func (r *rig) start() *rig {
	r.t.Helper()
	err := r.within(func(c *graph.Cook) (err error) {
		r.in, err = r.prog.Start(c, r.env)
		return err
	})
	if err != nil {
		r.t.Fatalf("Start: %v", err)
	}
	return r
}

// call runs a callback in a cook of its own, and returns its result as a script would print it.
func (r *rig) call(name string, args ...script.Value) (string, error) {
	r.t.Helper()
	var got string
	err := r.within(func(c *graph.Cook) error {
		v, err := r.in.Call(c, name, args...)
		if err == nil {
			got, r.last = v.String(), v
		}
		return err
	})
	return got, err
}

func (r *rig) mustCall(name string, args ...script.Value) string {
	r.t.Helper()
	got, err := r.call(name, args...)
	if err != nil {
		r.t.Fatalf("%s: %v", name, err)
	}
	return got
}

// eval returns what an expression of a callback gives.
func eval(t *testing.T, expr string) (string, error) {
	t.Helper()
	return newRig(t, "def f():\n    return "+expr).start().call("f")
}

// messages returns every message of a multierror.
func messages(err error) []string {
	list, ok := errors.AsType[*multierror.Error](err)
	if !ok {
		return nil
	}
	var out []string
	for _, e := range list.Errors {
		out = append(out, e.Error())
	}
	return out
}

func TestReferenceExamples(t *testing.T) {
	tests := []struct {
		name, code string
		sent       []string
		result     string
	}{
		{
			"sendBytes", `n.sendBytes( 'TYPE', 23, 255, 12, 0x34, b'\x01\x00\x02\x00\x03\x00\x00\x00')`,
			[]string{`bytes "TYPE\x17\xff\f4\x01\x00\x02\x00\x03\x00\x00\x00"`}, "16",
		},
		{
			"sendOSC", "vals = [1, b'abc', 'apple', [6,7,8], True, None, float(\"infinity\")]\n    result = n.sendOSC('/abc', vals)",
			[]string{`osc "/abc\x00\x00\x00\x00,ibs[iii]TNI\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x03abc\x00apple\x00\x00\x00\x00\x00\x00\x06\x00\x00\x00\a\x00\x00\x00\b"`}, "56",
		},
		{
			"send", `n.send('Hello', 'World',  terminator='\r\n') # send two strings with windows newline termination.`,
			[]string{`send "Hello\r\nWorld\r\n"`}, "14",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			code := tt.code
			if !strings.Contains(code, "result") {
				code = "result = " + code
			}
			r := newRig(t, "def f(n):\n    "+code+"\n    return result\n").start()
			p := &endpoint{addr: "10.0.0.7:7000"}
			got := r.mustCall("f", r.in.Cell(table.PeerValue(p)))
			if !slices.Equal(p.sent, tt.sent) || got != tt.result {
				t.Errorf("%s sent %q and returned %s, want %q and %s", tt.code, p.sent, got, tt.sent, tt.result)
			}
		})
	}
}
