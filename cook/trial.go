package cook

import "time"

// A trial compares how long frames with branches for several workers take, as a moving average, if these cook
// and if one node cooks after the other. Another program may have the other processors.
type trial struct {
	frames   uint64
	parallel bool             // this frame
	open     bool             // this frame counts
	took     [2]time.Duration // by one worker, by several
}

// tryEvery is how often, in frames, the way is tried that seemed the slower one.
const tryEvery = 16

// choose reports whether this frame is for several workers.
func (t *trial) choose() bool {
	t.frames++
	t.parallel, t.open = t.took[1] <= t.took[0], true
	if t.frames%tryEvery == 0 {
		t.parallel = !t.parallel
	}
	return t.parallel
}

// note ends a frame. All of it took so long.
func (t *trial) note(took time.Duration) {
	if !t.open {
		return
	}
	t.open = false
	way := &t.took[0]
	if t.parallel {
		way = &t.took[1]
	}
	if *way == 0 {
		*way = took
	}
	*way += (took - *way) / 8
}
