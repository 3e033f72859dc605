package main

import (
	"bytes"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"linecook.dev/linecook/cmd/linecook/internal/patchtest"
	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/cook/take"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/patches"
	"linecook.dev/linecook/peer"
)

// TestTakesOfAllExamples records a take of each test of each example. Whatever the number of workers and of
// processors, it is cooked to the same tables, rows and bytes sent, each time.
func TestTakesOfAllExamples(t *testing.T) {
	files, err := filepath.Glob("../../patches/examples/*" + patches.TestSuffix)
	if err != nil || len(files) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	for name := range operators().Names() {
		files = append(files, filepath.Join("../../ops/examples", name+patches.TestSuffix))
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), patches.TestSuffix), func(t *testing.T) {
			f, err := patches.LoadTests(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, test := range f.Tests {
				sameEverywhere(t, f, test)
			}
		})
	}
}

// sameEverywhere cooks the take of a test in several ways.
func sameEverywhere(t *testing.T, f *patches.TestFile, test *patches.Test) {
	t.Helper()
	b := takeOfTest(t, f, test)
	var want string
	for _, procs := range []int{1, 2} {
		runtime.GOMAXPROCS(procs)
		for _, workers := range []int{1, 1, 2, 2, 8, 8} {
			got := cookedFrom(t, b, f, test, workers)
			if want == "" {
				want = got
			}
			if got != want {
				t.Fatalf("%s: with %d workers on %d processors it makes\n%s\nand with one on one\n%s", test.Name, workers, procs, got, want)
			}
		}
	}
}

// takeOfTest runs a test and returns a take of it.
func takeOfTest(t *testing.T, f *patches.TestFile, test *patches.Test) []byte {
	t.Helper()
	var out bytes.Buffer
	r, err := take.NewRecorder(&out, take.Config{Every: 7})
	if err != nil {
		t.Fatal(err)
	}
	tap := func(c *cook.Config) {
		sent := c.Sent
		c.Cut, c.Cooked, c.Saw = r.Cut, r.Cooked, r.Saw
		c.Sent = func(n *graph.Node, to graph.Sink, verb graph.Verb, payload []byte) {
			sent(n, to, verb, payload)
			r.Sent(n, to, verb, payload)
		}
	}
	if _, err := (patchtest.Config{Operators: operators(), Tap: tap}).Run(t.Context(), f, test); err != nil {
		t.Fatal(err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// cookedFrom returns all that a patch makes of a take, as text.
func cookedFrom(t *testing.T, b []byte, f *patches.TestFile, test *patches.Test, workers int) string {
	t.Helper()
	patch, err := patches.Config{Operators: operators(), Params: test.Params}.Load(f.Patch)
	if err != nil {
		t.Fatal(err)
	}
	c := &cooking{graph: graph.New()}
	if err := patch.Build(c.graph); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	c.player = take.Player{Graph: c.graph, NewPeer: standIn, Own: true, Check: true}
	c.engine, err = cook.New(c.graph, cook.Config{
		FPS: patch.Timeline.FPS, Offline: true, Workers: workers, Grain: 1, Recall: c.player.Recall,
		Sent: func(n *graph.Node, to graph.Sink, verb graph.Verb, payload []byte) {
			c.player.Sent(n, to, verb, payload)
			p, _ := to.(*peer.Peer) // nil for a file
			fmt.Fprintf(&out, "%s sends %v %d %q\n", n, p, verb, payload)
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	c.player.Engine = c.engine
	for n := range c.graph.Nodes() {
		text := newRowText("jsonl")
		c.engine.Observe(n, func(frame int64, d table.Delta) { out.Write(text.of(n.Path(), frame, d)) })
	}
	c.player.Start(t.Context())
	r, err := take.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for frame, err := range r.Frames() {
		if err == nil {
			err = c.player.Step(frame)
		}
		if err != nil {
			t.Fatalf("%s: with %d workers: %v", test.Name, workers, err)
		}
		for _, h := range frame.Hashes {
			fmt.Fprintln(&out, h)
		}
	}
	if err := c.engine.Close(); err != nil {
		t.Error(err)
	}
	return out.String()
}
