package ops

import (
	"math"
	"time"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// Clock puts out rows at a steady rate. Row n of a rate is due n/rate seconds after frame 1, whenever
// the frame is that has it: frames that are late or left out make no clock drift, and clocks of one
// rate tick together.
type Clock struct {
	Rate float64 `default:"1" min:"0.00001" max:"100000" unit:"rows a second" help:"how many rows come in a second; several come at once if frames are slower than that"`
	Bpm  float64 `default:"120" min:"0.001" max:"100000" unit:"beats a minute" help:"how fast the column beat counts"`
	Window

	ticking bool
	rate    float64 // that next counts in
	next    int64   // which tick is next
	count   int64
	tempo   tempo
}

// clockColumns are the columns of a clock's table.
var clockColumns = []string{"count", "time", "frame", "beat"}

// Describe implements [graph.Describer].
func (*Clock) Describe() graph.Description {
	return graph.Description{
		Name: "clock", Class: graph.ClassSource,
		Help: "Puts out rows at a rate: count, from 1; time, in seconds since the patch began, when the row was due; frame, the one it came in; beat, since the patch began.",
	}
}

// Adopt implements [graph.Adopter]: it counts on.
func (k *Clock) Adopt(old graph.Operator) error {
	was := old.(*Clock)
	k.ticking, k.rate, k.next, k.count, k.tempo = was.ticking, was.rate, was.next, was.count, was.tempo
	return nil
}

// Cook implements [graph.Operator].
func (k *Clock) Cook(c *graph.Cook) error {
	w := c.Out()
	w.AddCols(clockColumns...)
	k.follow(c)
	k.skip(c)
	for ; tick(k.next, k.rate) <= c.Time; k.next++ {
		k.count++
		k.add(w, c.Frame, tick(k.next, k.rate))
	}
	c.Wake(tick(k.next, k.rate))
	return nil
}

// follow begins to tick, or does so at another rate or tempo: from this frame on.
func (k *Clock) follow(c *graph.Cook) {
	switch {
	case !k.ticking:
		k.next = firstTick(c.Time, k.Rate)
	case k.rate != k.Rate:
		k.next = firstTick(c.Time+1, k.Rate)
	}
	k.ticking, k.rate = true, k.Rate
	k.tempo.set(k.Bpm, c.Time)
}

// skip leaves out rows that would not stay in the table, if many are due at once: after the machine was
// suspended, or the node inactive.
func (k *Clock) skip(c *graph.Cook) {
	due := firstTick(c.Time+1, k.rate) - k.next
	if left := due - int64(k.MaxLines); left > 0 {
		c.Node().Loss("ticks over maxlines at once").Add(uint64(left))
		k.next += left
		k.count += left
	}
}

func (k *Clock) add(w *table.Writer, frame int64, at time.Duration) {
	w.Row()
	w.SetInt(0, k.count)
	w.SetFloat64(1, at.Seconds())
	w.SetInt(2, frame)
	w.SetFloat64(3, k.tempo.beat(at))
}

// tick returns when tick n of a rate is due, rounded as an engine rounds the times of its frames.
func tick(n int64, rate float64) time.Duration {
	return time.Duration(float64(n) / rate * float64(time.Second))
}

// firstTick returns the first tick of a rate that is due at a time or later.
func firstTick(at time.Duration, rate float64) int64 {
	n := max(0, int64(math.Ceil(at.Seconds()*rate))-1)
	for tick(n, rate) < at {
		n++
	}
	return n
}

// A tempo counts beats on, also when their rate changes.
type tempo struct {
	bpm   float64
	since time.Duration
	beats float64 // until then
}

func (t *tempo) set(bpm float64, now time.Duration) {
	switch {
	case t.bpm == 0:
		t.bpm = bpm
	case t.bpm != bpm:
		*t = tempo{bpm, now, t.beat(now)}
	}
}

func (t *tempo) beat(at time.Duration) float64 { return t.beats + (at-t.since).Seconds()*t.bpm/60 }
