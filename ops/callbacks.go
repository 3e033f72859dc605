package ops

import (
	"time"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops/script"
	"linecook.dev/linecook/peer"
)

// Hooks are Go functions that are called when something happens at a node's sockets: once for each
// message, in order of arrival, in the node's cook. Their errors, and panics, are shown on the node
// and stop nothing. They must not wait.
type Hooks struct {
	OnConnect    func(dat *Dat, p peer.Handle) error // before all else of a connection
	OnReceive    func(dat *Dat, m Received) error
	OnReceiveOSC func(dat *Dat, m ReceivedOSC) error
	OnClose      func(dat *Dat, p peer.Handle) error // after all else, once
}

// A Received is one message, line, frame or byte. Bytes is valid until the hook returns.
type Received struct {
	RowIndex int    // of its row, counted from 0 in dat.View
	Message  string // as text, with invalid UTF-8 replaced
	Bytes    []byte
	Peer     peer.Handle
}

// A ReceivedOSC is one OSC message. Bytes and Args are valid until the hook returns.
type ReceivedOSC struct {
	RowIndex  int // of its row, or its bundle's, counted from 0 in dat.View
	Message   string
	Bytes     []byte        // of the whole packet
	TimeStamp float64       // of the bundle, else when it arrived: seconds since 1970
	Address   string        // the address it was sent to
	Args      []table.Value // arrays are lists
	Peer      peer.Handle
}

// A Dat is the node whose hook is called. What it sends goes to all that are connected, to the
// server, or to the last sender, after the cook.
type Dat struct {
	*graph.Node
	peer.Group
	View  table.View // the node's table, as of the message
	Peers []*peer.Peer
	Cook  *graph.Cook
}

// Hooked is the parameter of operators that call back, and its equal in Go.
type Hooked struct {
	Callbacks graph.Script `help:"Starlark script with the functions to call; in a patch it stands beside the operator, as text or as the name of a .star file"`
	Hooks     Hooks        `par:"-"`

	program  *script.Program
	instance *script.Instance
	dat      *script.Dat
}

// check compiles the script, whose functions called on... must be among those that are called.
func (k *Hooked) check(names ...string) (err error) {
	if k.Callbacks.Text != "" {
		k.program, err = script.Compile("callbacks", k.Callbacks)
	}
	return err
}

// Refs implements [graph.Referrer].
func (k *Hooked) Refs() []string {
	if k.program == nil {
		return nil
	}
	return k.program.Refs()
}

func (k *Hooked) any() bool {
	h := k.Hooks
	return k.program != nil || h.OnConnect != nil || h.OnReceive != nil || h.OnReceiveOSC != nil || h.OnClose != nil
}

// Effect implements [graph.Effect].
func (k *Hooked) Effect() bool { return k.any() }

// Listens implements [graph.Listener].
func (k *Hooked) Listens() bool { return k.any() }

// A caller calls the callbacks of one node in one cook.
type caller struct {
	*Hooked
	c  *graph.Cook
	at *Endpoint
	d  table.Delta
}

// begin returns what calls back in c, having started the script if it was not. It is nil if there
// is nothing to call.
func (k *Hooked) begin(c *graph.Cook, at *Endpoint) (*caller, error) {
	if !k.any() {
		return nil, nil
	}
	if k.program != nil && k.instance == nil {
		if err := k.start(c, at); err != nil {
			return nil, err
		}
	}
	return &caller{k, c, at, c.Own()}, nil
}

func (k *Hooked) start(c *graph.Cook, at *Endpoint) (err error) {
	log := c.Node().Logger()
	k.instance, err = k.program.Start(c, script.Env{
		Peer:   func(c *graph.Cook, p table.Peer) script.Peer { return p.(*peer.Peer).In(c) },
		Sender: func(c *graph.Cook) script.Sender { return at.targets(c) },
		Peers:  func(*graph.Cook) []table.Peer { return tablePeers(at.known()) },
		Slow: func(callback string, took time.Duration) {
			log.Warn("slow callback", "callback", callback, "took", took)
		},
	})
	if err == nil {
		k.dat = k.instance.Own(c.Node())
	}
	return err
}

func tablePeers(peers []*peer.Peer) []table.Peer {
	out := make([]table.Peer, len(peers))
	for i, p := range peers {
		out[i] = p
	}
	return out
}

// cook follows what happened at the sockets, and calls back: message for each message.
func (k *Hooked) cook(c *graph.Cook, at *Endpoint, message func(*caller, *graph.Event)) error {
	call, err := k.begin(c, at)
	events := c.Events()
	for i := range events {
		e := &events[i]
		at.follow(e)
		switch {
		case call == nil:
		case e.Kind == graph.Message:
			message(call, e)
		default:
			call.connection(e)
		}
		if e.Kind == graph.Close {
			e.Peer.(*peer.Peer).Gone(c)
		}
	}
	return err
}

// see sets what the callbacks see: the table as of a row.
func (k *caller) see(row uint64) table.View {
	v := k.d.AsOf(row)
	if k.dat != nil {
		k.dat.Show(v)
	}
	return v
}

// hook calls a Go hook, with its panics and errors reported.
func (k *caller) hook(v table.View, f func(*Dat) error) {
	k.c.Try(func() error {
		return f(&Dat{k.c.Node(), k.at.targets(k.c), v, k.at.known(), k.c})
	})
}

// script calls a callback of the script, if it has one of that name.
func (k *caller) script(name string, args func() []script.Value) {
	if k.instance == nil || !k.instance.Has(name) {
		return
	}
	if _, err := k.instance.Call(k.c, name, append([]script.Value{k.dat}, args()...)...); err != nil {
		k.c.Report(err)
	}
}

// connection calls back for a connection that began or ended.
func (k *caller) connection(e *graph.Event) {
	p, v := e.Peer.(*peer.Peer), k.see(e.Rows.Lo-1)
	name, f := "onConnect", k.Hooks.OnConnect
	if e.Kind == graph.Close {
		name, f = "onClose", k.Hooks.OnClose
	}
	if f != nil {
		k.hook(v, func(d *Dat) error { return f(d, p.In(k.c)) })
	}
	k.script(name, func() []script.Value { return []script.Value{k.peer(p)} })
}

func (k *caller) peer(p *peer.Peer) script.Value { return k.instance.Cell(table.PeerValue(p)) }

// received calls back for one message and its row.
func (k *caller) received(e *graph.Event, row uint64, text string, data []byte) {
	p, v := e.Peer.(*peer.Peer), k.see(row)
	index := v.NumRows() - 1
	if f := k.Hooks.OnReceive; f != nil {
		k.hook(v, func(d *Dat) error { return f(d, Received{index, text, data, p.In(k.c)}) })
	}
	k.script("onReceive", func() []script.Value {
		return []script.Value{script.Int(index), script.Text(text), script.Bytes(data), k.peer(p)}
	})
}
