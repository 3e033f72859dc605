package ops

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A fileName is the path of a file of rows: one for each frame if it has a place for the frame's number.
type fileName struct {
	before, after string // of the number
	width         int    // of the number, with leading zeros; -1 if there is none
}

var frameNumber = regexp.MustCompile(`%(?:0(\d{1,2}))?d`)

func parseFileName(path string) (fileName, error) {
	found := frameNumber.FindAllStringSubmatchIndex(path, -1)
	switch len(found) {
	case 0:
		return fileName{before: path, width: -1}, nil
	case 1:
		at, width := found[0], 0
		if at[2] >= 0 {
			width, _ = strconv.Atoi(path[at[2]:at[3]])
		}
		return fileName{path[:at[0]], path[at[1]:], width}, nil
	}
	return fileName{}, errors.New("the frame's number has more than one place in it")
}

// ofFrames reports whether each frame has a file of its own.
func (n fileName) ofFrames() bool { return n.width >= 0 }

// at returns the path in a frame.
func (n fileName) at(frame int64) string {
	if !n.ofFrames() {
		return n.before
	}
	return fmt.Sprintf("%s%0*d%s", n.before, n.width, frame, n.after)
}

// siblings returns what matches the names of all frames' files in their folder.
func (n fileName) siblings() *regexp.Regexp {
	_, before := filepath.Split(n.before)
	return regexp.MustCompile(`\A` + regexp.QuoteMeta(before) + `\d+` + regexp.QuoteMeta(n.after) + `\z`)
}

// A rotation names complete files by the file that they were.
type rotation struct {
	stem, ext string // of the file's path, without the point's side
	numbers   bool   // log-000001.csv instead of log-20260102-150405.000.csv
}

func newRotation(path string, numbers bool) rotation {
	ext := filepath.Ext(path)
	return rotation{strings.TrimSuffix(path, ext), ext, numbers}
}

const rotationTime = "20060102-150405.000" // in UTC

// siblings returns what matches the names of all complete files in their folder.
func (r rotation) siblings() *regexp.Regexp {
	middle := `\d{8}-\d{6}\.\d{3}`
	if r.numbers {
		middle = `\d{6,}`
	}
	return regexp.MustCompile(`\A` + regexp.QuoteMeta(filepath.Base(r.stem)) + "-" + middle + regexp.QuoteMeta(r.ext) + `\z`)
}

// next returns a path that no file has.
func (r rotation) next(now time.Time) (string, error) {
	number := 0
	if r.numbers {
		last, err := siblings(filepath.Dir(r.stem), r.siblings())
		if err != nil {
			return "", err
		}
		if len(last) > 0 {
			digits := strings.TrimSuffix(last[len(last)-1][len(filepath.Base(r.stem))+1:], r.ext)
			number, _ = strconv.Atoi(digits)
		}
	}
	for {
		number++
		path := fmt.Sprintf("%s-%06d%s", r.stem, number, r.ext)
		if !r.numbers {
			path = r.stem + "-" + now.UTC().Format(rotationTime) + r.ext
			now = now.Add(time.Millisecond)
		}
		if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
			return path, nil
		} else if err != nil {
			return "", err
		}
	}
}

// siblings returns the names in a folder that match, the oldest first: they differ by a number or a time.
func siblings(dir string, match *regexp.Regexp) (names []string, err error) {
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		if e.Type().IsRegular() && match.MatchString(e.Name()) {
			names = append(names, e.Name())
		}
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) })
	return names, err
}

// prune removes all but the newest files of a folder that match.
func prune(dir string, match *regexp.Regexp, keep int) error {
	names, err := siblings(dir, match)
	for _, name := range names[:max(0, len(names)-keep)] {
		if e := os.Remove(filepath.Join(dir, name)); e != nil && !errors.Is(e, fs.ErrNotExist) {
			err = errors.Join(err, e)
		}
	}
	return err
}
