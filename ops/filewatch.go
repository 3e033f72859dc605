package ops

import (
	"context"
	"io/fs"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/fsnotify/fsnotify"

	"linecook.dev/linecook/graph"
)

const (
	// fileSettle is how long a folder must be quiet before a file in it is read: editors write in steps.
	fileSettle = 100 * time.Millisecond
	// filePoll is how often a file is looked at where the system says nothing of changes (NFS), or before
	// its folder is there.
	filePoll = 2 * time.Second
)

// A fileWatch has a file read again whenever it has changed. It watches the folder, since editors put
// another file in the place of the old one.
type fileWatch struct {
	file patchFile
	read func() // by the watch's goroutine
	log  *slog.Logger

	stop context.CancelFunc
	done sync.WaitGroup
	last fs.FileInfo // when it was read; nil if it was not there
	at   time.Time   // when that was
}

// watchFile begins to watch a file. The caller has read it already, after looking at it.
func watchFile(n *graph.Node, file patchFile, last fs.FileInfo, read func()) *fileWatch {
	ctx, stop := context.WithCancel(context.Background())
	w := &fileWatch{file: file, read: read, log: n.Logger(), stop: stop, last: last, at: time.Now()}
	w.done.Go(func() {
		defer n.Recover()
		w.run(ctx)
	})
	return w
}

// close ends the watch, and waits for it.
func (w *fileWatch) close() {
	w.stop()
	w.done.Wait()
}

func (w *fileWatch) run(ctx context.Context) {
	folder := openFolderWatch(w.file.dir())
	defer folder.close()
	poll, settle := time.NewTicker(filePoll), time.NewTimer(0)
	defer poll.Stop()
	defer settle.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-folder.events:
			settle.Reset(fileSettle)
		case err := <-folder.errors: // the poll finds what was missed
			w.log.Debug("watching a folder", "folder", w.file.dir(), "err", err)
		case <-settle.C:
			w.look()
		case <-poll.C:
			folder.follow()
			w.look()
		}
	}
}

// look reads the file if it is not what it was.
func (w *fileWatch) look() {
	info, err := w.file.stat()
	if err != nil {
		info = nil
	}
	if w.isSame(info) {
		return
	}
	w.last, w.at = info, time.Now()
	w.read()
}

// isSame reports whether the file is what it was when it was read. Right after a change its time does not
// tell it from the next one.
func (w *fileWatch) isSame(info fs.FileInfo) bool {
	if info == nil || w.last == nil {
		return info == nil && w.last == nil
	}
	isOld := w.at.Sub(w.last.ModTime()) > fileSettle
	return isOld && os.SameFile(info, w.last) && info.ModTime().Equal(w.last.ModTime()) && info.Size() == w.last.Size()
}

// A folderWatch tells when something happens in a folder. One that cannot be had tells nothing.
type folderWatch struct {
	dir     string
	watcher *fsnotify.Watcher // nil if the system has none to give
	events  <-chan fsnotify.Event
	errors  <-chan error
}

func openFolderWatch(dir string) *folderWatch {
	f := &folderWatch{dir: dir}
	if watcher, err := fsnotify.NewWatcher(); err == nil {
		f.watcher, f.events, f.errors = watcher, watcher.Events, watcher.Errors
	}
	f.follow()
	return f
}

// follow watches the folder that is there now: it may be another one than before, or none.
func (f *folderWatch) follow() {
	if f.watcher != nil {
		_ = f.watcher.Add(f.dir) // the file is looked at without, too
	}
}

func (f *folderWatch) close() {
	if f.watcher != nil {
		_ = f.watcher.Close() // it only ever read
	}
}
