package graph

import (
	"context"

	"linecook.dev/linecook/graph/table"
)

// An Operator turns what changed in its inputs into what changes in its output. Cook is called at
// most once a frame, and in between for a node that nothing wants when its table is asked for; never
// concurrently for one node. It must not wait for anything.
//
// If Cook returns an error or panics, what it wrote is taken back, the node shows the error, and a
// later Cook is given all of its inputs again ([table.Delta.Reset]), unless it is an [Effect].
type Operator interface{ Cook(c *Cook) error }

// A Starter opens what its node needs from outside: sockets, files. Start must not wait. When it
// returns an error it has left nothing open, and it is called again some seconds later. What it
// began ends with the operator's Close ([io.Closer]), which waits for it.
type Starter interface {
	Start(ctx context.Context, n *Node) error
}

// An OfflineStarter prepares to cook without the outside: what it would receive is put into the
// node's inbox by somebody else, and what it sends is looked at, but goes nowhere. It opens nothing,
// and Close is not called for it. Without it an operator that would open something cooks as if that
// were not open.
type OfflineStarter interface{ StartOffline(n *Node) }

// A Decoder turns what arrived into rows. Decode is pure: its rows depend on the event, the
// parameters and the table's columns alone. It is called under the inbox's lock, in the goroutine
// that received e, which it must neither keep nor change; on an error what it wrote is taken back and
// the event is counted as malformed.
type Decoder interface {
	Decode(e *Event, w *table.Writer) error
}

// A Listener of events gets, in Cook, every event with a copy of its bytes ([Cook.Events]).
// Without it, events come without bytes, and several messages of one peer may be one event.
type Listener interface{ Listens() bool }

// An Effect is wanted for what it does (sending, writing, calling back), not for its table. It is
// cooked whenever its inputs or its inbox changed. Rows are never given to it twice.
type Effect interface{ Effect() bool }

// A Passer has no table of its own: its node's table is that of the input it names.
type Passer interface{ Pass() (input int) }

// A Targeter can name the node that is its first input, before those that are wired to it; an empty name is
// that of none.
type Targeter interface{ TargetName() string }

// A Lagger's table is read as it was at the end of the last frame: it cooks when all others have, and
// may therefore read what reads it. The graph has no loop otherwise.
type Lagger interface{ Lags() bool }

// A Limiter says how many rows and bytes its node's table holds. Without it, rows are not limited.
type Limiter interface{ Limits() table.Limits }

// A Pulser obeys its parameters of type [Pulse]. It is called between two frames.
type Pulser interface{ Pulse(n *Node, param string) }

// A Checker finds what is wrong with its parameters beyond their single limits: a script that
// does not compile, two parameters that exclude each other. It returns a [ParamError] or several
// of them in a multierror.Error.
type Checker interface{ Check() error }

// A Referrer reads the tables of other nodes it is not wired to. They are cooked before it, and a
// change in them makes it cook.
type Referrer interface{ Refs() []string }

// An Opener is a [Starter] or [Decoder] that reads only some of its parameters when it opens or while it
// receives: those that it names. The others can be computed while the patch runs. Without it, none can.
type Opener interface{ Opens() []string }

// A Ticker is cooked in every frame there is, if it says so; it begins none.
type Ticker interface{ EveryFrame() bool }

// An Ender is told that its node will not cook any more: the engine closes, or the node was removed. It can
// send and report in c, but writes nothing. A panic is shown on the node.
type Ender interface{ End(c *Cook) }
