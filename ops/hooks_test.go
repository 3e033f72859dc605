package ops_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/hashicorp/go-multierror"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/ops"
	"linecook.dev/linecook/peer"
	"linecook.dev/linecook/peer/osc"
)

// mistakes returns the errors of adding op to a graph, one text each.
func mistakes(op graph.Operator) (out []string) {
	err := graph.New().Edit(func(e *graph.Edit) { e.Add("n", op) })
	if many, ok := errors.AsType[*multierror.Error](err); ok {
		for _, err := range many.Errors {
			out = append(out, err.Error())
		}
	}
	return out
}

func TestCallbackThatIsNeverCalled(t *testing.T) {
	tests := []struct {
		name string
		op   graph.Operator
		want []string
	}{
		{"misspelt", &ops.TcpIp{Port: 1, Hooks: ops.Hooks{Callbacks: graph.Script{
			Text: "def once():\n    pass\n\ndef onRecieve(dat, rowIndex, message, bytes, peer):\n    once()\n",
		}}}, []string{`add /n: callbacks:4:5: onRecieve is never called; this operator calls onConnect, onReceive, onClose; did you mean "onReceive"?`}},
		{"of another operator", &ops.UdpIn{Hooks: ops.Hooks{Callbacks: graph.Script{
			Text: "def onReceive(dat, rowIndex, message, bytes, peer):\n    pass\ndef onConnect(dat, peer):\n    pass\n",
		}}}, []string{`add /n: callbacks:3:5: onConnect is never called; this operator calls onReceive`}},
		{"lower case", &ops.OscIn{Hooks: ops.Hooks{Callbacks: graph.Script{Text: "def onreceiveosc(dat):\n    pass\n"}}},
			[]string{`add /n: callbacks:1:5: onreceiveosc is never called; this operator calls onConnect, onReceiveOSC, onClose; did you mean "onReceiveOSC"?`}},
		{"a helper inside", &ops.UdpIn{Hooks: ops.Hooks{Callbacks: graph.Script{
			Text: "def onReceive(dat, rowIndex, message, bytes, peer):\n    def onX():\n        pass\n",
		}}}, nil},
		{"a Go hook", &ops.UdpIn{Hooks: ops.Hooks{OnClose: func(*ops.Dat, peer.Handle) error { return nil }}},
			[]string{`add /n: OnClose is never called; this operator calls onReceive`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { expect(t, "mistakes", mistakes(tt.op), tt.want...) })
	}
}

// script returns hooks with a script.
func script(text string) ops.Hooks {
	return ops.Hooks{Callbacks: graph.Script{Text: text, File: "patch.yaml", Line: 10}}
}

func TestScriptThatDoesNotStart(t *testing.T) {
	op := &ops.UdpIn{Hooks: script("a = {}\nb = a['x']\ndef onReceive(dat, rowIndex, message, bytes, peer):\n    pass\n")}
	r := newRig(t, func(e *graph.Edit) { e.Add("in", op) })
	r.engine.Step()
	want := `cook /in: callbacks: patch.yaml:11:6: key "x" not in dict`
	if err := r.g.Node("in").Err(); err == nil || err.Error() != want {
		t.Errorf("Err() before any message = %v, want %s", err, want)
	}
	rows := r.watch("in")
	send(t, dialUDP(t, op.LocalAddr()), "a")
	r.cookUntil("a row", has(rows, 1))
	if err := r.g.Node("in").Err(); err == nil || err.Error() != want {
		t.Errorf("Err() after a message = %v, want %s", err, want)
	}
}

func TestCallbackErrorStopsNothing(t *testing.T) {
	op := &ops.UdpIn{Hooks: script("def onReceive(dat, rowIndex, message, bytes, peer):\n    peer.send(str(1 // int(message)), terminator='')\n")}
	r := newRig(t, func(e *graph.Edit) { e.Add("in", op) })
	c := dialUDP(t, op.LocalAddr())
	send(t, c, "0", "1")
	n := r.g.Node("in")
	r.cookUntil("an answer", func() bool { return n.Stats().Sent == 1 })
	if got := receive(t, c); got != "1" {
		t.Errorf("received %q, want 1", got)
	}
	f := n.Faults()
	want := "callbacks onReceive: patch.yaml:11:21: floored division by zero"
	if len(f) != 1 || f[0].Kind != graph.FaultRow || f[0].Count != 1 || f[0].LastError.Error() != want {
		t.Errorf("Faults() = %+v, want one of a row: %s", f, want)
	}
}

func TestGoHookPanicStopsNothing(t *testing.T) {
	op := &ops.UdpIn{}
	var got []string
	op.OnReceive = func(_ *ops.Dat, m ops.Received) error {
		if m.Message == "bad" {
			panic("no")
		}
		got = append(got, m.Message)
		return nil
	}
	r := newRig(t, func(e *graph.Edit) { e.Add("in", op) })
	send(t, dialUDP(t, op.LocalAddr()), "a", "bad", "b")
	r.cookUntil("two messages", has(&got, 2))
	expect(t, "messages", got, "a", "b")
	if f := r.g.Node("in").Faults(); len(f) != 1 || f[0].Count != 1 {
		t.Errorf("Faults() = %+v, want one", f)
	}
}

// One cut brings far more rows than the table keeps; each message sees the table as it was.
func TestRowIndexInBurst(t *testing.T) {
	const messages, keep = 100, 8
	op := &ops.UdpIn{Window: ops.Window{MaxLines: keep}, Hooks: script(`
bad = []
count = [0]
def onReceive(dat, rowIndex, message, bytes, peer):
    n = count[0]
    count[0] += 1
    ok = rowIndex == min(n, 7) and dat.numRows == rowIndex + 1 and message == str(n)
    ok = ok and dat[rowIndex, 'message'] == message and dat[0, 0] == str(max(0, n - 7))
    if not ok:
        fail('message %d: rowIndex %d of %d, dat[0, 0] = %s' % (n, rowIndex, dat.numRows, dat[0, 0]))
    if n == 99:
        dat.send('done', terminator='')
`)}
	op.OnReceive = func(dat *ops.Dat, m ops.Received) error {
		if got := dat.Cell(m.RowIndex, "message").String(); got != m.Message || dat.View.NumRows() != m.RowIndex+1 {
			t.Errorf("dat.Cell(%d) of %d = %q, want %q", m.RowIndex, dat.View.NumRows(), got, m.Message)
		}
		return nil
	}
	r := newRig(t, func(e *graph.Edit) { e.Add("in", op) })
	n := r.g.Node("in")
	c := dialUDP(t, op.LocalAddr())
	for i := range messages {
		send(t, c, fmt.Sprint(i))
	}
	for n.Inbox().Stats().Events < messages { // all in one cut
		if err := r.engine.Await(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	r.engine.Step()
	if err := n.Err(); err != nil {
		t.Error(err)
	}
	if got := receive(t, c); got != "done" {
		t.Errorf("received %q, want done", got)
	}
	if n := n.Table().NumRows(); n != keep {
		t.Errorf("the table has %d rows, want %d", n, keep)
	}
}

func TestOscCallback(t *testing.T) {
	op := &ops.OscIn{Hooks: script(`
def onReceiveOSC(dat, rowIndex, message, bytes, timeStamp, address, args, peer):
    peer.sendOSC('/ack', [rowIndex, message, len(bytes), timeStamp, address] + args)
`)}
	r := newRig(t, func(e *graph.Edit) { e.Add("in", op) })
	c := dialUDP(t, op.LocalAddr())
	var b osc.Builder
	b.Reset(nil)
	b.BeginBundle(osc.TimeTag((2_208_988_800 + 1_000_000_000) << 32))
	for _, address := range []string{"/a", "/b"} {
		b.BeginMessage(address)
		b.ArrayBegin()
		b.Int32(7)
		b.String("x")
		b.ArrayEnd()
		b.Float32(0.5)
		b.EndMessage()
	}
	b.EndBundle()
	packet, err := b.Finish()
	if err != nil {
		t.Fatal(err)
	}
	send(t, c, string(packet))
	r.cookUntil("answers", func() bool { return r.g.Node("in").Stats().Sent == 2 })
	for i, address := range []string{"/a", "/b"} {
		var p osc.Packet
		if err := p.Parse([]byte(receive(t, c))); err != nil {
			t.Fatal(err)
		}
		got := string(osc.AppendText(nil, &p.Messages()[0]))
		want := fmt.Sprintf(`/ack %d "%s [7 \"x\"] 0.5" 24 1e+09 "%s" [7 "x"] 0.5`, i, address, address)
		if got != want {
			t.Errorf("answer %s\nwant   %s", got, want)
		}
	}
}
