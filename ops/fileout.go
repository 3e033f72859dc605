package ops

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops/spool"
)

const (
	fileBacklog   = 16 << 20 // bytes that wait for a slow or full disk
	fileRetry     = time.Second
	fileCloseTime = time.Second // for what waits, when the node closes
)

// FileOut appends every row to a file. While that cannot be written (a full disk) the node shows why,
// rows wait in 16 MiB, and those that find no room there are errors, and counted as unwritten. A file
// that somebody moves away or removes is made anew with the rows that follow.
//
// A file that is complete is made safe from a loss of power (fsync), and one that grows as often as the
// parameter sync says.
type FileOut struct {
	File   string `required:"true" help:"path of the file, which is appended to if it is there; its folder is made. %d or %06d in it is the frame's number: each frame that has rows has a file of its own, which is there only once it is whole"`
	Format string `default:"csv" menu:"csv tsv jsonl" help:"csv, tsv: a header line if the file is empty, then a line a row, with commas or tabs between cells, and quotes where needed; jsonl: a JSON object a row"`
	Whole  bool   `help:"the file has its name only once it is complete, when it is rotated or the patch ends, and replaces one of that name; until then its name ends in .part"`

	RotateSize  int           `min:"0" unit:"bytes" help:"begin another file before this one gets larger; 0: never"`
	RotateEvery time.Duration `min:"0" unit:"seconds" help:"begin another file so often, counted from the start of the patch; 0: never"`
	RotateNames string        `default:"time" menu:"time number" help:"what a file that was rotated is called. time: log-20260102-150405.000.csv, by when that was (UTC); number: log-000001.csv"`
	Keep        int           `min:"0" help:"how many complete files of rotation, or of frames, are kept: the newest; 0: all"`
	Sync        time.Duration `default:"1" min:"-1" unit:"seconds" help:"how soon after it was written a row is safe from a loss of power; -1: once the file is complete"`

	fileOutState
}

// A fileOutState is what a FileOut has open, and knows of it.
type fileOutState struct {
	node    *graph.Node
	offline bool
	out     *outFile
	spool   *spool.Spool
	lines   lines
	name    fileName
	path    string        // of the present file; empty before there is one
	schema  *table.Schema // whose header was sent
	slot    int64         // which RotateEvery it is
	unsafe  time.Duration // when rows are to be made safe; Never if they are
	size    int64         // bytes of the present file, but for those it had when it was opened
	rotated bool          // it had none
	missing bool          // rows of it were lost
}

// What a FileOut obeys as a [graph.Sink].
const (
	fileRow    graph.Verb = iota // the payload is a line
	fileBegin                    // the payload is the path of the file from now on
	fileHeader                   // the payload is the first line of new files
	fileEnd                      // the file is complete
	fileRotate                   // the same, and gets a name of its own
	fileSync                     // what was written is made safe
)

// Describe implements [graph.Describer].
func (*FileOut) Describe() graph.Description {
	return graph.Description{
		Name: "fileout", Help: "Appends every row to a file, as CSV, TSV or JSON Lines.",
		Inputs: graph.Arity{Min: 1, Max: graph.Many}, Class: graph.ClassEffect,
	}
}

// Opens implements [graph.Opener]: the file's name can be computed while the patch runs.
func (*FileOut) Opens() []string {
	return []string{"format", "whole", "rotatesize", "rotateevery", "rotatenames", "keep", "sync"}
}

// Check implements [graph.Checker].
func (f *FileOut) Check() (err error) {
	if f.name, err = parseFileName(f.File); err != nil {
		return ofParam("file", err)
	}
	switch {
	case f.Keep > 0 && strings.ContainsRune(f.name.after, '/'):
		return &graph.ParamError{Param: "keep", Msg: "the frame's number must be in the file's own name then, not in that of a folder"}
	case f.name.ofFrames():
		err = misplaced(f, "a file of many frames; this one's name has the frame's number", "whole", "rotatesize", "rotateevery", "rotatenames")
	case !f.rotates():
		err = misplaced(f, "files that are rotated; say when by rotatesize or rotateevery", "rotatenames", "keep")
	}
	return err
}

func (f *FileOut) rotates() bool { return f.RotateSize > 0 || f.RotateEvery > 0 }

// Effect implements [graph.Effect].
func (f *FileOut) Effect() bool { return true }

// Adopt implements [graph.Adopter], for another sync.
func (f *FileOut) Adopt(old graph.Operator) error {
	was := old.(*FileOut)
	if err := differ(f.settings(), was.settings()); err != nil {
		return err
	}
	f.fileOutState = was.fileOutState
	return nil
}

func (f *FileOut) settings() []setting {
	return []setting{
		{"file", f.File}, {"format", f.Format}, {"whole", f.Whole}, {"rotatesize", f.RotateSize},
		{"rotateevery", f.RotateEvery}, {"rotatenames", f.RotateNames}, {"keep", f.Keep},
	}
}

// Start implements [graph.Starter].
func (f *FileOut) Start(_ context.Context, n *graph.Node) error {
	f.begin(n)
	f.out = &outFile{}
	if f.path != "" {
		f.out.outTarget = f.target(f.path)
		if err := f.out.open(); err != nil {
			return err
		}
	}
	f.spool = spool.Open(f.out, spool.Config{Limit: fileBacklog, Retry: fileRetry, Changed: func(err error) { n.SetTrouble(graph.FaultWrite, err) }})
	return nil
}

// begin forgets what was before a start.
func (f *FileOut) begin(n *graph.Node) {
	f.node, f.lines, f.path, f.schema = n, newLines(f.Format), "", nil
	f.unsafe, f.size, f.rotated = graph.Never, 0, false
	if !f.name.ofFrames() {
		f.path = f.File
	}
}

// target says how the file at a path is written.
func (f *FileOut) target(path string) outTarget {
	t := outTarget{
		path: path, whole: f.Whole || f.name.ofFrames(), anew: f.name.ofFrames(), keep: f.Keep,
		rotate: newRotation(path, f.RotateNames == "number"),
	}
	switch {
	case f.Keep == 0:
	case f.name.ofFrames():
		t.prunes = f.name.siblings()
	default:
		t.prunes = t.rotate.siblings()
	}
	return t
}

// StartOffline implements [graph.OfflineStarter]: rows are made, and not written.
func (f *FileOut) StartOffline(n *graph.Node) {
	f.begin(n)
	f.offline = true
}

// Close implements [io.Closer].
func (f *FileOut) Close() error {
	end := func() error { return f.out.finish(f.out.path) }
	if f.Whole && f.rotates() {
		end = f.out.turn
	}
	err := errors.Join(f.spool.Do(end), f.spool.Close(fileCloseTime))
	if !errors.Is(err, spool.ErrDeadline) { // the spool's goroutine has ended
		err = errors.Join(err, f.out.leave())
	}
	return err
}

// Cook implements [graph.Operator].
func (f *FileOut) Cook(c *graph.Cook) error {
	if isShut(c, f.spool == nil && !f.offline) {
		return fmt.Errorf("%s is not open", f.File)
	}
	f.onTime(c)
	path, posted := f.name.at(c.Frame), false
	for i := range c.NumInputs() {
		d := c.In(i)
		c.EachNew(d, func(row table.Row) error {
			f.prepare(c, path, d.Schema())
			posted = true
			c.Post(f, fileRow, f.lines.row(row))
			return nil
		})
	}
	if posted {
		f.posted(c)
	}
	f.wake(c)
	return nil
}

// onTime does what the time asks for.
func (f *FileOut) onTime(c *graph.Cook) {
	if f.RotateEvery > 0 {
		if slot := int64(c.Time / f.RotateEvery); slot != f.slot {
			f.slot = slot
			c.Post(f, fileRotate, nil)
		}
	}
	if f.unsafe <= c.Time {
		f.unsafe = graph.Never
		c.Post(f, fileSync, nil)
	}
}

// prepare says where rows with these columns go.
func (f *FileOut) prepare(c *graph.Cook, path string, s *table.Schema) {
	if path != f.path {
		f.path = path
		c.Post(f, fileBegin, []byte(path))
	}
	if s != f.schema {
		f.schema = s
		c.Post(f, fileHeader, f.lines.header(s))
	}
}

// posted says what becomes of the rows of this frame.
func (f *FileOut) posted(c *graph.Cook) {
	switch {
	case f.name.ofFrames():
		c.Post(f, fileEnd, nil)
	case f.Sync > 0 && f.unsafe == graph.Never:
		f.unsafe = c.Time + f.Sync
	}
}

func (f *FileOut) wake(c *graph.Cook) {
	at := f.unsafe
	if f.RotateEvery > 0 {
		at = min(at, time.Duration(f.slot+1)*f.RotateEvery)
	}
	if at != graph.Never {
		c.Wake(at)
	}
}

// Accept implements [graph.Sink].
func (f *FileOut) Accept(verb graph.Verb, payload []byte) error {
	if f.offline {
		return nil
	}
	switch verb {
	case fileBegin:
		return f.change(f.target(string(payload)))
	case fileHeader:
		head := bytes.Clone(payload)
		return f.spool.Do(func() error { f.out.setHead(head); return nil })
	case fileEnd:
		return f.end()
	case fileRotate:
		return f.turn()
	case fileSync:
		return f.spool.Do(f.out.sync)
	}
	return f.write(payload)
}

// change goes on in another file.
func (f *FileOut) change(t outTarget) error {
	f.size, f.rotated, f.missing = 0, false, false
	return f.spool.Do(func() error { return f.out.begin(t) })
}

// end completes the file of a frame, unless rows of it were lost.
func (f *FileOut) end() error {
	if f.missing {
		return f.spool.Do(f.out.leave)
	}
	return f.spool.Do(func() error { return f.out.finish(f.out.path) })
}

func (f *FileOut) turn() error {
	f.size, f.rotated = 0, true
	return f.spool.Do(f.out.turn)
}

func (f *FileOut) write(line []byte) error {
	size := f.size + int64(len(line))
	if !f.rotated {
		size += f.out.base.Load()
	}
	var err error
	if f.RotateSize > 0 && size > int64(f.RotateSize) && size > int64(len(line)) {
		err = f.turn()
	}
	if err == nil {
		_, err = f.spool.Write(line)
	}
	if err != nil {
		f.missing = true
		f.node.Loss("unwritten").Add(1)
		return fmt.Errorf("row not written to %s: %w", filepath.Clean(f.path), err)
	}
	f.size += int64(len(line))
	return nil
}
