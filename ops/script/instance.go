package script

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"runtime/debug"
	"strings"
	"time"

	"go.starlark.net/starlark"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/peer"
)

// Value is what a callback is given and what it returns. [Instance.Cell], [Int], [Text], [Bytes]
// and [List] make one, and a [Dat] is one.
type Value = starlark.Value

// Env is what the operator that owns a script gives it. The zero Env is a script without network.
type Env struct {
	// Peer returns what a script can do in c with the peer that a cell holds. It is needed only if
	// that is no [peer.Peer].
	Peer func(c *graph.Cook, p table.Peer) Peer
	// Sender returns where dat.send goes. Without it dat cannot send.
	Sender func(c *graph.Cook) peer.Sender
	// Peers returns what dat.peers lists. Without it there are none.
	Peers func(c *graph.Cook) []table.Peer
	// Looks is set for a script that computes: it can look at peers, but not send or close.
	Looks bool
	// FirstRef is the index of the first of [Program.Refs] among the node's references.
	FirstRef int
	// SlowAfter is the wall time past which a callback counts as slow; 0 means 20 ms.
	SlowAfter time.Duration
	// Slow is called after a slow callback. The result of no script depends on it.
	Slow func(callback string, took time.Duration)
}

// Stats counts what an Instance did.
type Stats struct {
	Calls   uint64
	Failed  uint64
	Slow    uint64 // calls over Env.SlowAfter
	Steps   uint64
	Longest time.Duration
}

// An Instance is a running script: a Program and its memory. It belongs to the goroutine that
// cooks its node.
type Instance struct {
	prog    *Program
	env     Env
	thread  starlark.Thread
	names   starlark.StringDict // predeclared; frame and seconds change with each call
	globals starlark.StringDict // as they are when the top level has run
	refs    map[string]*Dat
	own     Dat
	stats   Stats

	cook  *graph.Cook // nil between calls
	spent bool        // the steps of this call
	pure  bool        // it stands for an expression, which must not change anything
}

// Start runs the script's top level in c and returns its Instance. Its error is an [*Error].
func (p *Program) Start(c *graph.Cook, env Env) (*Instance, error) {
	in := &Instance{prog: p, env: env, names: maps.Clone(predeclared), refs: map[string]*Dat{}}
	in.env.SlowAfter = cmp.Or(env.SlowAfter, 20*time.Millisecond)
	in.own = Dat{in: in, own: true}
	in.names["op"] = builtin("op", in.op)
	in.names["param"] = paramModule(p.script.Values)
	for i, name := range p.refs {
		in.refs[name] = &Dat{in: in, ref: env.FirstRef + i}
	}
	in.thread.Name = p.param
	in.thread.Print = in.print
	in.thread.OnMaxSteps = func(t *starlark.Thread) {
		in.spent = true
		t.Cancel(ErrSteps.Error())
	}
	in.thread.SetMaxExecutionSteps(MaxSteps)
	_, err := in.run(c, "", func() (starlark.Value, error) {
		var err error
		in.globals, err = p.code.Init(&in.thread, in.names)
		return starlark.None, err
	})
	if err != nil {
		return nil, err
	}
	return in, nil
}

// Has reports whether the script defines the callback called name.
func (in *Instance) Has(name string) bool {
	_, ok := in.globals[name].(*starlark.Function)
	return ok
}

// Call runs the callback called name in c and returns what it returns; None if the script does not
// define it. An error is an [*Error], and leaves the script as far as it got: what it has sent and
// changed until then stays.
func (in *Instance) Call(c *graph.Cook, name string, args ...Value) (Value, error) {
	f, ok := in.globals[name].(*starlark.Function)
	if !ok {
		return starlark.None, nil
	}
	return in.run(c, name, func() (starlark.Value, error) {
		return starlark.Call(&in.thread, f, args, nil)
	})
}

// Stats returns the Instance's counters.
func (in *Instance) Stats() Stats { return in.stats }

// run does f as one callback: with a fresh budget, and the clock of c.
func (in *Instance) run(c *graph.Cook, name string, f func() (Value, error)) (v Value, err error) {
	in.cook, in.spent = c, false
	in.thread.Steps = 0
	in.thread.Uncancel()
	if in.prog.clock {
		in.names["frame"] = starlark.MakeInt64(c.Frame)
		in.names["seconds"] = starlark.Float(c.Time.Seconds())
	}
	start := time.Now()
	defer func() {
		if p := recover(); p != nil {
			v, err = nil, &graph.PanicError{Value: p, Stack: debug.Stack()}
		}
		in.cook = nil
		if err = in.finish(name, time.Since(start), err); err != nil {
			v = nil
		}
	}()
	return f()
}

// finish counts a callback that has ended, and makes its error an [*Error].
func (in *Instance) finish(name string, took time.Duration, err error) error {
	s := &in.stats
	s.Calls++
	s.Steps += in.thread.Steps
	s.Longest = max(s.Longest, took)
	if took > in.env.SlowAfter {
		s.Slow++
		if in.env.Slow != nil {
			in.env.Slow(name, took)
		}
	}
	if err == nil {
		return nil
	}
	s.Failed++
	e := in.prog.failure(name, err)
	if in.spent || errors.Is(err, ErrSteps) {
		e.Msg, e.Err = ErrSteps.Error(), ErrSteps
	}
	e.Msg = in.rebindHint(e.Msg)
	return e
}

// rebindHint explains the error of a function that meant to change a global.
func (in *Instance) rebindHint(msg string) string {
	var name string
	if _, err := fmt.Sscanf(msg, "local variable %s referenced before assignment", &name); err != nil {
		return msg
	}
	if _, global := in.globals[name]; !global {
		return msg
	}
	return msg + "; " + rebindHint(name)
}

// maxPrint is how much of a printed text is logged, in bytes.
const maxPrint = 4 << 10

func (in *Instance) print(t *starlark.Thread, text string) {
	if in.cook == nil {
		return
	}
	text = clip(text, maxPrint)
	at := in.prog.place(t.CallFrame(1))
	in.cook.Node().Logger().Info("print", slog.String("text", strings.ToValidUTF8(text, "\uFFFD")),
		slog.String("at", at.String()))
}

// op returns the table of another node.
func (in *Instance) op(c call) (Value, error) {
	var name string
	if err := c.unpack(1, &name); err != nil {
		return nil, err
	}
	if d := in.refs[name]; d != nil {
		return d, nil
	}
	return nil, fmt.Errorf("op: %q is not one of the script's references", name)
}
