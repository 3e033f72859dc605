package take

import (
	"fmt"
	"sync"
	"time"
)

// start begins to write what is recorded, until close.
func (r *Recorder) start() {
	var wg sync.WaitGroup
	stop := make(chan struct{})
	wg.Go(func() { r.run(stop) })
	r.close = sync.OnceValue(func() error {
		close(stop)
		wg.Wait()
		r.mu.Lock()
		defer r.mu.Unlock()
		return r.err
	})
}

func (r *Recorder) run(stop <-chan struct{}) {
	tick := time.NewTicker(writeTime)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			r.write()
		case <-r.wake:
			r.write()
		case <-stop:
			if r.write() {
				r.check(r.out.close())
			}
			return
		}
	}
}

// write writes what is pending, and reports whether recording goes on.
func (r *Recorder) write() bool {
	r.mu.Lock()
	if r.err != nil {
		r.mu.Unlock()
		return false
	}
	var b batch
	b, r.pending = r.pending, r.out.spare
	r.mu.Unlock()
	if len(b.items) > 0 && !r.check(r.out.write(&b)) {
		return false
	}
	b.reset()
	r.out.spare = b
	return true
}

// check ends recording if err is not nil: the show goes on, but nothing more is kept.
func (r *Recorder) check(err error) bool {
	if err == nil {
		return true
	}
	r.cfg.Logger.Error("recording has stopped: what arrives from now on is not in the take", "err", err)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.err, r.pending = fmt.Errorf("recording has stopped: %w", err), batch{}
	return false
}
