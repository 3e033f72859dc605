package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

// barTime is from one drawing of a bar to the next.
const barTime = 100 * time.Millisecond

// A bar shows, in the last line of a terminal, how far a cook has come; what is written to it stands above.
// Anything else than a terminal is only written to.
type bar struct {
	began time.Time

	mu    sync.Mutex
	w     io.Writer
	shown bool // w is a terminal
	drawn time.Time
	text  string
}

func newBar(w io.Writer) *bar {
	return &bar{w: w, shown: isTerminal(w), began: time.Now()}
}

// isTerminal reports whether somebody looks at what is written to w.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	null, _ := os.Stat(os.DevNull) // nil if there is none
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && !os.SameFile(info, null)
}

// Write implements [io.Writer]: it writes whole lines.
func (b *bar) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.clear()
	n, err := b.w.Write(p)
	if b.text != "" {
		b.draw()
	}
	return n, err
}

// show shows a frame that was cooked as the so-manieth, and which share of the whole was done with it.
func (b *bar) show(frame int64, frames int, at time.Duration, share float64) {
	if !b.shown || time.Since(b.drawn) < barTime {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.drawn = time.Now()
	took := b.drawn.Sub(b.began)
	b.text = fmt.Sprintf("frame %d, %.0f %%, %.0f frames/s, %.1fx real time, %v left", frame, 100*share,
		float64(frames)/took.Seconds(), at.Seconds()/took.Seconds(), timeToGo(took, share))
	b.draw()
}

// timeToGo returns how long the rest takes if the share of the whole that is done took so long.
func timeToGo(took time.Duration, share float64) time.Duration {
	share = min(max(share, 1e-4), 1)
	return time.Duration(float64(took) * (1 - share) / share).Round(time.Second)
}

func (b *bar) draw() { fmt.Fprintf(b.w, "\r%s\x1b[K", b.text) } // to the line's end nothing is left of the last one

func (b *bar) clear() {
	if b.text != "" {
		fmt.Fprint(b.w, "\r\x1b[K")
	}
}

// end takes the bar away.
func (b *bar) end() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.clear()
	b.text = ""
}
