package script_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops/script"
)

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

func (s *source) writeTo(w *table.Writer) error {
	w.AddCols("name", "value")
	for i, text := range s.rows {
		w.Row()
		w.SetString(0, text)
		w.SetInt(1, int64(i*10))
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

func TestOp(t *testing.T) {
	r := newRig(t, `
cues = op('other0')
def f():
    return (cues.name, cues[1, 'value'], op('/other0').numRows, cues == op('other0'))
def g():
    return op('other1').send('x')
`, &source{rows: []string{"a", "b"}}, &source{}).start()
	if want := []string{"other0", "/other0", "other1"}; !slices.Equal(r.prog.Refs(), want) {
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
