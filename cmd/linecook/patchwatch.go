package main

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"github.com/fsnotify/fsnotify"
)

const (
	// reloadSettle is how long the folders must be quiet before a patch is read again: editors write in steps
	// (reliability R42).
	reloadSettle = 200 * time.Millisecond
	// reloadPatience is the longest that this is waited for.
	reloadPatience = 2 * time.Second
	// reloadPoll is how often files are looked at where the system says nothing of changes, as with NFS.
	reloadPoll = 2 * time.Second
)

// A patchWatch tells when the files of a patch may have changed.
type patchWatch struct {
	log     *slog.Logger
	watcher *fsnotify.Watcher // nil if the system has none to give
	hangup  chan os.Signal
	seen    map[string]fs.FileInfo // the files, when they were looked at last; nil for one that is not there
	folders []string
}

// newPatchWatch returns a watch for SIGHUP, and for changes of files if they are to be watched.
func newPatchWatch(files bool, log *slog.Logger) *patchWatch {
	w := &patchWatch{log: log, hangup: make(chan os.Signal, 1)}
	signal.Notify(w.hangup, syscall.SIGHUP)
	if !files {
		return w
	}
	var err error
	if w.watcher, err = fsnotify.NewWatcher(); err != nil {
		log.Warn("changes of the patch are seen a little later", "err", err)
	}
	w.seen = map[string]fs.FileInfo{}
	return w
}

func (w *patchWatch) close() {
	signal.Stop(w.hangup)
	if w.watcher != nil {
		_ = w.watcher.Close() // it only ever read
	}
}

// follow watches these files from now on, beside those before. One that it knows may have changed while it was read:
// so what is known of it stays.
func (w *patchWatch) follow(files []string) {
	if w.seen == nil {
		return
	}
	for _, file := range files {
		w.learn(file)
		if target, err := filepath.EvalSymlinks(file); err == nil && target != filepath.Clean(file) {
			w.learn(target)
			w.watch(filepath.Dir(target))
		}
		w.watch(filepath.Dir(file))
	}
}

// learn looks at a file that is new.
func (w *patchWatch) learn(file string) {
	if _, known := w.seen[file]; !known {
		w.seen[file] = look(file)
	}
}

func look(file string) fs.FileInfo {
	info, err := os.Stat(file)
	if err != nil {
		return nil
	}
	return info
}

func (w *patchWatch) watch(folder string) {
	if w.watcher == nil || slices.Contains(w.folders, folder) {
		return
	}
	if err := w.watcher.Add(folder); err != nil {
		w.log.Debug("watching a folder", "folder", folder, "err", err) // the files are looked at now and then
		return
	}
	w.folders = append(w.folders, folder)
}

// errHangup is the end of a wait by SIGHUP.
var errHangup = errors.New("SIGHUP")

// wait returns when something may have changed and all has been quiet for a while: errHangup if a reload was
// asked for, or the error of ctx.
func (w *patchWatch) wait(ctx context.Context) error {
	poll, settle, until := time.NewTicker(reloadPoll), time.NewTimer(time.Hour), time.Time{}
	defer poll.Stop()
	defer settle.Stop()
	var asked error
	begin := func() {
		if until.IsZero() {
			until = time.Now().Add(reloadPatience)
		}
		settle.Reset(min(reloadSettle, time.Until(until)))
	}
	var events <-chan fsnotify.Event
	var failures <-chan error
	if w.watcher != nil {
		events, failures = w.watcher.Events, w.watcher.Errors
	}
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-w.hangup:
			asked = errHangup
			begin()
		case e := <-events:
			if w.concerns(e.Name) {
				begin()
			}
		case err := <-failures:
			w.log.Debug("watching folders", "err", err)
		case <-poll.C:
			if w.moved() {
				begin()
			}
		case <-settle.C:
			return asked
		}
	}
}

// concerns reports whether a file may be one of a patch: one that could not be found yet, too.
func (w *patchWatch) concerns(file string) bool {
	if _, known := w.seen[file]; known {
		return true
	}
	return slices.Contains([]string{".yaml", ".yml", ".star", ""}, filepath.Ext(file))
}

// moved reports whether one of the files is another one than when it was looked at last.
func (w *patchWatch) moved() (moved bool) {
	for file, was := range w.seen {
		now := look(file)
		w.seen[file] = now
		switch {
		case was == nil || now == nil:
			moved = moved || was != now
		default:
			moved = moved || !os.SameFile(was, now) || !was.ModTime().Equal(now.ModTime()) || was.Size() != now.Size()
		}
	}
	return moved
}
