package main_test

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// long is a patch that takes a while to cook offline, and says when it has come to some of its frames.
const long = `linecook: v1
nodes:
  beat:
    clock: {rate: 20}
  counts:
    aggregate: {compute: [n=count, level=mean(time)]}
    in: beat
  wide:
    script:
    in: beat
    callbacks: |
      def row(r):
          out = {'tick': r['count']}
          if r['frame'] > 30000:
              out['late'] = 'yes'
          return out
  shout:
    execute:
    callbacks: |
      def onFrameStart(frame):
          if frame % 10000 == 0:
              print('frame', frame)
  out:
    udpout: {port: 9}
    in: counts
`

// TestAnInterruptedCookGoesOn interrupts a cook twice, and compares what is there in the end with what a cook
// makes that nobody interrupts.
func TestAnInterruptedCookGoesOn(t *testing.T) {
	file := writePatch(t, long)
	for _, format := range []string{"jsonl", "csv", "table"} {
		args := []string{"cook", file, "--frames", "3-60000", "--node", "counts", "--node", "wide", "--format", format, "--out"}
		whole, out := t.TempDir(), t.TempDir()
		if p := start(t, "linecook", append(args, whole)...); p.exit() != 0 {
			t.Fatalf("linecook cook: %s", p.errs)
		}
		args = append(args, out, "--resume")
		for _, frame := range []string{"frame 20000", "frame 40000"} {
			p := start(t, "linecook", args...)
			p.errs.next(frame, func(line string) bool { return strings.Contains(line, frame) })
			if err := p.cmd.Process.Signal(syscall.SIGINT); err != nil {
				t.Fatal(err)
			}
			if code := p.exit(); code != 3 || !strings.Contains(p.errs.String(), "interrupted behind frame ") {
				t.Errorf("%s: interrupted at %s: exit code %d: %s", format, frame, code, p.errs)
			}
			if files := readAll(t, out); len(files) != 0 {
				t.Errorf("%s: interrupted at %s: it left %v, want no file", format, frame, maps.Keys(files))
			}
		}
		if p := start(t, "linecook", args...); p.exit() != 0 {
			t.Fatalf("linecook cook --resume: %s", p.errs)
		}
		want, got := readAll(t, whole), readAll(t, out)
		if len(want) != 3 || !maps.Equal(got, want) {
			t.Errorf("%s: interrupted twice there are files of other bytes than of one cook", format)
		}
	}
}

// readAll returns the files of a folder that are whole.
func readAll(t *testing.T, dir string) map[string]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "[^.]*"))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		out[filepath.Base(file)] = string(b)
	}
	return out
}
