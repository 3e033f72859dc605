package ops_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/ops"
)

const executeScript = `
log = []
def onStart():
    log.append('start')
def onFrameStart(frame):
    log.append('frame %d' % frame)
def onRowAppended(dat, rowIndex):
    log.append('%s row %d of %d: %s' % (dat.name, rowIndex, dat.numRows, dat[rowIndex, 'n']))
def onTableChange(dat):
    log.append('%s has %d' % (dat.name, dat.numRows))
def onSizeChange(dat):
    log.append('size %d x %d' % (dat.numRows, dat.numCols))
def onFrameEnd(frame):
    log.append('end %d' % frame)
    if frame == 2:
        fail(' / '.join(log))
def onExit():
    fail('exit after ' + log[-1])
`

// Callbacks come in the order of what happens, in a script as in Go.
func TestExecute(t *testing.T) {
	var told []string
	tell := func(format string, args ...any) error {
		told = append(told, fmt.Sprintf(format, args...))
		return nil
	}
	op := &ops.Execute{
		Callbacks:    graph.Script{Text: executeScript},
		OnStart:      func(*graph.Cook) error { return tell("start") },
		OnFrameStart: func(c *graph.Cook) error { return tell("frame %d", c.Frame) },
		OnRowAppended: func(_ *graph.Cook, t ops.InputChange) error {
			row := t.View.Row(t.View.At(t.RowIndex))
			return tell("%s row %d of %d: %s", t.Input.Name(), t.RowIndex, t.View.NumRows(), row.Get("n"))
		},
		OnTableChange: func(_ *graph.Cook, t ops.InputChange) error {
			return tell("%s has %d", t.Input.Name(), t.View.NumRows())
		},
		OnSizeChange: func(_ *graph.Cook, t ops.InputChange) error {
			return tell("size %d x %d", t.View.NumRows(), t.View.Schema().Len())
		},
		OnFrameEnd: func(c *graph.Cook) error { return tell("end %d", c.Frame) },
		OnExit:     func(*graph.Cook) error { return tell("exit") },
	}
	source := &burst{columns: []string{"a", "n"}}
	r := newRig(t, func(e *graph.Edit) { e.Wire(e.Add("source", source), e.Add("x", op)) })
	r.engine.Step()
	source.add(2)
	r.cook()
	want := []string{
		"start", "frame 1", "size 0 x 2", "source has 0", "end 1",
		"frame 2", "source row 0 of 1: 1", "source row 1 of 2: 2", "size 2 x 2", "source has 2", "end 2",
	}
	expect(t, "calls of Go functions", told, want...)
	n := r.g.Node("x")
	if err := n.Err(); err == nil || !strings.HasSuffix(err.Error(), strings.Join(want, " / ")) {
		t.Errorf("calls of the script:\n%v\nwant\n%s", err, strings.Join(want, " / "))
	}
	r.close()
	if told[len(told)-1] != "exit" || strings.Count(strings.Join(told, " "), "exit") != 1 {
		t.Errorf("after the engine was closed the calls are %q, want exit once, at the end", told)
	}
	var last error
	for f := range n.FailuresSince(0) {
		last = f.Err
	}
	if last == nil || !strings.Contains(last.Error(), "exit after end 3") {
		t.Errorf("the last failure is %v, want that of onExit", last)
	}
}

// What fails stops nothing, and is counted call by call.
func TestExecuteThatFails(t *testing.T) {
	calls := 0
	op := &ops.Execute{
		OnFrameStart: func(*graph.Cook) error { return errors.New("start") },
		OnRowAppended: func(*graph.Cook, ops.InputChange) error {
			if calls++; calls == 1 {
				panic("row")
			}
			return nil
		},
		OnFrameEnd: func(*graph.Cook) error { return errors.New("end") },
	}
	source := &burst{columns: []string{"a"}}
	r := newRig(t, func(e *graph.Edit) { e.Wire(e.Add("source", source), e.Add("x", op)) })
	source.add(3)
	r.steps(2)
	if errs := r.g.Node("x").Stats().Errors; calls != 3 || errs != 5 {
		t.Errorf("of three rows %d were called for, and %d calls failed in two frames; want 3 and 5", calls, errs)
	}
	expect(t, "mistakes", mistakes(&ops.Execute{Callbacks: graph.Script{Text: "def onFramestart(frame):\n    pass\n"}}),
		`add /n: callbacks:1:5: onFramestart is never called; this operator calls onStart, onExit, onFrameStart, onFrameEnd, onRowAppended, onTableChange, onSizeChange; did you mean "onFrameStart"?`)
}

// A row that carries a peer can be answered, and a patch that has only callbacks of changes is idle without any.
func TestExecuteSends(t *testing.T) {
	server := &ops.TcpIp{Mode: "server", Extras: ops.Extras{Peer: true}}
	script := "def onRowAppended(dat, rowIndex):\n    dat[rowIndex, 'peer'].send(dat[rowIndex, 'message'].upper(), terminator='\\n')\n"
	r := newRig(t, func(e *graph.Edit) {
		e.Wire(e.Add("in", server), e.Add("x", &ops.Execute{Callbacks: graph.Script{Text: script}}))
	})
	conn := dialTCP(t, server.LocalAddr())
	send(t, conn, "hello\n")
	n := r.g.Node("x")
	r.cookUntil("the answer", func() bool { return n.Stats().Sent == 1 })
	if got := receive(t, conn); got != "HELLO\n" {
		t.Errorf("received %q, want HELLO and the end of the line; error %v", got, n.Err())
	}
	cooks := n.Stats().Cooks
	r.steps(10)
	if got := n.Stats().Cooks; got != cooks {
		t.Errorf("in ten frames without news it cooked %d times", got-cooks)
	}
}
