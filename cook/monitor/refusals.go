package monitor

import (
	"maps"
	"sync"
)

// refusals counts what was refused or lost, by cause.
type refusals struct {
	mu sync.Mutex
	by map[string]uint64
}

func (r *refusals) add(cause string) { r.addN(cause, 1) }

func (r *refusals) addN(cause string, n uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.by == nil {
		r.by = map[string]uint64{}
	}
	r.by[cause] += n
}

func (r *refusals) all() map[string]uint64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return maps.Clone(r.by)
}
