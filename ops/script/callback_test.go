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
	"linecook.dev/linecook/peer"
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

func TestAdopt(t *testing.T) {
	r := newRig(t, "n = [0]\ndef f(dat):\n    n[0] += 1\n    return (n[0], dat.send('x'))\n").start()
	r.mustCall("f", r.in.Own(r.node))
	other := &endpoint{addr: "other:7000"}
	r.env.Sender = func(c *graph.Cook) peer.Sender { return handle{other, c.Node()} }
	r.in.Adopt(r.env)
	if got := r.mustCall("f", r.in.Own(r.node)); got != "(2, 2)" || len(other.sent) != 1 || len(r.out.sent) != 1 {
		t.Errorf("after Adopt f() = %s and sent %q, before %q; want (2, 2), and one message each", got, other.sent, r.out.sent)
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
	r := newRig(t, `
n = [0]
def loop():
    while True:
        n[0] += 1
def short():
    return n[0]
def one():
    return sum(range(1 << 40))
`).start()
	if _, err := r.call("loop"); !errors.Is(err, script.ErrSteps) {
		t.Fatalf("an endless loop: %v, want ErrSteps", err)
	}
	counted := r.mustCall("short")
	if _, err := r.call("one"); !errors.Is(err, script.ErrSteps) {
		t.Errorf("a single large step: %v, want ErrSteps", err)
	}
	again := newRig(t, r.prog.Text).start()
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

// A source is an operator with a table of its own.
type source struct{ rows []string }

func (s *source) Describe() graph.Description { return graph.Description{Name: "source", Help: "rows"} }
func (s *source) Cook(c *graph.Cook) error {
	w := c.Out()
	for i, text := range s.rows {
		w.AddCols("name", "value")
		w.Row()
		w.SetString(w.Col("name"), text)
		w.SetInt(w.Col("value"), int64(i*10))
	}
	return nil
}

func TestDat(t *testing.T) {
	r := newRig(t, `
kept = []
def f(dat, code):
    if not kept:
        kept.append(dat)
    d = kept[0]
    cases = {
        'cell': lambda: d[0, 'value'], 'end': lambda: d[-1, 0], 'number': lambda: d[1, -1], 'none': lambda: d[0, 'gone'],
        'size': lambda: (d.numRows, d.numCols), 'row': lambda: d.row(1), 'col': lambda: d.col('name'), 'colnumber': lambda: d.col(-1),
        'rows': lambda: d.rows(), 'cols': lambda: d.cols(), 'name': lambda: (d.name, d.path), 'peers': lambda: len(d.peers),
        'send': lambda: d.send('hi'), 'bytes': lambda: d.sendBytes('a', 1), 'osc': lambda: d.sendOSC('/a', [1]),
        'outside': lambda: d[2, 0], 'before': lambda: d[-3, 0], 'nocol': lambda: d[0, 5], 'single': lambda: d[0],
        'setting': lambda: d.nothing,
    }
    return cases[code]()
`).start()
	dat := r.in.Own(r.node)
	w, tab := table.NewWriter(), table.New(table.Limits{})
	if err := (&source{rows: []string{"a", "b", "c"}}).writeTo(w); err != nil {
		t.Fatal(err)
	}
	reader := tab.Reader()
	tab.Commit(w)
	dat.Show(reader.Delta().AsOf(1))
	tests := []struct{ code, want string }{
		{"cell", "0"},
		{"end", `"b"`},
		{"number", "10"},
		{"none", "None"},
		{"size", "(2, 2)"},
		{"row", `["b", 10]`},
		{"col", `["a", "b"]`},
		{"colnumber", "[0, 10]"},
		{"rows", `[["a", 0], ["b", 10]]`},
		{"cols", `[["a", "b"], [0, 10]]`},
		{"name", `("stage", "/stage")`},
		{"peers", "1"},
		{"send", "3"},
		{"bytes", "2"},
		{"osc", "12"},
		{"outside", "row 2 is out of range: there are 2"},
		{"before", "row -3 is out of range: there are 2"},
		{"nocol", "column 5 is out of range: there are 2"},
		{"single", "a cell is dat[row, column]"},
		{"setting", "dat has no .nothing field or method"},
	}
	for _, tt := range tests {
		got, err := r.call("f", dat, script.Text(tt.code))
		if err != nil {
			got = err.Error()
		}
		if !strings.Contains(got, tt.want) {
			t.Errorf("%s of a table of two rows = %s, want %s", tt.code, got, tt.want)
		}
	}
	dat.Show(reader.Delta().AsOf(2))
	if got := r.mustCall("f", dat, script.Text("size")); got != "(3, 2)" {
		t.Errorf("a dat kept since before has (rows, columns) %s, want (3, 2)", got)
	}
}

func (s *source) writeTo(w *table.Writer) error {
	w.AddCols("name", "value")
	for i, text := range s.rows {
		w.Row()
		w.SetString(0, text)
		w.SetInt(1, int64(i*10))
	}
	return nil
}

func TestOp(t *testing.T) {
	r := newRig(t, `
cues = op('other0')
def f():
    return (cues.name, cues[1, 'value'], op('/other0').numRows, cues == op('other0'))
def g():
    return op('other1').send('x')
`, &source{rows: []string{"a", "b"}}, &source{}).start()
	if want := []string{"other0", "other1"}; !slices.Equal(r.prog.Refs(), want) {
		t.Errorf("Refs() = %q, want %q", r.prog.Refs(), want)
	}
	if got, want := r.mustCall("f"), `("other0", 10, 2, True)`; got != want {
		t.Errorf("f() = %s, want %s", got, want)
	}
	if _, err := r.call("g"); err == nil || !strings.Contains(err.Error(), "has no .send") {
		t.Errorf("sending through another node: %v, want an error", err)
	}
}

func TestPeer(t *testing.T) {
	r := newRig(t, `
counts = {}
def f(p, q):
    counts[p] = counts.get(p, 0) + 1
    return (p == q, p != q, counts[p], p.address, p.port, p.hostname, p.owner.path, p.owner.name, str(p))
def close(p):
    return (p.close(), p.close())
def send(p):
    return p.send('x')
def sends(p):
    p.send('a', 'b')
    p.send('a', terminator='')
    p.sendBytes(b'\xff', bytearray([1, 2]), 255)
    p.sendOSC('/a', [1], '/b', [True, [2.5]], asBundle=True, useNonStandardTypes=False)
    p.sendOSC('/b', b'ab', '/c', 7)
    p.sendOSC('/d')
`).start()
	one, two := &endpoint{addr: "10.0.0.1:7000"}, &endpoint{addr: "10.0.0.1:7000"}
	cell := func(p *endpoint) script.Value { return r.in.Cell(table.PeerValue(p)) }
	members := `"10.0.0.1", 7000, "stage.local", "/stage", "stage", "10.0.0.1:7000")`
	for i, tt := range []struct {
		p, q *endpoint
		want string
	}{{one, one, "(True, False, 1, "}, {one, one, "(True, False, 2, "}, {one, two, "(False, True, 3, "}, {two, one, "(False, True, 1, "}} {
		if got := r.mustCall("f", cell(tt.p), cell(tt.q)); got != tt.want+members {
			t.Errorf("call %d = %s, want %s", i+1, got, tt.want+members)
		}
	}
	if got := r.mustCall("close", cell(two)); got != "(True, False)" {
		t.Errorf("closing twice = %s, want (True, False)", got)
	}
	if _, err := r.call("send", cell(two)); !errors.Is(err, errClosed) {
		t.Errorf("sending to a closed peer: %v, want the peer's error", err)
	}
	r.mustCall("sends", cell(one))
	want := []string{
		`send "a\x00b\x00"`, `send "a"`, `bytes "\xff\x01\x02\xff"`,
		`osc "#bundle\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\f/a\x00\x00,i\x00\x00\x00\x00\x00\x01\x00\x00\x00\x10/b\x00\x00,if\x00\x00\x00\x00\x01@ \x00\x00"`,
		`osc "/b\x00\x00,ii\x00\x00\x00\x00a\x00\x00\x00b"`, `osc "/c\x00\x00,i\x00\x00\x00\x00\x00\a"`, `osc "/d\x00\x00,\x00\x00\x00"`,
	}
	if !slices.Equal(one.sent, want) {
		t.Errorf("sent\n%s\nwant\n%s", strings.Join(one.sent, "\n"), strings.Join(want, "\n"))
	}
}

func TestSendErrors(t *testing.T) {
	tests := []struct{ name, call, want string }{
		{"number as text", "p.send(1)", "send: message 1 is a int, not a string; sendBytes takes bytes and numbers"},
		{"too large a byte", "p.sendBytes(256)", "sendBytes: message 1: 256 is not a number from 0 to 255"},
		{"float", "p.sendBytes(1.5)", "sendBytes: message 1: 1.5 is not a number"},
		{"values not in a list", "p.sendOSC('/a', 1, 2, 3)", "all values of a message go into one list"},
		{"values without a partner", "p.sendOSC('/a', 1, 2)", "it takes an address and a list of values, in turn"},
		{"big int", "p.sendOSC('/a', [1 << 64])", "/a: 18446744073709551616 does not fit in 64 bits"},
		{"dict", "p.sendOSC('/a', [{}])", "OSC cannot carry a dict"},
		{"keyword", "p.send('a', term='')", "unexpected keyword argument"},
		{"deep list", "p.sendOSC('/a', nested())", "lists nest deeper than 16"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t, "def nested():\n    x = []\n    for i in range(20):\n        x = [x]\n    return x\ndef f(p):\n    "+tt.call).start()
			p := &endpoint{addr: "a:7000"}
			_, err := r.call("f", r.in.Cell(table.PeerValue(p)))
			if err == nil || !strings.Contains(err.Error(), tt.want) || len(p.sent) > 0 {
				t.Errorf("%s = %v and sent %q, want %s", tt.call, err, p.sent, tt.want)
			}
		})
	}
}

func TestUseOutsideOfCallbacks(t *testing.T) {
	r := newRig(t, "def f(p):\n    return p\n").start()
	var kept script.Value
	err := r.within(func(c *graph.Cook) (err error) {
		kept, err = r.in.Call(c, "f", r.in.Cell(table.PeerValue(r.out)))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	member := kept.(interface {
		Attr(string) (script.Value, error)
	})
	if _, err := member.Attr("port"); err == nil {
		t.Errorf("port of a peer outside of any callback = nil error, want one")
	}
}

func TestCompileMistakes(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string
	}{
		{"is", "x = 1\nif x is None:\n  pass", []string{"callbacks:2:6: got is, want ':'; there is no 'is'"}},
		{"f-string", "x = f'{1}'", []string{"callbacks:1:5: got string literal, want newline; there are no f-strings"}},
		{"try", "try:\n  x()\nexcept:\n  pass", []string{"callbacks:1:1: got try, want primary expression; there is no try"}},
		{"import", "import os", []string{"nothing can be imported"}},
		{"class", "class A:\n  pass", []string{"there are no classes"}},
		{"with", "with open('x') as f:\n  pass", []string{"there is no with"}},
		{"power", "x = 2 ** 3", []string{"write math.pow(x, y)"}},
		{"global", "def f():\n  global x\n  x = 1", []string{"module-level dicts and lists are the memory"}},
		{"del", "d = {}\ndel d['a']", []string{"write d.pop(key)"}},
		{"set", "x = {1, 2}", []string{"for a set write set([...])"}},
		{"load", "load('x.star', 'y')", []string{"a script cannot load another one"}},
		{"augmented global", "n = 0\ndef f():\n  n += 1\n", []string{"callbacks:3:5: a function cannot rebind n"}},
		{"op as a value", "x = op\n", []string{"callbacks:1:5: op can only be called"}},
		{"op of a value", "y = op('a' + 'b')", []string{"callbacks:1:7: op takes one name in quotes: the name makes an edge"}},
		{"op of no name", "op('a b')", []string{`callbacks:1:4: name "a b" has ' '`}},
		{
			"several", "def f():\n  foo()\n  bar()\n  op(1)",
			[]string{"callbacks:2:3: undefined: foo", "callbacks:3:3: undefined: bar", "callbacks:4:5: op takes one name"},
		},
		{"TouchDesigner's", "x = me.digits", []string{"undefined: me; the node is the callback's first argument"}},
		{"nesting", "x = " + strings.Repeat("[", 201) + strings.Repeat("]", 201), []string{"callbacks:1:205: brackets and operators nest too deep here"}},
		{"size", strings.Repeat("#\n", 1<<20), []string{"callbacks:1:1: the text is longer than 1048576 bytes"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := script.Compile("callbacks", graph.Script{Text: tt.text})
			got := messages(err)
			if len(got) != len(tt.want) {
				t.Fatalf("Compile(%.60q) = %q, want %q", tt.text, got, tt.want)
			}
			for i, want := range tt.want {
				if !strings.Contains(got[i], want) {
					t.Errorf("Compile(%.60q): error %d is %q, want %q", tt.text, i+1, got[i], want)
				}
			}
		})
	}
}

func TestOwnOpIsNoReference(t *testing.T) {
	r := newRig(t, "def op(x):\n    return x\ndef f(x):\n    return op(x)\n").start()
	if got := r.mustCall("f", script.Int(3)); got != "3" || len(r.prog.Refs()) != 0 {
		t.Errorf("a script's own op gave %s and references %q, want 3 and none", got, r.prog.Refs())
	}
}

func TestDeepNestingIsNoCrash(t *testing.T) {
	for _, part := range []string{"[", "(", "-", "not ", "lambda: ", "a if b else ", "{1:", "f(", "a.", "a[", "1+", "~", "x=y="} {
		text := "z = " + strings.Repeat(part, (1<<20)/len(part)-10)
		if _, err := script.Compile("callbacks", graph.Script{Text: text}); err == nil {
			t.Errorf("Compile of 1 MiB of %q = nil error, want one", part)
		}
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
