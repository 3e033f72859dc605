package ops

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops/script"
	"linecook.dev/linecook/peer"
)

// Hooks is what is called when something happens at a node's sockets: functions of a script, Go
// functions, or both, the Go function first. They are called once for each message, in order of
// arrival, in the node's cook, and must not wait. Their errors, and panics, are shown on the node and
// stop nothing. They are set before the operator becomes part of a graph.
type Hooks struct {
	Callbacks graph.Script `help:"Starlark script with the functions to call; in a patch it stands beside the operator, as text or as the name of a .star file"`

	OnConnect    func(dat *Dat, p peer.Handle) error // before all else of a connection
	OnReceive    func(dat *Dat, m Received) error
	OnReceiveOSC func(dat *Dat, m ReceivedOSC) error
	OnClose      func(dat *Dat, p peer.Handle) error // after all else of a connection, once

	program *script.Program
	running *running // nil before it has been
}

// A Received is one message, line, frame or byte.
type Received struct {
	RowIndex int    // of its row in dat.View, counted from 0
	Message  string // as text: each byte that is no UTF-8 is U+FFFD
	Bytes    []byte // as it came; valid until the hook returns
	Peer     peer.Handle
}

// A ReceivedOSC is one OSC message.
type ReceivedOSC struct {
	RowIndex  int           // of its row, or of its bundle's, in dat.View, counted from 0
	Message   string        // as text: address and arguments
	Bytes     []byte        // the message as a packet; valid until the hook returns
	TimeStamp float64       // of its bundle if that has a time, else when it arrived: seconds since 1970
	Address   string        // that it was sent to
	Args      []table.Value // an array is a list; valid until the hook returns
	Peer      peer.Handle
}

// check compiles the script, and reports what is there to be called and never will be, given the
// names of what is called.
func (h *Hooks) check(names ...string) error {
	errs := h.checkHooks(names)
	var err error
	h.program, err = compileCallbacks(h.Callbacks, names)
	return checkAll(append(errs, flatten(err)...)...)
}

// compileCallbacks compiles a script of which functions with the given names are called, and reports those
// that look like these and are none. Without a script the program is nil.
func compileCallbacks(s graph.Script, names []string) (*script.Program, error) {
	if s.Text == "" {
		return nil, nil
	}
	program, err := script.Compile("callbacks", s)
	if err != nil {
		return nil, err
	}
	var errs []error
	for _, f := range program.Functions() {
		if looksCalled(f.Name, names) && !slices.Contains(names, f.Name) {
			errs = append(errs, &graph.ParamError{
				Param: "callbacks", Line: f.Line, Col: f.Col,
				Msg: neverCalled(f.Name, names) + graph.DidYouMean(f.Name, slices.Values(names)),
			})
		}
	}
	return program, checkAll(errs...)
}

// checkHooks reports Go functions that are never called.
func (h *Hooks) checkHooks(names []string) (errs []error) {
	for _, hook := range []struct {
		name string
		set  bool
	}{
		{"OnConnect", h.OnConnect != nil}, {"OnReceive", h.OnReceive != nil},
		{"OnReceiveOSC", h.OnReceiveOSC != nil}, {"OnClose", h.OnClose != nil},
	} {
		if hook.set && !slices.Contains(names, "o"+hook.name[1:]) {
			errs = append(errs, errors.New(neverCalled(hook.name, names)))
		}
	}
	return errs
}

func neverCalled(name string, names []string) string {
	return fmt.Sprintf("%s is never called; this operator calls %s", name, strings.Join(names, ", "))
}

// looksCalled reports whether a function's name is that of a callback, to whoever wrote it: onFrame
// and onreceive are, once and only_even are not.
func looksCalled(name string, names []string) bool {
	rest, on := strings.CutPrefix(name, "on")
	isCamel := on && rest != "" && 'A' <= rest[0] && rest[0] <= 'Z'
	return isCamel || slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, name) })
}

// Refs implements [graph.Referrer].
func (h *Hooks) Refs() []string {
	if h.program == nil {
		return nil
	}
	return h.program.Refs()
}

// any reports whether there is something to call.
func (h *Hooks) any() bool {
	return h.program != nil || h.OnConnect != nil || h.OnReceive != nil || h.OnReceiveOSC != nil || h.OnClose != nil
}

// Effect implements [graph.Effect].
func (h *Hooks) Effect() bool { return h.any() }

// Listens implements [graph.Listener].
func (h *Hooks) Listens() bool { return h.any() }
