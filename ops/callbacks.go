package ops

import (
	"iter"
	"log/slog"
	"time"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops/script"
	"linecook.dev/linecook/peer"
)

// running is a script that has been started.
type running struct {
	at       *Endpoint // whose peers it sends to
	instance *script.Instance
	dat      *script.Dat
	err      error // of the start: it is not tried again
}

// A caller calls the callbacks of one node in one cook. It is nil if there are none.
type caller struct {
	hooks *Hooks
	own   table.Delta
	dat   Dat
}

// cook follows what happened at the sockets, and calls back: message for each message.
func (h *Hooks) cook(c *graph.Cook, at *Endpoint, message func(*caller, *graph.Event)) error {
	call, events := h.begin(c, at), c.Events()
	for next := 0; next < len(events); { // once, and again behind an event that panicked
		c.Try(func() error {
			for next < len(events) {
				e := &events[next]
				next++
				at.follow(c, e)
				if call != nil {
					call.event(e, message)
				}
				at.leave(c, e)
			}
			return nil
		})
	}
	if h.running == nil {
		return nil
	}
	return h.running.err
}

// begin returns what calls back in c, having started the script if it was not.
func (h *Hooks) begin(c *graph.Cook, at *Endpoint) *caller {
	if !h.any() {
		return nil
	}
	if h.program != nil && h.running == nil {
		h.start(c, at)
	}
	return &caller{h, c.Own(), Dat{Node: c.Node(), Cook: c, at: at}}
}

func (h *Hooks) start(c *graph.Cook, at *Endpoint) {
	r, log, slow := &running{at: at}, c.Node().Logger(), c.Node().Counter("slowcallbacks")
	h.running = r
	r.instance, r.err = h.program.Start(c, script.Env{
		Sender: func(c *graph.Cook) peer.Sender { return r.at.targets(c) },
		Peers:  func(c *graph.Cook) []table.Peer { return cells(r.at.known(c)) },
		Slow:   slowCallback(log, slow),
	})
	if r.err == nil {
		r.dat = r.instance.Own(c.Node())
	}
}

// slowCallback returns what counts and logs a callback that took long.
func slowCallback(log *slog.Logger, slow *graph.Counter) func(callback string, took time.Duration) {
	return func(callback string, took time.Duration) {
		slow.Add(1)
		log.Warn("slow callback", "callback", callback, "took", took)
	}
}

func cells(peers []*peer.Peer) []table.Peer {
	out := make([]table.Peer, len(peers))
	for i, p := range peers {
		out[i] = p
	}
	return out
}

func (k *caller) event(e *graph.Event, message func(*caller, *graph.Event)) {
	switch e.Kind {
	case graph.Message:
		message(k, e)
	case graph.Connect:
		k.connection(e, "onConnect", k.hooks.OnConnect)
	case graph.Close:
		k.connection(e, "onClose", k.hooks.OnClose)
	}
}

// at makes the table what it was when a row had just come, and returns the row's index.
func (k *caller) at(row uint64) int {
	k.dat.View = k.own.AsOf(row)
	if r := k.hooks.running; r != nil && r.dat != nil {
		r.dat.Show(k.dat.View)
	}
	return k.dat.View.NumRows() - 1
}

// script calls a callback of the script, if it has one of that name.
func (k *caller) script(name string, args func(*script.Instance) []script.Value) {
	r := k.hooks.running
	if r == nil || r.instance == nil || !r.instance.Has(name) {
		return
	}
	if _, err := r.instance.Call(k.dat.Cook, name, append([]script.Value{r.dat}, args(r.instance)...)...); err != nil {
		k.dat.Cook.Report(err)
	}
}

// connection calls back for a connection that began or ended.
func (k *caller) connection(e *graph.Event, name string, f func(*Dat, peer.Handle) error) {
	k.at(e.Rows.Lo - 1)
	if f != nil {
		k.dat.Cook.Try(func() error { return f(&k.dat, k.handle(e)) })
	}
	k.script(name, func(in *script.Instance) []script.Value { return []script.Value{scriptPeer(in, e)} })
}

// received calls back for one message and its row.
func (k *caller) received(e *graph.Event, row uint64, data []byte) {
	index, text := k.at(row), textOf(data)
	if f := k.hooks.OnReceive; f != nil {
		k.dat.Cook.Try(func() error { return f(&k.dat, Received{index, text, data, k.handle(e)}) })
	}
	k.script("onReceive", func(in *script.Instance) []script.Value {
		return []script.Value{script.Int(index), script.Text(text), script.Bytes(data), scriptPeer(in, e)}
	})
}

// receivedParts calls back for each part of a message that has a row.
func (k *caller) receivedParts(e *graph.Event, parts iter.Seq[[]byte]) {
	row := e.Rows.Lo
	for part := range parts {
		k.received(e, row, part)
		row++
	}
}

// handle returns the peer of an event; the zero Handle if it is none of package peer's.
func (k *caller) handle(e *graph.Event) peer.Handle {
	if p, ok := e.Peer.(*peer.Peer); ok {
		return p.In(k.dat.Cook)
	}
	return peer.Handle{}
}

func scriptPeer(in *script.Instance, e *graph.Event) script.Value {
	return in.Cell(table.PeerValue(e.Peer))
}
