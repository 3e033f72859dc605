package patches

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"syscall"

	"linecook.dev/linecook/graph"
)

// A folder is the patch's own: nothing in it can lead out of it.
type folder struct{ *os.Root }

func openFolder(dir string) (*folder, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	return &folder{root}, nil
}

// folder returns where the files are that the source names.
func (r *reader) folder() graph.Folder {
	base := path.Dir(r.source.name)
	if d, ok := r.files.(*folder); ok {
		return graph.Folder{Dir: d.Name(), Base: base}
	}
	if r.files == nil {
		return graph.Folder{FS: emptyFolder{}, Base: base}
	}
	return graph.Folder{FS: r.files, Base: base}
}

// An emptyFolder is that of a patch that has none.
type emptyFolder struct{}

func (emptyFolder) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: errors.New("the patch has no folder to read it from")}
}

// Stat looks at a file without opening it, which would wake a device.
func (d *folder) Stat(name string) (fs.FileInfo, error) { return d.Root.Stat(name) }

// Open does not wait for the other end of a pipe that took a file's place.
func (d *folder) Open(name string) (fs.File, error) {
	return d.Root.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
}
