package main

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/patches"
)

// A reloader makes the graph of an engine that of its patch again, when that has changed.
type reloader struct {
	engine *cook.Engine
	log    *slog.Logger
	src    *source // of the graph as it is
	patch  *patches.Patch
	prints *printing
	hungUp func() // the terminal has gone

	tried    takenFiles // what was read last, whether it was any good or not
	terminal bool       // there was one
}

// start follows the patch until ctx ends, or stop is called.
func (r *reloader) start(ctx context.Context, files bool) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	watch := newPatchWatch(files, r.log)
	r.tried, r.terminal = r.src.files, hasTerminal()
	watch.follow(r.src.paths())
	var wg sync.WaitGroup
	wg.Go(func() { r.run(ctx, watch) })
	return func() {
		cancel()
		wg.Wait()
		watch.close()
	}
}

// run follows the patch until ctx ends.
func (r *reloader) run(ctx context.Context, watch *patchWatch) {
	for {
		err := watch.wait(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil && r.terminal && !hasTerminal():
			r.hungUp()
			return
		}
		next := r.src.again()
		r.reload(next, err != nil)
		watch.follow(next.paths())
	}
}

// hasTerminal reports whether the program can be controlled from a terminal. One whose window was closed tells so by
// SIGHUP, too.
func hasTerminal() bool {
	tty, err := os.Open("/dev/tty")
	if err != nil {
		return false
	}
	return tty.Close() == nil
}

// reload makes the graph that of a patch, unless its files are what they were when they were read last. With a
// mistake all stays as it is.
func (r *reloader) reload(next *source, asked bool) {
	patch, err := next.prepare()
	if same := maps.Equal(next.files, r.tried); same && !asked {
		return
	}
	r.tried = next.files
	var done swapped
	if err == nil {
		done, err = r.swap(next, patch)
	}
	if err != nil {
		r.refuse(err)
		return
	}
	r.src, r.patch = next, patch
	r.prints.follow()
	done.tell(r.log, next.file)
}

// refuse says why a patch is not run.
func (r *reloader) refuse(err error) {
	log := unlimited(r.log) // there are 50 mistakes at most
	for _, err := range eachError(err) {
		log.Error("not reloaded", "err", err)
	}
}

// A swapped is what a reload did.
type swapped struct {
	*patches.Diff
	restarted []*graph.Node
	pause     time.Duration
}

// swap exchanges the graph's patch between two frames.
func (r *reloader) swap(next *source, patch *patches.Patch) (done swapped, err error) {
	done.Diff = patches.Compare(r.patch, patch)
	var edit *graph.Edit
	err = done.Apply(func(change func(*graph.Edit)) error {
		return r.engine.Edit(func(e *graph.Edit) {
			edit = e
			change(e)
			e.Tell(next)
		})
	})
	if err == nil {
		done.restarted, done.pause = edit.Restarted(), r.engine.Stats().Edit
	}
	return done, err
}

// tell logs what was done.
func (s *swapped) tell(log *slog.Logger, file string) {
	var what []string
	for _, list := range []struct {
		name  string
		paths []graph.Path
	}{{"changed", s.Changed}, {"rewired", s.Rewired}, {"replaced", s.Replaced}, {"added", s.Added}, {"removed", s.Removed}} {
		if len(list.paths) > 0 {
			what = append(what, list.name+" "+some(list.paths))
		}
	}
	if len(s.restarted) > 0 {
		what = append(what, "restarted "+some(s.restarted))
	}
	log.Info("reloaded", "patch", file, "kept", len(s.Kept), "changed", len(s.Changed), "rewired", len(s.Rewired),
		"restarted", len(s.restarted), "replaced", len(s.Replaced), "added", len(s.Added), "removed", len(s.Removed),
		"pause", s.pause, "nodes", strings.Join(what, "; "))
	if s.Timeline {
		log.Warn("the timeline is followed when the patch is run anew")
	}
}

// some names the first few.
func some[T any](list []T) string {
	const most = 10
	text := strings.Trim(fmt.Sprint(list[:min(len(list), most)]), "[]")
	if len(list) > most {
		text += fmt.Sprintf(" and %d more", len(list)-most)
	}
	return text
}

// again returns the source to be read once more.
func (s *source) again() *source { return &source{file: s.file, set: s.set, params: s.params} }

// paths returns where the files are that the patch is made of.
func (s *source) paths() []string {
	paths := []string{filepath.Clean(s.file)}
	for _, name := range slices.Sorted(maps.Keys(s.files)) {
		paths = append(paths, filepath.Join(filepath.Dir(s.file), filepath.FromSlash(name)))
	}
	return slices.Compact(paths)
}
