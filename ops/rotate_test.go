package ops_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops"
)

// A writing is a fileout behind a burst, in a folder of its own.
type writing struct {
	*rig
	dir string
	add func(n int) // rows, and a frame
}

// newWriting gives op the file of that name in the folder.
func newWriting(t *testing.T, file string, op *ops.FileOut, computed ...graph.Computed) *writing {
	t.Helper()
	w := &writing{dir: t.TempDir()}
	if file != "" {
		op.File = filepath.Join(w.dir, file)
	}
	source := &burst{columns: []string{"a", "n"}}
	w.rig = newRig(t, func(e *graph.Edit) { e.Wire(e.Add("source", source), e.Add("out", op, computed...)) })
	w.add = func(n int) {
		source.add(n)
		w.cook()
	}
	return w
}

// files returns what is in the folder when all is written: "name: content", with / for the ends of lines.
func (w *writing) files() (list []string) {
	w.t.Helper()
	w.close()
	err := filepath.WalkDir(w.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		name, _ := filepath.Rel(w.dir, path)
		list = append(list, name+": "+strings.ReplaceAll(string(b), "\n", "/"))
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return list
}

func TestFileOutOfFrames(t *testing.T) {
	w := newWriting(t, "take/f%06d.tsv", &ops.FileOut{Format: "tsv", Keep: 2})
	w.add(1)
	w.steps(2)
	w.add(2)
	w.add(1)
	expect(t, "files", w.files(), "take/f000004.tsv: a\tn//abc\t2//abc\t3/", "take/f000005.tsv: a\tn//abc\t4/")
}

func TestFileOutRotates(t *testing.T) {
	const line = len("/abc,1\n")
	tests := []struct {
		name string
		op   ops.FileOut
		want []string
	}{
		{"by size", ops.FileOut{RotateSize: 2 * line, RotateNames: "number"}, []string{
			"log-000001.csv: a,n//abc,1//abc,2/", "log-000002.csv: a,n//abc,3//abc,4/", "log.csv: a,n//abc,5/",
		}},
		{"by time", ops.FileOut{RotateEvery: 60 * time.Millisecond, RotateNames: "number", Format: "jsonl"}, []string{
			`log-000001.csv: {"a":"/abc","n":1}/{"a":"/abc","n":2}/{"a":"/abc","n":3}/{"a":"/abc","n":4}/`, `log.csv: {"a":"/abc","n":5}/`,
		}},
		{"and keeps the newest", ops.FileOut{RotateSize: 1, RotateNames: "number", Keep: 2}, []string{
			"log-000003.csv: a,n//abc,3/", "log-000004.csv: a,n//abc,4/", "log.csv: a,n//abc,5/",
		}},
		{"whole", ops.FileOut{RotateSize: 3 * line, RotateNames: "number", Whole: true}, []string{
			"log-000001.csv: a,n//abc,1//abc,2//abc,3/", "log-000002.csv: a,n//abc,4//abc,5/",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWriting(t, "log.csv", &tt.op)
			for range 5 {
				w.add(1)
			}
			expect(t, "files", w.files(), tt.want...)
		})
	}
}

// What is rotated is called by the time of that; no two files have one name.
func TestFileOutRotatesByNamesOfTime(t *testing.T) {
	w := newWriting(t, "log.csv", &ops.FileOut{RotateSize: 1})
	before := time.Now().UTC().Truncate(time.Millisecond)
	for range 3 {
		w.add(1)
	}
	files := w.files()
	if len(files) != 3 {
		t.Fatalf("3 rows of which each is larger than a file have made %q", files)
	}
	for i, file := range files[:2] {
		name, content, _ := strings.Cut(file, ": ")
		at, err := time.Parse("log-20060102-150405.000.csv", name)
		if err != nil || at.Before(before) || content != fmt.Sprintf("a,n//abc,%d/", i+1) {
			t.Errorf("file %d is %q, want one of row %d that is called by when it was rotated", i, file, i+1)
		}
	}
}

// A file has its name only once it is complete.
func TestFileOutWhole(t *testing.T) {
	w := newWriting(t, "a.csv", &ops.FileOut{Whole: true})
	if err := os.WriteFile(filepath.Join(w.dir, "a.csv"), []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	w.add(1)
	if b, err := os.ReadFile(filepath.Join(w.dir, "a.csv")); string(b) != "old" || err != nil {
		t.Errorf("while it is written the file has %q, %v; want that of before", b, err)
	}
	expect(t, "files", w.files(), "a.csv: a,n//abc,1/")
	expect(t, "files of a patch without rows", newWriting(t, "a.csv", &ops.FileOut{Whole: true}).files())
}

// A file that was moved away, or removed with its folder, is made anew; the one that was moved is left alone.
func TestFileOutMovedAway(t *testing.T) {
	w := newWriting(t, "logs/a.csv", &ops.FileOut{})
	path := filepath.Join(w.dir, "logs", "a.csv")
	w.add(1)
	w.waitFor(path, "a,n\n/abc,1\n")
	if err := os.Rename(path, path+".1"); err != nil {
		t.Fatal(err)
	}
	w.add(1)
	w.waitFor(path, "a,n\n/abc,2\n")
	w.waitFor(path+".1", "a,n\n/abc,1\n")
	if err := os.RemoveAll(filepath.Dir(path)); err != nil {
		t.Fatal(err)
	}
	w.add(1)
	expect(t, "files", w.files(), "logs/a.csv: a,n//abc,3/")
}

// waitFor waits until a file, which a fileout is writing, has that content.
func (w *writing) waitFor(path, want string) {
	w.t.Helper()
	var got []byte
	var err error
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		if got, err = os.ReadFile(path); string(got) == want {
			return
		}
	}
	w.t.Fatalf("%s has %q, %v; want %q", path, got, err, want)
}

// The name can be computed: another value begins another file.
func TestFileOutOfComputedName(t *testing.T) {
	dir := t.TempDir()
	expr := fmt.Sprintf("%q + ('/a%%d.csv' %% (frame // 3))", dir)
	w := newWriting(t, "", &ops.FileOut{}, computed(t, "file", expr))
	w.dir = dir
	for range 4 {
		w.add(1)
	}
	expect(t, "files", w.files(), "a0.csv: a,n//abc,1//abc,2/", "a1.csv: a,n//abc,3//abc,4/")
}

// While the disk is full rows wait; those that find no room are errors, and counted.
func TestFileOutCountsWhatIsLost(t *testing.T) {
	source := &burst{columns: []string{"a"}}
	r := newRig(t, func(e *graph.Edit) { e.Wire(e.Add("source", source), e.Add("out", &ops.FileOut{File: "/dev/full"})) })
	out := r.g.Node("out")
	source.add(1)
	r.cook()
	r.cookUntil("the error", func() bool { return out.Err() != nil })
	source.todo = append(source.todo, large)
	r.cook()
	sent := 0
	for _, f := range out.Faults() {
		if f.Kind == graph.FaultSend {
			sent = int(f.Count)
		}
	}
	if lost := out.Stats().Counters["unwritten"]; lost == 0 || sent != int(lost) {
		t.Errorf("of 24 MiB of rows %d were counted as unwritten, and %d failed; want the same, and some", lost, sent)
	}
	r.closed = true
	if err := r.engine.Close(); err != nil {
		t.Errorf("engine.Close() = %v", err)
	}
}

func TestFileOutMistakes(t *testing.T) {
	expect(t, "mistakes", wrongs(&ops.FileOut{File: "a%d.csv", Whole: true, RotateSize: 1}),
		"whole: it is for a file of many frames; this one's name has the frame's number",
		"rotatesize: it is for a file of many frames; this one's name has the frame's number")
	expect(t, "mistakes", wrongs(&ops.FileOut{File: "a%d-%06d.csv"}), "file: the frame's number has more than one place in it")
	expect(t, "mistakes", wrongs(&ops.FileOut{File: "a.csv", Keep: 1}), "keep: it is for files that are rotated; say when by rotatesize or rotateevery")
	expect(t, "mistakes", wrongs(&ops.FileOut{File: "%d/a.csv", Keep: 1}),
		"keep: the frame's number must be in the file's own name then, not in that of a folder")
}

// wrongs returns the mistakes of an operator that needs an input.
func wrongs(op graph.Operator) []string {
	var out []string
	for _, m := range mistakes(op) {
		if m, ok := strings.CutPrefix(m, "add /n: "); ok {
			out = append(out, m)
		}
	}
	return out
}

// A file of a frame that misses rows is never there under its name. One that cannot be made is made later.
func TestFileOutLeavesAFrameThatIsNotWhole(t *testing.T) {
	w := newWriting(t, "f%d.csv", &ops.FileOut{})
	block := filepath.Join(w.dir, "f1.csv.part")
	if err := os.Mkdir(block, 0o700); err != nil {
		t.Fatal(err)
	}
	w.source.Operator().(*burst).todo = []func(*table.Writer){large}
	w.cook()
	out := w.g.Node("out")
	if out.Stats().Counters["unwritten"] == 0 {
		t.Fatal("24 MiB of rows have found room in 16 MiB")
	}
	w.cookUntil("the error", func() bool { return out.Stats().Errors > 0 && hasFault(out, graph.FaultWrite) })
	if err := os.Remove(block); err != nil {
		t.Fatal(err)
	}
	w.cookUntil("the end of the error", func() bool { return !hasFault(out, graph.FaultWrite) })
	w.add(1)
	w.close()
	if _, err := os.Stat(filepath.Join(w.dir, "f1.csv")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the file of the frame of which rows were lost is there under its name: %v", err)
	}
	if info, err := os.Stat(block); err != nil || info.Size() < 1<<20 {
		t.Errorf("what there is of it is not in %s: %v", block, err)
	}
	if later, err := filepath.Glob(filepath.Join(w.dir, "f*.csv")); len(later) != 1 {
		t.Errorf("there are files %q, %v; want one, of the row that came later", later, err)
	}
}

// large writes 24 MiB in rows.
func large(w *table.Writer) {
	text := strings.Repeat("x", 60<<10)
	for range 400 {
		w.Row()
		w.SetString(0, text)
	}
}

func hasFault(n *graph.Node, kind graph.FaultKind) bool {
	return slices.ContainsFunc(n.Faults(), func(f graph.Fault) bool { return f.Kind == kind && f.Active })
}
