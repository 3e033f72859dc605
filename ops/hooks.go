package ops

import (
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
// stop nothing.
type Hooks struct {
	Callbacks graph.Script `help:"Starlark script with the functions to call; in a patch it stands beside the operator, as text or as the name of a .star file"`

	OnConnect    func(dat *Dat, p peer.Handle) error // before all else of a connection
	OnReceive    func(dat *Dat, m Received) error
	OnReceiveOSC func(dat *Dat, m ReceivedOSC) error
	OnClose      func(dat *Dat, p peer.Handle) error // after all else of a connection, once

	program *script.Program
	running running
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
	Message   string        // as [osc.AppendText] has it
	Bytes     []byte        // the message as a packet; valid until the hook returns
	TimeStamp float64       // of its bundle if that has a time, else when it arrived: seconds since 1970
	Address   string        // that it was sent to
	Args      []table.Value // an array is a list; valid until the hook returns
	Peer      peer.Handle
}

// check compiles the script, and reports what is there to be called and never will be, given the
// names of what is called.
func (h *Hooks) check(names ...string) error {
	var errs []error
	for _, hook := range h.given() {
		if !slices.Contains(names, lowerFirst(hook)) {
			errs = append(errs, fmt.Errorf("%s is never called; this operator calls %s", hook, strings.Join(names, ", ")))
		}
	}
	if h.Callbacks.Text == "" {
		return checkAll(errs...)
	}
	var err error
	if h.program, err = script.Compile("callbacks", h.Callbacks); err != nil {
		return checkAll(append(errs, err)...)
	}
	for _, f := range h.program.Functions() {
		if looksCalled(f.Name, names) && !slices.Contains(names, f.Name) {
			errs = append(errs, &graph.ParamError{
				Param: "callbacks", Line: f.Line, Col: f.Col,
				Msg: fmt.Sprintf("%s is never called; this operator calls %s%s",
					f.Name, strings.Join(names, ", "), graph.DidYouMean(f.Name, slices.Values(names))),
			})
		}
	}
	return checkAll(errs...)
}

// given returns the names of the Go functions that are set.
func (h *Hooks) given() (names []string) {
	for name, set := range map[string]bool{
		"OnConnect": h.OnConnect != nil, "OnReceive": h.OnReceive != nil,
		"OnReceiveOSC": h.OnReceiveOSC != nil, "OnClose": h.OnClose != nil,
	} {
		if set {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func lowerFirst(s string) string { return strings.ToLower(s[:1]) + s[1:] }

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
func (h *Hooks) any() bool { return h.program != nil || len(h.given()) > 0 }

// Effect implements [graph.Effect].
func (h *Hooks) Effect() bool { return h.any() }

// Listens implements [graph.Listener].
func (h *Hooks) Listens() bool { return h.any() }
