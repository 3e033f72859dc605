package ops

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"sync/atomic"
	"syscall"
	"time"
)

// partSuffix is what the name of a file ends in that is not complete.
const partSuffix = ".part"

// An outTarget is which file rows go to.
type outTarget struct {
	path   string // once the file is complete
	whole  bool   // it has that name only then
	anew   bool   // what is there of it is not appended to
	rotate rotation
	prunes *regexp.Regexp // names of complete files of which only some are kept; nil: all are
	keep   int
}

// An outFile is the file that a [FileOut] writes. But for base, it belongs to the goroutine of its spool.
// What failed can be tried again.
type outFile struct {
	outTarget
	file   *os.File     // nil if there is none
	info   os.FileInfo  // of file, when it was opened
	empty  bool         // nothing is in file
	head   []byte       // first line of new files
	ahead  []byte       // what is to be written before the next line
	broken bool         // the last write ended within a line
	base   atomic.Int64 // bytes that were in the file when it was opened
}

// name returns the path of the file that is being written.
func (o *outFile) name() string {
	if o.whole {
		return o.path + partSuffix
	}
	return o.path
}

// open opens the file, and makes its folder.
func (o *outFile) open() error {
	if err := os.MkdirAll(filepath.Dir(o.path), 0o755); err != nil {
		return err
	}
	// Nonblocking, since a named pipe that nobody reads would keep the open waiting.
	flags := os.O_APPEND | os.O_CREATE | os.O_WRONLY | syscall.O_NONBLOCK
	if o.anew {
		flags |= os.O_TRUNC
	}
	file, err := os.OpenFile(o.name(), flags, 0o644)
	if err != nil {
		return err
	}
	info, err := file.Stat()
	if err != nil {
		return errors.Join(err, file.Close())
	}
	o.file, o.info, o.empty, o.broken, o.ahead = file, info, info.Size() == 0, false, nil
	o.base.Store(info.Size())
	if o.empty {
		o.ahead = o.head
	}
	return nil
}

// begin has what follows written to another file.
func (o *outFile) begin(t outTarget) error {
	if err := o.finish(o.path); err != nil {
		return err
	}
	o.outTarget = t
	return nil
}

// setHead gives new files, and one that has no line yet, their first line.
func (o *outFile) setHead(head []byte) {
	if o.head = head; o.file != nil && o.empty {
		o.ahead = head
	}
}

// Write appends lines.
func (o *outFile) Write(lines []byte) (int, error) {
	if err := o.follow(); err != nil {
		return 0, err
	}
	for len(o.ahead) > 0 {
		n, err := o.file.Write(o.ahead)
		o.ahead, o.empty = o.ahead[n:], o.empty && n == 0
		o.broken = len(o.ahead) > 0 && !o.empty
		if err != nil {
			return 0, err
		}
	}
	n, err := o.file.Write(lines)
	o.empty = o.empty && n == 0
	o.broken = n < len(lines) && (n > 0 || o.broken)
	return n, err
}

// follow opens the file if it is not, or is no longer the one of that name: somebody has moved it away.
func (o *outFile) follow() error {
	if o.file != nil && !o.broken {
		there, err := o.isThere()
		if there || err != nil {
			return err
		}
		if err := o.close(); err != nil {
			return err
		}
	}
	if o.file == nil {
		return o.open()
	}
	return nil
}

// isThere reports whether the file still has its name.
func (o *outFile) isThere() (bool, error) {
	info, err := os.Stat(o.name())
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil && os.SameFile(info, o.info), err
}

// turn completes the file, which gets a name of its own.
func (o *outFile) turn() error {
	if o.file == nil || o.empty {
		return nil
	}
	as, err := o.rotate.next(time.Now())
	if err != nil {
		return err
	}
	return o.finish(as)
}

// finish makes the file safe and gives it its name, if there is one. One that is to be whole is not there
// if it is empty.
func (o *outFile) finish(as string) error {
	if o.file == nil {
		return nil
	}
	if err := o.sync(); err != nil {
		return err
	}
	if err := o.call(as); err != nil {
		return err
	}
	if err := o.close(); err != nil || o.prunes == nil {
		return err
	}
	return prune(filepath.Dir(as), o.prunes, o.keep)
}

// call gives the file a name, unless somebody has moved it away.
func (o *outFile) call(as string) error {
	there, err := o.isThere()
	switch {
	case err != nil:
		return err
	case !there || as == o.name():
		return nil
	case o.whole && o.empty:
		return os.Remove(o.name())
	}
	if err := os.Rename(o.name(), as); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(as))
}

// leave closes a file that is not complete, and never will be: it keeps the name that says so.
func (o *outFile) leave() error {
	if o.file == nil {
		return nil
	}
	return o.close()
}

// sync makes what was written safe from a loss of power.
func (o *outFile) sync() error {
	if o.file == nil {
		return nil
	}
	if err := o.file.Sync(); !errors.Is(err, syscall.EINVAL) { // of a pipe or a device
		return err
	}
	return nil
}

func (o *outFile) close() error {
	file := o.file
	o.file = nil
	return file.Close()
}

func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
