package patchtest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/patches"
)

// A Result is what came of one test.
type Result struct {
	Test     *patches.Test
	Frames   int64
	Took     time.Duration
	Failures []*Failure // none if the test has passed
}

// A Failure is a claim that is not true, or an error of a node that nothing is claimed about.
type Failure struct {
	Claim     *patches.Claim // nil for an error of a node
	File      string
	Line, Col int
	Title     string // "rows of loud"
	Want, Got []string
	Err       error // instead of Want and Got
}

// lastWait is how long a test goes on after its last input unless it says otherwise.
const lastWait = time.Second

// A Config says how tests are run.
type Config struct {
	Operators *graph.Registry    // that patches are made of
	Tap       func(*cook.Config) // may have the engine tell of what it does; nil is not called
}

// Run runs one test of a file. Its error is that of a patch or of an input that is no good: a
// [patches.Mistake], or several in a multierror.Error.
func (c Config) Run(ctx context.Context, f *patches.TestFile, t *patches.Test) (*Result, error) {
	began := time.Now()
	patch, err := patches.Config{Operators: c.Operators, Params: t.Params}.Load(f.Patch)
	if e, ok := errors.AsType[*graph.ParamError](err); ok {
		return nil, mistake(f, t.Line, t.Col, "params: %s: %s", e.Param, e.Msg)
	}
	if err != nil {
		return nil, err
	}
	r, err := newRun(f, t, patch, c.Tap)
	if err != nil {
		return nil, err
	}
	r.engine.Start(ctx)
	r.greet()
	for r.frame < r.last && ctx.Err() == nil {
		r.step()
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := r.engine.Close(); err != nil {
		return nil, err
	}
	return &Result{Test: t, Frames: r.frame, Took: time.Since(began), Failures: r.judge()}, nil
}

// A run is a test that is being run.
type run struct {
	file   *patches.TestFile
	test   *patches.Test
	graph  *graph.Graph
	engine *cook.Engine
	cast   cast
	fps    float64

	script      []arrival // what is still to happen
	frame, last int64
	seen        *record
	moments     []moment // of the claims that were not looked at yet, in order
	got         map[*patches.Claim][]string
}

// A moment is a claim and the frame after which it is looked at.
type moment struct {
	*patches.Claim
	frame int64
}

func newRun(f *patches.TestFile, t *patches.Test, patch *patches.Patch, tap func(*cook.Config)) (*run, error) {
	r := &run{
		file: f, test: t, graph: graph.New(), fps: patch.Timeline.FPS, got: map[*patches.Claim][]string{},
		seen: newRecord(),
	}
	if err := patch.Build(r.graph); err != nil {
		return nil, err
	}
	r.cast = newCast()
	err := r.checkClaims()
	if err == nil {
		err = r.plan()
	}
	if err != nil {
		return nil, err
	}
	config := cook.Config{FPS: r.fps, Offline: true, Sent: r.seen.sent, Failed: r.seen.fail}
	if tap != nil {
		tap(&config)
	}
	r.engine, err = cook.New(r.graph, config)
	if err != nil {
		return nil, err
	}
	r.observe()
	return r, nil
}

// plan finds what happens when, and how long it takes.
func (r *run) plan() (err error) {
	if r.script, err = newScript(r.file, r.test, r.graph); err != nil {
		return err
	}
	r.last = r.frameAt(r.until())
	for _, c := range r.test.Claims {
		r.last = max(r.last, c.Frame, r.frameAt(c.At))
	}
	for _, c := range r.test.Claims {
		m := moment{c, cmp.Or(c.Frame, r.last)}
		if c.At >= 0 {
			m.frame = r.frameAt(c.At)
		}
		r.moments = append(r.moments, m)
	}
	slices.SortStableFunc(r.moments, func(a, b moment) int { return cmp.Compare(a.frame, b.frame) })
	return nil
}

// until returns how long the test goes on, claims aside.
func (r *run) until() time.Duration {
	if r.test.Until > 0 || len(r.script) == 0 {
		return cmp.Or(r.test.Until, lastWait)
	}
	return r.script[len(r.script)-1].at + lastWait
}

// frameAt returns the first frame that is not before a time.
func (r *run) frameAt(at time.Duration) int64 {
	frame := int64(at.Seconds()*r.fps) + 1
	for r.time(frame) < at {
		frame++
	}
	return frame
}

func (r *run) time(frame int64) time.Duration {
	return time.Duration(float64(frame-1) / r.fps * float64(time.Second))
}

// step cooks the next frame, with what has happened by then, and looks at what is claimed of it.
func (r *run) step() {
	r.frame++
	for now := r.time(r.frame); len(r.script) > 0 && r.script[0].at <= now; r.script = r.script[1:] {
		r.happen(r.script[0])
	}
	r.engine.Step()
	for len(r.moments) > 0 && r.moments[0].frame == r.frame {
		c := r.moments[0].Claim
		r.got[c] = r.look(c)
		r.moments = r.moments[1:]
	}
}

// mistake is an error at a place of the test file.
func mistake(f *patches.TestFile, line, col int, format string, args ...any) error {
	return &patches.Mistake{File: f.File, Line: line, Col: col, Msg: fmt.Sprintf(format, args...)}
}
