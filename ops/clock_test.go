package ops_test

import (
	"fmt"
	"math"
	"testing"
	"testing/synctest"
	"time"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops"
	starlark "linecook.dev/linecook/ops/script"
)

// steps cooks frames.
func (r *rig) steps(n int) {
	for range n {
		r.engine.Step()
	}
}

func TestClock(t *testing.T) {
	r := newRig(t, func(e *graph.Edit) {
		e.Add("second", &ops.Clock{})
		e.Add("often", &ops.Clock{Rate: 150, Bpm: 60})
	})
	second, often := r.watch("second"), r.watch("often")
	r.steps(121)
	expect(t, "rows of clock {}", *second, "1|0|1|0", "2|1|61|2", "3|2|121|4")
	if n := len(*often); n != 301 {
		t.Fatalf("clock {rate: 150} has put out %d rows after 121 frames, which take 2 s; want 301", n)
	}
	expect(t, "first rows of clock {rate: 150, bpm: 60}", (*often)[:4],
		"1|0|1|0", "2|0.006666666|2|0.006666666", "3|0.013333333|2|0.013333333", "4|0.02|3|0.02")
	expect(t, "mistakes", mistakes(&ops.Clock{Rate: -1, Bpm: 1e9}),
		"add /n: rate: -1 is not a number from 0.00001 to 100000", "add /n: bpm: 1e+09 is not a number from 0.001 to 100000")
}

// Whatever the rates, each row is in the first frame that is not before it, and none is missing.
func TestClockDoesNotDrift(t *testing.T) {
	for _, rate := range []float64{1, 3, 7.3, 24, 29.97, 30, 60, 59.94, 1000} {
		r := newRig(t, func(e *graph.Edit) { e.Add("clock", &ops.Clock{Rate: rate}) })
		var bad string
		rows := int64(0)
		r.engine.Observe(r.g.Node("clock"), func(frame int64, d table.Delta) {
			for row := range d.NewRows() {
				at, _ := row.Cell(1).Number()
				want, before := float64(rows)/rate, float64(frame-2)/60
				rows++
				if math.Abs(at-want) > 1e-8 || at <= before-1e-8 || at > float64(frame-1)/60+1e-8 || row.Cell(0).Int() != rows {
					bad = fmt.Sprintf("row %s in frame %d; want time %v", rowText(row), frame, want)
				}
			}
		})
		r.steps(3600)
		if want := int64(math.Floor(3599.0/60*rate)) + 1; bad != "" || rows != want {
			t.Errorf("clock {rate: %v}: %d rows in a minute, want %d. %s", rate, rows, want, bad)
		}
		r.close()
	}
}

// On arrival nothing but the clock begins a frame.
func TestClockWakesItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := graph.New()
		if err := g.Edit(func(e *graph.Edit) { e.Add("clock", &ops.Clock{Rate: 10}) }); err != nil {
			t.Fatal(err)
		}
		engine, err := cook.New(g, cook.Config{Mode: cook.ArrivalMode, Frames: 100})
		if err != nil {
			t.Fatal(err)
		}
		var rows []string
		engine.Observe(g.Node("clock"), func(_ int64, d table.Delta) {
			for row := range d.NewRows() {
				rows = append(rows, rowText(row))
			}
		})
		start := time.Now()
		if err := engine.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took != 9900*time.Millisecond || len(rows) != 100 || rows[99] != "100|9.9|100|19.8" {
			t.Errorf("100 frames of a clock of 10 rows a second took %v and had %d rows, ending in %q; want 9.9s, 100 and 100|9.9|100|19.8",
				took, len(rows), rows[len(rows)-1:])
		}
	})
}

// A clock that slept puts out no more rows than its table holds, counts the others, and is on time.
func TestClockThatSlept(t *testing.T) {
	op := &ops.Clock{Rate: 100, Window: ops.Window{MaxLines: 10}}
	r := newRig(t, func(e *graph.Edit) { e.Add("clock", op) })
	n := r.g.Node("clock")
	for _, frame := range []int64{1, 61} {
		if _, _, err := n.Run(frame, oracleTime(frame)); err != nil {
			t.Fatal(err)
		}
	}
	got := rowText(n.Table().Row(n.Table().Window().Hi - 1))
	if lost := n.Stats().Counters["ticks over maxlines at once"]; got != "101|1|61|2" || lost != 90 {
		t.Errorf("after a second in one frame the last of 100 rows is %q, and %d were counted as left out; want 101|1|61|2 and 90", got, lost)
	}
}

// A computed rate or tempo changes nothing of what was, and neither jumps.
func TestClockWithComputedTempo(t *testing.T) {
	r := newRig(t, func(e *graph.Edit) {
		e.Add("clock", &ops.Clock{Rate: 2}, computed(t, "bpm", "60 if frame <= 60 else 120"), computed(t, "rate", "2 if frame <= 60 else 4"))
	})
	rows := r.watch("clock")
	r.steps(106)
	expect(t, "rows", *rows, "1|0|1|0", "2|0.5|31|0.5", "3|1.25|76|1.5", "4|1.5|91|2", "5|1.75|106|2.5")
}

func TestClockAllocatesNothing(t *testing.T) {
	r := newRig(t, func(e *graph.Edit) { e.Add("clock", &ops.Clock{Rate: 6000}) })
	n, frame := r.g.Node("clock"), int64(0)
	run := func() {
		frame++
		if _, _, err := n.Run(frame, oracleTime(frame)); err != nil {
			t.Fatal(err)
		}
		n.Release()
	}
	for range 200 {
		run()
	}
	if allocs := testing.AllocsPerRun(200, run); allocs != 0 {
		t.Errorf("a frame in which a clock puts out 100 rows allocates %v times, want 0", allocs)
	}
}

// computed returns a parameter that is written =text.
func computed(t *testing.T, param, text string) graph.Computed {
	t.Helper()
	x, err := starlark.Language{}.Compile(param, graph.Script{Text: text})
	if err != nil {
		t.Fatal(err)
	}
	return graph.Computed{Param: param, Value: x}
}
