package ops

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"syscall"

	"linecook.dev/linecook/graph"
)

// A patchFile is a file that a patch names.
type patchFile struct {
	folder graph.Folder
	name   string // as the patch has it
}

func (p patchFile) isAnywhere() bool { return p.folder.Dir == "" && p.folder.FS == nil }

// inside returns where it is, from the patch's folder on.
func (p patchFile) inside() string { return path.Join(p.folder.Base, filepath.ToSlash(p.name)) }

// check reports a name that leads out of the patch's folder.
func (p patchFile) check() error {
	if p.isAnywhere() || !path.IsAbs(p.name) && fs.ValidPath(p.inside()) {
		return nil
	}
	return fmt.Errorf("%.200q is not in the patch's folder or below it; want a file that is", p.name)
}

// String returns the path as messages have it.
func (p patchFile) String() string {
	if p.isAnywhere() {
		return p.name
	}
	return filepath.Join(p.folder.Dir, filepath.FromSlash(p.inside()))
}

// dir returns the folder on disk that the file is in; empty if there is none.
func (p patchFile) dir() string {
	if p.folder.FS != nil {
		return ""
	}
	return filepath.Dir(p.String())
}

// stat looks at the file without opening it, which would wake a device.
func (p patchFile) stat() (info fs.FileInfo, err error) {
	switch {
	case p.isAnywhere():
		info, err = os.Stat(p.name)
	case p.folder.FS != nil:
		info, err = fs.Stat(p.folder.FS, p.inside())
	default:
		err = p.inRoot(func(r *os.Root) (err error) {
			info, err = r.Stat(p.inside())
			return err
		})
	}
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("not a regular file")
	}
	return info, p.blame(err)
}

// read returns the content, of at most so many bytes.
func (p patchFile) read(most int) ([]byte, error) {
	if _, err := p.stat(); err != nil {
		return nil, err
	}
	f, err := p.open()
	if err != nil {
		return nil, p.blame(err)
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, p.blame(errors.New("not a regular file"))
	}
	b, err := io.ReadAll(io.LimitReader(f, int64(most)+1))
	if err == nil && len(b) > most {
		err = fmt.Errorf("longer than %d MiB", most>>20)
	}
	return b, p.blame(err)
}

// open does not wait for the other end of a pipe that took the file's place.
func (p patchFile) open() (f fs.File, err error) {
	const flags = os.O_RDONLY | syscall.O_NONBLOCK
	switch {
	case p.isAnywhere():
		return os.OpenFile(p.name, flags, 0)
	case p.folder.FS != nil:
		return p.folder.FS.Open(p.inside())
	}
	err = p.inRoot(func(r *os.Root) (err error) {
		f, err = r.OpenFile(p.inside(), flags, 0)
		return err
	})
	return f, err
}

// inRoot calls f with the patch's folder, which nothing leads out of.
func (p patchFile) inRoot(f func(*os.Root) error) error {
	root, err := os.OpenRoot(p.folder.Dir)
	if err != nil {
		return err
	}
	defer root.Close()
	return f(root)
}

// blame says of which file an error is.
func (p patchFile) blame(err error) error {
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		err = e.Err
	}
	return fmt.Errorf("%s: %w", p, err)
}
