package main

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/patches"
)

// A source is a patch as the command line names and sets it, or as a take has it.
type source struct {
	file        string
	set, params []string
	files       takenFiles // what it is made of, by name; of a take, before it is loaded
	taken       bool       // it is read from files
}

// prepare reads the patch, and sets what the command line does.
func (s *source) prepare() (*patches.Patch, error) {
	patch, err := s.read()
	if err != nil {
		return nil, err
	}
	if err := setParams(patch, s.set, operators().Language); err != nil {
		return nil, &exitError{exitUsage, err}
	}
	return patch, nil
}

// load reads the patch and builds its graph.
func (s *source) load() (*patches.Patch, *graph.Graph, error) {
	patch, err := s.prepare()
	if err != nil {
		return nil, nil, err
	}
	g := graph.New()
	if err := patch.Build(g); err != nil {
		return nil, nil, &exitError{exitInput, err}
	}
	return patch, g, nil
}

func (s *source) read() (*patches.Patch, error) {
	if s.taken {
		return loadWith(patches.Config{}, s.params, func(c patches.Config) (*patches.Patch, error) {
			return c.Parse([]byte(s.files[s.file]), s.file, s.files)
		})
	}
	if strings.HasSuffix(s.file, patches.TestSuffix) {
		return nil, &exitError{exitInput, fmt.Errorf("%s is a file of tests, which linecook test runs; the patch is %s", s.file, testedPatch(s.file))}
	}
	s.files = takenFiles{}
	config := patches.Config{Read: func(name string, text []byte) { s.files[name] = string(text) }}
	return loadWith(config, s.params, func(c patches.Config) (*patches.Patch, error) { return c.Load(s.file) })
}

// name returns what the patch's file is called among files.
func (s *source) name() string { return filepath.Base(s.file) }

// takenFiles is the files of a patch in a take, by their paths from its folder on.
type takenFiles map[string]string

// Open implements [fs.FS].
func (t takenFiles) Open(name string) (fs.File, error) {
	text, ok := t[name]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return &takenFile{Reader: strings.NewReader(text), name: filepath.Base(name)}, nil
}

// A takenFile is one of them, and says what is to be known of it.
type takenFile struct {
	*strings.Reader
	name string
}

func (f *takenFile) Stat() (fs.FileInfo, error) { return f, nil }
func (f *takenFile) Close() error               { return nil }
func (f *takenFile) Name() string               { return f.name }
func (f *takenFile) Mode() fs.FileMode          { return 0o444 }
func (f *takenFile) ModTime() time.Time         { return time.Time{} }
func (f *takenFile) IsDir() bool                { return false }
func (f *takenFile) Sys() any                   { return nil }
