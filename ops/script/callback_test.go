package script_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops/script"
)

func TestMemory(t *testing.T) {
	const text = `
seen = {}
log = []
def f(x):
    seen[x] = seen.get(x, 0) + 1
    log.append(x)
    return (seen[x], len(log))
`
	r, other := newRig(t, text).start(), newRig(t, text).start()
	for i, want := range []string{"(1, 1)", "(2, 2)", "(3, 3)"} {
		if got := r.mustCall("f", script.Text("a")); got != want {
			t.Errorf("call %d of f = %s, want %s", i+1, got, want)
		}
	}
	if got := other.mustCall("f", script.Text("a")); got != "(1, 1)" {
		t.Errorf("f of another instance = %s, want (1, 1)", got)
	}
}

func TestHas(t *testing.T) {
	r := newRig(t, "def onReceive(dat):\n    return 1\nonClose = None\n").start()
	for name, want := range map[string]bool{"onReceive": true, "onClose": false, "onConnect": false} {
		if got := r.in.Has(name); got != want {
			t.Errorf("Has(%q) = %t, want %t", name, got, want)
		}
	}
	if got := r.mustCall("onConnect"); got != "None" {
		t.Errorf("Call of what is not defined = %s, want None", got)
	}
}

func TestClock(t *testing.T) {
	r := newRig(t, "def f():\n    return (frame, seconds)\nfirst = (frame, seconds)\ndef g():\n    return first").start()
	for _, want := range []string{"(2, 0.5)", "(3, 1.0)"} {
		if got := r.mustCall("f"); got != want {
			t.Errorf("(frame, seconds) = %s, want %s", got, want)
		}
	}
	if got := r.mustCall("g"); got != "(1, 0.0)" {
		t.Errorf("(frame, seconds) of the top level = %s, want (1, 0.0)", got)
	}
}

func TestSteps(t *testing.T) {
	const text = `
n = [0]
def loop():
    while True:
        n[0] += 1
def short():
    return n[0]
def one():
    return sum(range(1 << 40))
`
	r := newRig(t, text).start()
	if _, err := r.call("loop"); !errors.Is(err, script.ErrSteps) {
		t.Fatalf("an endless loop: %v, want ErrSteps", err)
	}
	counted := r.mustCall("short")
	if _, err := r.call("one"); !errors.Is(err, script.ErrSteps) {
		t.Errorf("a single large step: %v, want ErrSteps", err)
	}
	again := newRig(t, text).start()
	_, _ = again.call("loop")
	if got := again.mustCall("short"); got != counted {
		t.Errorf("an endless loop counted to %s, another time to %s: the budget is not exact", counted, got)
	}
}

func TestErrorPlace(t *testing.T) {
	const text = `def onReceive(x):
    helper(x)

def helper(x):
    return 1 // x
`
	tests := []struct {
		name   string
		script graph.Script
		want   string
	}{
		{
			"inline in a patch", graph.Script{Text: text, File: "patch.yaml", Line: 8, Indent: 6},
			"callbacks onReceive: patch.yaml:12:20: floored division by zero; helper was called at patch.yaml:9:17",
		},
		{
			"a file of its own", graph.Script{Text: text, File: "a.star"},
			"callbacks onReceive: a.star:5:14: floored division by zero; helper was called at a.star:2:11",
		},
		{
			"in Go", graph.Script{Text: text},
			"callbacks onReceive: 5:14: floored division by zero; helper was called at 2:11",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRigOf(t, tt.script).start()
			_, err := r.call("onReceive", script.Int(0))
			if err == nil || err.Error() != tt.want {
				t.Errorf("onReceive(0) = %v\nwant %s", err, tt.want)
			}
		})
	}
}

func TestRuntimeErrors(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{
			"rebinding a global", "n = 1\ndef f():\n    n = n + 1\n",
			"callbacks f: 3:9: local variable n referenced before assignment; a function cannot rebind n",
		},
		{"recursion", "def f():\n    f()\n", "callbacks f: 2:5: function f called recursively; there is no recursion"},
		{"fail", "def f():\n    fail('no such cue')\n", "callbacks f: 2:9: fail: no such cue"},
		{"argument count", "def f(a, b):\n    pass\n", "missing 2 arguments (a, b)"},
		{"cell value", "def f():\n    return 'x'.val\n", "a cell is its value: leave out .val"},
		{"encode", "def f():\n    return 'x'.encode()\n", "write bytes(text)"},
		{"deep JSON", "def f():\n    json.decode('[' * 100000)\n", "callbacks f: 2:16: json.decode: nests deeper than 200"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := newRig(t, tt.text).start().call("f")
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("f() = %v, want %s", err, tt.want)
			}
		})
	}
}

func TestTopLevelError(t *testing.T) {
	r := newRig(t, "x = 1\ny = x // 0\n")
	err := r.within(func(c *graph.Cook) error {
		_, err := r.prog.Start(c, r.env)
		return err
	})
	if want := "callbacks: 2:7: floored division by zero"; err == nil || err.Error() != want {
		t.Errorf("Start = %v, want %s", err, want)
	}
}

// A bomb is a handle that panics when it sends.
type bomb struct{ handle }

func (bomb) SendBytes(...any) (int, error) { panic("bang") }

func TestPanic(t *testing.T) {
	r := newRig(t, "def f(p):\n    p.sendBytes('x')\ndef g():\n    return 1\n")
	r.env.Peer = func(c *graph.Cook, p table.Peer) script.Peer { return bomb{handle{p.(*endpoint), c.Node()}} }
	r.start()
	_, err := r.call("f", r.in.Cell(table.PeerValue(r.out)))
	if _, ok := errors.AsType[*graph.PanicError](err); !ok || !strings.HasPrefix(err.Error(), "callbacks f: 2:16: panic: bang") {
		t.Errorf("a builtin that panics: %v, want a PanicError with its place", err)
	}
	if got := r.mustCall("g"); got != "1" {
		t.Errorf("the next callback = %s, want 1", got)
	}
}

func TestPrint(t *testing.T) {
	r := newRigOf(t, graph.Script{Text: "def f(x):\n    print('got', x)\n", File: "patch.yaml", Line: 4, Indent: 4}).start()
	r.mustCall("f", script.Text("a\xff"))
	if want := `level=INFO msg=print node=/stage text="got a�" at=patch.yaml:5:14`; !strings.Contains(r.log.String(), want) {
		t.Errorf("print logged %q, want %q", r.log.String(), want)
	}
	r.log.Reset()
	r.mustCall("f", script.Text(strings.Repeat("x", 1<<20)))
	if n := r.log.Len(); n > 5<<10 {
		t.Errorf("print of 1 MiB logged %d bytes, want at most 5 KiB", n)
	}
}

func TestSlow(t *testing.T) {
	r := newRig(t, "def f():\n    return 1\n")
	var slow []string
	r.env.SlowAfter = 1
	r.env.Slow = func(callback string, took time.Duration) {
		slow = append(slow, callback)
		if took <= 1 {
			t.Errorf("Slow was told of %v", took)
		}
	}
	r.start()
	r.mustCall("f")
	if want := []string{"", "f"}; !slices.Equal(slow, want) || r.in.Stats().Slow != 2 {
		t.Errorf("slow callbacks are %q and counted %d, want %q and 2", slow, r.in.Stats().Slow, want)
	}
}

func TestCallbackAllocates(t *testing.T) {
	r := newRig(t, "total = [0]\ndef f(dat, rowIndex, address, args):\n    total[0] += len(args)\n").start()
	dat, address, args := r.in.Own(r.node), script.Text("/fader/1"), script.List(script.Int(1), script.Float(0.5))
	index := script.Int(7)
	err := r.within(func(c *graph.Cook) error {
		n := testing.AllocsPerRun(100, func() { _, _ = r.in.Call(c, "f", dat, index, address, args) })
		if n > 5 {
			return fmt.Errorf("a callback allocates %v times, want at most 5", n)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func BenchmarkCallback(b *testing.B) {
	prog, err := script.Compile("callbacks", graph.Script{Text: `
last = {}
def onReceiveOSC(dat, rowIndex, message, data, timeStamp, address, args, peer):
    last[address] = args[0] + args[1] + args[2]
`})
	if err != nil {
		b.Fatal(err)
	}
	in, err := prog.Start(moment, script.Env{})
	if err != nil {
		b.Fatal(err)
	}
	dat := in.Own(nil)
	var cells [3]table.Value
	for i := range cells {
		cells[i] = table.Float32Value(float32(i))
	}
	for b.Loop() {
		args := make([]script.Value, 0, 3)
		for _, v := range cells {
			args = append(args, in.Cell(v))
		}
		none := in.Cell(table.Value{})
		_, err := in.Call(moment, "onReceiveOSC", dat, script.Int(3), script.Text("/a 0 1 2"), script.Text(""), none,
			script.Text("/fader/1"), script.List(args...), none)
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N), "ns/callback")
}

func TestCellsThatOnlyOSCTellsApart(t *testing.T) {
	r := newRig(t, "def f(n, s):\n    return [n + 1, s + '!', n == 7, s == 'kick']\n").start()
	got := r.mustCall("f", r.in.Cell(table.Int64Value(7)), r.in.Cell(table.SymbolValue("kick")))
	if want := `[8, "kick!", True, True]`; got != want {
		t.Errorf("f of an int64 and a symbol = %s, want %s", got, want)
	}
}
