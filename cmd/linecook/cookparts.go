package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"
)

const (
	partsFolder = ".cook"      // in --out, with the files that are not whole
	stateFile   = "state.json" // says how far they are; no node's file has such a name
	saveTime    = 5 * time.Second
)

// A parts is the files of a cook while it goes on. They are in a folder of their own, with what --resume needs
// to go on after an interruption, or if the program was killed, and move to where they belong when all are whole.
type parts struct {
	dir   string // --out
	state cookState
	files map[string]*os.File // by name, from dir on
	saved time.Time
}

// A cookState says how far a cook is.
type cookState struct {
	Of    map[string]string `json:"of"`    // what has a part in the files' bytes, by the name that users have for it
	Frame int64             `json:"frame"` // that the files end with
	Sizes map[string]int64  `json:"sizes"` // of the files, in bytes
}

// openParts returns the parts of a cook. With resume they are those of one that was interrupted, if there is one.
func openParts(dir string, of map[string]string, resume bool) (*parts, error) {
	p := &parts{dir: dir, files: map[string]*os.File{}, saved: time.Now()}
	if resume {
		if err := p.load(of); err != nil {
			return nil, err
		}
	} else if err := os.RemoveAll(p.path("")); err != nil {
		return nil, err
	}
	p.state.Of = of
	return p, os.MkdirAll(p.path(""), 0o755)
}

func (p *parts) path(name string) string { return filepath.Join(p.dir, partsFolder, name) }

func (p *parts) load(of map[string]string) error {
	b, err := os.ReadFile(p.path(stateFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil // there is nothing yet
	}
	if err == nil {
		err = json.Unmarshal(b, &p.state)
	}
	if err != nil {
		return fmt.Errorf("--resume: %w; cook without --resume to begin again", err)
	}
	for _, what := range slices.Sorted(maps.Keys(of)) {
		if p.state.Of[what] != of[what] {
			return fmt.Errorf("--resume: what is in %s was cooked with another %s; cook without --resume to begin again", p.dir, what)
		}
	}
	return nil
}

// open opens a file at its end.
func (p *parts) open(name string) (*os.File, error) {
	if err := os.MkdirAll(filepath.Dir(p.path(name)), 0o755); err != nil {
		return nil, err
	}
	flags := os.O_RDWR
	if p.state.Frame == 0 {
		flags |= os.O_CREATE | os.O_TRUNC
	}
	f, err := os.OpenFile(p.path(name), flags, 0o644)
	if err != nil {
		return nil, err
	}
	p.files[name] = f
	if err := f.Truncate(p.state.Sizes[name]); err != nil {
		return nil, err
	}
	_, err = f.Seek(0, io.SeekEnd)
	return f, err
}

// save says that all that the files have, which is as far as frame, counts.
func (p *parts) save(frame int64) error {
	p.saved = time.Now()
	s := cookState{Of: p.state.Of, Frame: frame, Sizes: map[string]int64{}}
	for name, f := range p.files {
		size, err := f.Seek(0, io.SeekCurrent)
		if err != nil {
			return err
		}
		s.Sizes[name] = size
	}
	b, err := json.Marshal(s)
	if err != nil {
		return err
	}
	temporary := p.path(stateFile + ".new")
	if err := os.WriteFile(temporary, b, 0o644); err != nil {
		return err
	}
	return os.Rename(temporary, p.path(stateFile))
}

// close closes the files. If they are whole they move to where they belong.
func (p *parts) close(whole bool) (err error) {
	for _, f := range p.files {
		err = errors.Join(err, f.Close())
	}
	if !whole || err != nil {
		return err
	}
	for name := range p.files {
		to := filepath.Join(p.dir, name)
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return err
		}
		if err := os.Rename(p.path(name), to); err != nil {
			return err
		}
	}
	return os.RemoveAll(p.path(""))
}
