package patchtest

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
)

// String returns what is wrong, and where: the claim's place in its file, and a line a difference.
func (f *Failure) String() string {
	place := fmt.Sprintf("%s:%d:%d: %s", f.File, f.Line, f.Col, f.Title)
	if f.Err != nil {
		return fmt.Sprintf("%s: %v", place, f.Err)
	}
	return place + "\n" + f.Diff()
}

// Diff returns how what came differs from what is expected: lines that begin with - are missing, and
// those with + are too many.
func (f *Failure) Diff() string {
	d := diff.Diff("want", joined(f.Want), "got", joined(f.Got))
	_, d, _ = bytes.Cut(d, []byte("\n"))
	return strings.TrimSuffix(string(d), "\n")
}

func joined(lines []string) []byte {
	var b []byte
	for _, line := range lines {
		b = append(append(b, line...), '\n')
	}
	return b
}
