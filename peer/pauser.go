package peer

import (
	"context"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"linecook.dev/linecook/graph"
)

// A pauser waits after errors: 5 ms, then twice as long each time, up to 1 s (reliability R17).
type pauser struct{ last time.Duration }

func (p *pauser) reset() { p.last = 0 }

// wait reports false if ctx ended.
func (p *pauser) wait(ctx context.Context) bool {
	p.last = min(max(5*time.Millisecond, 2*p.last), time.Second)
	return wait(ctx, p.last)
}

func wait(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// Backing off from a host that cannot be reached (reliability R19).
const (
	firstBackoff = 250 * time.Millisecond
	lastBackoff  = 10 * time.Second
	goodLife     = 5 * time.Second // of a connection, for the next back-off to begin anew
)

// A backoff says how long to wait before the next attempt.
type backoff struct{ last time.Duration }

// next returns how long to wait after an attempt that brought a connection of that life, 0 if none.
// random is from 0 to 1, and makes up to 20 % more or less of it.
func (b *backoff) next(life time.Duration, random float64) time.Duration {
	if life >= goodLife {
		b.last = 0
	}
	b.last = min(max(firstBackoff, 2*b.last), lastBackoff)
	return time.Duration(float64(b.last) * (0.8 + 0.4*random))
}

func (b *backoff) wait(ctx context.Context, life time.Duration) bool {
	return wait(ctx, b.next(life, rand.Float64()))
}

// A trouble is what keeps a socket from working at present, for any goroutine to see.
// It is shown on the node as well.
type trouble struct {
	owner *graph.Node
	err   atomic.Pointer[error]
}

func (t *trouble) set(err error) {
	t.err.Store(&err)
	t.owner.SetTrouble(graph.FaultConnect, err)
}

func (t *trouble) get() error {
	if err := t.err.Load(); err != nil {
		return *err
	}
	return nil
}
