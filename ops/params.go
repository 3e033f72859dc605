package ops

import (
	"time"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// Window is the parameters of operators whose table is a window on an endless list of rows.
type Window struct {
	Clamp    graph.Toggle `default:"on" help:"keep at most maxlines rows; the oldest go first, once everything that reads the table has had them"`
	MaxLines int          `default:"1000" min:"1" max:"10000000" unit:"rows" help:"how many rows the table keeps"`
	Clear    graph.Pulse  `help:"take all rows out of the table"`
}

// Limits implements [graph.Limiter].
func (w *Window) Limits() table.Limits {
	if !w.Clamp.On() {
		return table.Limits{}
	}
	return table.Limits{Rows: w.MaxLines}
}

// Pulse implements [graph.Pulser]: clear.
func (*Window) Pulse(n *graph.Node, _ string) { n.Clear() }

// Access is the parameters of operators that listen: where, and who may come.
type Access struct {
	LocalAddress string        `help:"IP address to listen on, as 0.0.0.0 for all; empty is 127.0.0.1, for this machine only. For multicast and for clients it says the network interface; empty is the system's choice"`
	Allow        []string      `help:"networks that may send, as 10.0.0.0/8 or 192.168.1.7; everyone without it"`
	MaxPeers     int           `default:"1024" min:"1" max:"65536" help:"most peers at once"`
	IdleTimeout  time.Duration `default:"0" min:"0" unit:"seconds" help:"silence after which a peer is let go; 0: a connection never, a UDP sender after 60 seconds"`
}

// Extras is the parameters of operators that say of a row where and when it came from.
type Extras struct {
	Bytes bool `help:"add a column bytes, with the message as it came; a message of an OSC bundle by itself"`
	Peer  bool `help:"add a column peer, with the sender: it prints as address:port, and can be answered"`
	Time  bool `help:"add a column time, with when it arrived, in seconds since 1970"`
}

// extraColumns are where a table has the columns of Extras; -1 where it does not.
type extraColumns struct{ bytes, peer, time int }

func (x *Extras) columns(w *table.Writer) extraColumns {
	at := extraColumns{-1, -1, -1}
	if x.Peer {
		at.peer = w.Col("peer")
	}
	if x.Time {
		at.time = w.Col("time")
	}
	if x.Bytes {
		at.bytes = w.Col("bytes")
	}
	return at
}

// set sets the cells of w's row.
func (at extraColumns) set(w *table.Writer, e *graph.Event, data []byte) {
	if at.peer >= 0 {
		w.SetPeer(at.peer, e.Peer)
	}
	if at.time >= 0 {
		w.SetFloat64(at.time, float64(e.Time)/1e9)
	}
	if at.bytes >= 0 {
		w.SetBytes(at.bytes, data)
	}
}
