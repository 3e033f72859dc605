package patches

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/hashicorp/go-multierror"
	"gopkg.in/yaml.v3"

	"linecook.dev/linecook/graph"
)

// Version is the version of the patch file that this package reads.
const Version = "v1"

// A Patch is what a patch file says, with its operators made and set. They belong to the first
// graph that the patch is built into.
type Patch struct {
	File     string
	Timeline Timeline
	Params   []*Param // in order of the file
	Nodes    []*Node  // in order of the file; those within a base follow it

	byName map[string]*Node
}

// A Timeline says what starts a frame.
type Timeline struct {
	Mode Mode
	FPS  float64 // frames a second, 1 to 1000
}

// A Mode is a way of starting frames.
type Mode string

// The modes of a timeline.
const (
	Frame   Mode = "frame"   // FPS times a second
	Arrival Mode = "arrival" // as soon as something is dirty
)

// A Node is one node of a patch.
type Node struct {
	Name      string // its path, without the leading slash: "faders", "stage/faders"
	Operator  graph.Operator
	Computed  []graph.Computed // parameters that get their values while the patch runs
	Type      *graph.OpType
	Inputs    []string // the paths of the nodes it is wired from, in order, without the leading slash
	Bypass    bool
	Active    bool
	Comment   string
	Line, Col int // of the name, from 1

	formulas map[string]graph.Script // of Computed
	src      *source                 // where it is written
	values   graph.Values            // what its expressions read as param.name
	operator *yaml.Node              // the key that names the operator
	in       []*yaml.Node            // what is written as its inputs; one for each of Inputs, once they are found
	given    map[string]*yaml.Node   // the values of the parameters that the file gives
	wrong    map[string]bool         // those of them that are a mistake
}

// Load reads the patch file at path, and the scripts it names beside it. A file that cannot be
// opened gives the error of package os; whatever else is wrong is a [Mistake], several of them in a
// multierror.Error.
func Load(path string, reg *graph.Registry) (*Patch, error) { return Config{Operators: reg}.Load(path) }

// A Config says how a patch is read.
type Config struct {
	Operators *graph.Registry
	// Params are values for the parameters that the patch declares: bool, numbers, or text as on a
	// command line. Those that are no good are each a graph.ParamError, and nothing else is told then.
	Params map[string]any
	// Read is told each file that the patch is made of, once, by its path from the patch's folder on; nil
	// is not.
	Read func(name string, text []byte)
}

// Load is like the function [Load].
func (c Config) Load(path string) (*Patch, error) {
	dir, err := openFolder(filepath.Dir(path))
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	src, err := ReadFile(path)
	if err != nil {
		return nil, err
	}
	return c.Parse(src, path, dir)
}

// ReadFile returns the content of a patch file: of a regular file, and not much more of it than a
// patch may have.
func ReadFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "read", Path: path, Err: fmt.Errorf("not a regular file")}
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxFile+1))
}

// Parse reads the text of a patch. Mistakes call it name. Scripts are read from files, which is
// rooted at the patch's folder; it is nil if the patch can have none. Every error is a [Mistake],
// several of them in a multierror.Error.
func Parse(src []byte, name string, files fs.FS, reg *graph.Registry) (*Patch, error) {
	return Config{Operators: reg}.Parse(src, name, files)
}

// Parse is like the function [Parse].
func (c Config) Parse(src []byte, name string, files fs.FS) (*Patch, error) {
	if c.Read == nil {
		c.Read = func(string, []byte) {}
	}
	c.Read(filepath.Base(name), src)
	r := &reader{
		source: &source{text: newText(src), file: name, name: filepath.Base(name)},
		files:  files, reg: c.Operators, given: c.Params, told: c.Read,
		patch:   &Patch{File: name, Timeline: Timeline{Mode: Frame, FPS: 60}, byName: map[string]*Node{}},
		skipped: map[*yaml.Node]bool{},
		scripts: map[string]string{},
		parts:   map[string]*document{},
	}
	r.read()
	if len(r.refused) > 0 {
		return nil, &multierror.Error{Errors: r.refused, ErrorFormat: func(errs []error) string { return list(errs, 0) }}
	}
	if err := r.mistakes.err(name); err != nil {
		return nil, err
	}
	return r.patch, nil
}

// Node returns the node at a path, or nil: "stage/faders" and "/stage/faders" are the same.
func (p *Patch) Node(path string) *Node {
	at, err := graph.ParsePath(path)
	if err != nil {
		return nil
	}
	return p.byName[bare(string(at))]
}
