package monitor

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/coder/websocket"

	"linecook.dev/linecook/graph"
)

// Limits of a viewer (reliability R63).
const (
	writeTime = 5 * time.Second // without progress: the default of Config.Patience
	pingEvery = 20 * time.Second
)

// A viewer is one WebSocket that is fed.
type viewer struct {
	hub   *hub
	conn  *websocket.Conn
	awake chan struct{} // holds a token when there is something new

	wish wish // guarded by the hub's lock, as is what it was told
	told told
}

// feed serves one viewer until it goes.
func (m *Monitor) feed(w http.ResponseWriter, r *http.Request) {
	v := &viewer{hub: m.hub, awake: make(chan struct{}, 1)}
	if !m.hub.admit(v) {
		m.gate.counts.add("viewers")
		failf(http.StatusServiceUnavailable, "%d viewers are watching, and that is the most there can be: close a page", maxViewers).write(w)
		return
	}
	defer m.hub.dismiss(v)
	// The gate has checked the Origin, more closely than Accept would.
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true, CompressionMode: websocket.CompressionDisabled})
	if err != nil {
		m.gate.counts.add("handshake")
		return // Accept has answered
	}
	defer func() { _ = conn.CloseNow() }()
	conn.SetReadLimit(maxMessage)
	v.conn = conn
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	if m.begin(func() { defer stop(); v.write(ctx, stop) }) {
		v.read(ctx, stop)
	}
}

// read takes the viewer's wishes until it goes. stop ends the connection.
func (v *viewer) read(ctx context.Context, stop func()) {
	for {
		_, message, err := v.conn.Read(ctx)
		if err != nil {
			v.count(ctx, err)
			return
		}
		w, err := parseWish(message)
		if err != nil {
			v.hub.m.gate.counts.add("message")
			stop() // the Monitor is not to wait for what comes now
			_ = v.conn.Close(websocket.StatusPolicyViolation, cutText(err.Error(), 100))
			return
		}
		v.hub.set(v, w)
	}
}

// count counts what ended a viewer, unless it has just gone, or its connection has broken.
func (v *viewer) count(ctx context.Context, err error) {
	if _, broken := errors.AsType[*net.OpError](err); broken {
		return
	}
	if websocket.CloseStatus(err) < 0 && ctx.Err() == nil && !errors.Is(err, io.EOF) {
		v.hub.m.gate.counts.add("frame")
	}
}

// write tells the viewer what is new, as fast as it reads. stop ends the connection.
func (v *viewer) write(ctx context.Context, stop func()) {
	tick := time.NewTicker(pingEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-v.hub.m.ctx.Done():
			v.sayGoodbye(stop)
			return
		case <-tick.C:
			if !v.ping(ctx) {
				return
			}
		case <-v.awake:
		}
		for more := true; more; {
			var err error
			if more, err = v.update(ctx); err != nil {
				return
			}
		}
	}
}

// sayGoodbye ends the connection well, if the other end does so at once; else stop does.
func (v *viewer) sayGoodbye(stop func()) {
	defer time.AfterFunc(shutTime, stop).Stop()
	_ = v.conn.Close(websocket.StatusGoingAway, "the engine has ended") // it has ended in any case
}

// update sends one message, and reports whether there is more to be told.
func (v *viewer) update(ctx context.Context) (more bool, err error) {
	buf := v.hub.buffers.Get().(*[]byte)
	defer v.hub.buffers.Put(buf)
	err = graph.Guard(func() error {
		*buf, more = v.hub.compose(v, (*buf)[:0])
		return nil
	})
	if err != nil {
		v.hub.m.config.Logger.Error("monitor", "err", err)
		return false, err
	}
	if len(*buf) == 0 {
		return false, nil
	}
	ctx, cancel := context.WithTimeout(ctx, v.hub.m.config.Patience)
	defer cancel()
	defer context.AfterFunc(v.hub.m.ctx, cancel)()
	err = v.conn.Write(ctx, websocket.MessageText, *buf)
	if err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded) {
		v.hub.m.gate.counts.add("slow")
	}
	return more, err
}

// ping reports whether the viewer is there.
func (v *viewer) ping(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, writeTime)
	defer cancel()
	defer context.AfterFunc(v.hub.m.ctx, cancel)()
	err := v.conn.Ping(ctx)
	if err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded) {
		v.hub.m.gate.counts.add("ping")
	}
	return err == nil
}

// wake says that there is something new.
func (v *viewer) wake() {
	select {
	case v.awake <- struct{}{}:
	default:
	}
}

// admit takes a viewer in, if there is room.
func (h *hub) admit(v *viewer) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.viewers) >= maxViewers {
		return false
	}
	h.viewers[v] = struct{}{}
	return true
}

func (h *hub) dismiss(v *viewer) {
	h.mu.Lock()
	delete(h.viewers, v)
	h.mu.Unlock()
	h.renew()
}

// set makes w what a viewer wants.
func (h *hub) set(v *viewer, w wish) {
	h.mu.Lock()
	v.wish = w
	v.told.forget(&w)
	h.mu.Unlock()
	h.renew()
}

// renew has the hub look at the wishes.
func (h *hub) renew() {
	select {
	case h.changed <- struct{}{}:
	default:
	}
}
