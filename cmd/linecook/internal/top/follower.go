package top

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/coder/websocket"
)

// Times of following a monitor.
const (
	firstPause = 250 * time.Millisecond // before it is tried again; doubles
	longPause  = 5 * time.Second
	pollEvery  = time.Second // what the feed does not have is asked for
	silence    = 10 * time.Second
)

// A follower keeps a Model like the engine that a monitor shows.
type follower struct {
	client *Client
	tell   func(ctx context.Context, change func(*Model)) // hands a change to who owns the model

	mu      sync.Mutex
	wanted  look
	changed chan struct{} // holds a token when wanted has changed
}

// A look is what is being looked at beside all nodes.
type look struct {
	node   string // its path; empty is none
	rows   int    // of its table
	errors bool   // the list of them
}

func newFollower(c *Client, tell func(context.Context, func(*Model))) *follower {
	return &follower{client: c, tell: tell, changed: make(chan struct{}, 1)}
}

// want makes l what is looked at.
func (f *follower) want(l look) {
	f.mu.Lock()
	same := f.wanted == l
	f.wanted = l
	f.mu.Unlock()
	if same {
		return
	}
	select {
	case f.changed <- struct{}{}:
	default:
	}
}

func (f *follower) look() look {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.wanted
}

// run follows the monitor until ctx ends, or until it was refused or unreachable before it was ever
// reached.
func (f *follower) run(ctx context.Context) error {
	reached, pause := false, firstPause
	for ctx.Err() == nil {
		err := f.follow(ctx, func() { reached, pause = true, firstPause })
		if ctx.Err() != nil {
			return nil
		}
		if !reached && isFinal(err) {
			return err
		}
		again := time.Now().Add(pause)
		f.tell(ctx, func(m *Model) { m.disconnect(err, again) })
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
		pause = min(2*pause, longPause)
	}
	return nil
}

// isFinal reports whether an error is about the address that was given, rather than the engine behind it.
func isFinal(err error) bool {
	_, refused := errors.AsType[*RefusedError](err)
	_, unreachable := errors.AsType[*UnreachableError](err)
	return refused || unreachable
}

// follow connects once, and tells what it hears until that ends. reached is called when the first update
// has come.
func (f *follower) follow(ctx context.Context, reached func()) error {
	g, err := f.graph(ctx)
	if err != nil {
		return err
	}
	conn, err := f.client.feed(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.CloseNow() }()
	f.tell(ctx, func(m *Model) { m.connect(g) })
	ctx, cancel := context.WithCancelCause(ctx)
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel(nil)
	wg.Go(func() { cancel(f.ask(ctx, conn)) })
	return f.hear(ctx, conn, g.Engine.Generation, reached)
}

func (f *follower) graph(ctx context.Context) (g graphAnswer, err error) {
	return g, f.client.get(ctx, "/api/graph", nil, &g)
}

// hear tells what the feed says.
func (f *follower) hear(ctx context.Context, conn *websocket.Conn, generation uint64, reached func()) error {
	for {
		u, err := next(ctx, conn)
		if err != nil {
			if cause := context.Cause(ctx); cause != nil {
				err = cause
			}
			return err
		}
		if u.Generation > generation {
			g, err := f.graph(ctx)
			if err != nil {
				return err
			}
			generation = g.Engine.Generation
			f.tell(ctx, func(m *Model) { m.know(g) })
		}
		f.tell(ctx, func(m *Model) { m.update(u) })
		reached()
	}
}

// next returns the next update.
func next(ctx context.Context, conn *websocket.Conn) (u update, err error) {
	ctx, cancel := context.WithTimeout(ctx, silence)
	defer cancel()
	_, text, err := conn.Read(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		return u, errors.New("nothing was heard for 10 s")
	}
	if e, ok := errors.AsType[websocket.CloseError](err); ok && e.Reason != "" {
		return u, errors.New(clean(e.Reason))
	}
	if err != nil {
		return u, err
	}
	return u, json.Unmarshal(text, &u)
}

// ask says what is wanted whenever that changes, and asks for what the feed does not have.
func (f *follower) ask(ctx context.Context, conn *websocket.Conn) error {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		l := f.look()
		if err := say(ctx, conn, l); err != nil {
			return err
		}
		for changed := false; !changed; {
			if err := f.poll(ctx, l); err != nil && ctx.Err() == nil {
				return err
			}
			select {
			case <-ctx.Done():
				return nil
			case <-f.changed:
				changed = true
			case <-tick.C:
			}
		}
	}
}

func say(ctx context.Context, conn *websocket.Conn, l look) error {
	w := wish{Nodes: true}
	if l.node != "" {
		w.Watch = []watchWish{{l.node, l.rows}}
	}
	text, err := json.Marshal(w)
	if err != nil {
		return err
	}
	return conn.Write(ctx, websocket.MessageText, text)
}

// poll asks for what is looked at.
func (f *follower) poll(ctx context.Context, l look) error {
	if l.errors {
		var a errorsAnswer
		if err := f.client.get(ctx, "/api/errors", nil, &a); err != nil {
			return err
		}
		f.tell(ctx, func(m *Model) { m.faults = a.Errors })
	}
	if l.node == "" {
		return nil
	}
	if err := f.pollNode(ctx, l); !errors.Is(err, errMissing) { // it may have been removed, and come back
		return err
	}
	return nil
}

func (f *follower) pollNode(ctx context.Context, l look) error {
	path := url.Values{"path": {l.node}}
	var d detail
	if err := f.client.get(ctx, "/api/node", path, &d.nodeAnswer); err != nil {
		return err
	}
	var peers peersAnswer
	if err := f.client.get(ctx, "/api/peers", path, &peers); err != nil {
		return err
	}
	d.peers = peers.Peers
	slices.SortStableFunc(d.peers, func(a, b peer) int { return cmp.Compare(a.SinceWall, b.SinceWall) })
	if uint64(d.Rows) < d.End-d.Base { // rows went out of the middle, of which the feed does not say which
		path.Set("from", strconv.Itoa(-l.rows))
		path.Set("count", strconv.Itoa(l.rows))
		d.whole = new(tableAnswer)
		if err := f.client.get(ctx, "/api/table", path, d.whole); err != nil {
			return err
		}
	}
	f.tell(ctx, func(m *Model) { m.detail(&d) })
	return nil
}
