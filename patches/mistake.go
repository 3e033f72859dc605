package patches

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/hashicorp/go-multierror"

	"linecook.dev/linecook/graph"
)

// A Mistake is one thing that is wrong in a patch or in a script beside it.
type Mistake struct {
	File string
	Line int    // from 1
	Col  int    // in characters, from 1
	Msg  string // what is wrong, and what was expected
}

func (m *Mistake) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", m.File, m.Line, m.Col, m.Msg)
}

// maxListed is how many mistakes are reported; the others are counted.
const maxListed = 50

// mistakes are found in any order and reported in that of the file.
type mistakes struct {
	list []found
	cost int // pairs of bytes compared for suggestions
}

// A found mistake gets its suggestion only if it is reported.
type found struct {
	Mistake
	src   *source
	got   string
	valid iter.Seq[string] // nil: there is nothing to suggest
}

func (m *mistakes) add(at Mistake, src *source, got string, valid iter.Seq[string]) {
	at.Msg = clip(at.Msg)
	m.list = append(m.list, found{at, src, got, valid})
}

// err returns what is reported: nil, or a multierror.Error. The patch's own mistakes come first.
func (m *mistakes) err(patch string) error {
	if len(m.list) == 0 {
		return nil
	}
	slices.SortFunc(m.list, func(a, b found) int {
		if a.File != b.File && (a.File == patch || b.File != patch && a.File < b.File) {
			return -1
		}
		return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Col, b.Col), strings.Compare(a.Msg, b.Msg))
	})
	// A block that is given to several nodes by an alias has its mistake once, as has a file that is
	// included several times.
	m.list = slices.CompactFunc(m.list, func(a, b found) bool { return a.Mistake == b.Mistake })
	more := max(0, len(m.list)-maxListed)
	errs := &multierror.Error{ErrorFormat: func(errs []error) string { return list(errs, more) }}
	for _, f := range m.list[:len(m.list)-more] {
		f.Msg += m.suggest(f) + f.src.via()
		errs.Errors = append(errs.Errors, &f.Mistake)
	}
	return errs
}

// suggest bounds what a file of ten thousand names, all of them wrong, can cost.
func (m *mistakes) suggest(f found) string {
	const enough = 4 << 20
	if f.valid == nil {
		return ""
	}
	return graph.DidYouMean(f.got, func(yield func(string) bool) {
		for name := range f.valid {
			if m.cost += len(f.got) * len(name); m.cost > enough || !yield(name) {
				return
			}
		}
	})
}

// list prints mistakes one a line.
func list(errs []error, more int) string {
	var b strings.Builder
	for i, err := range errs {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(err.Error())
	}
	if more > 0 {
		fmt.Fprintf(&b, "\nand %d more", more)
	}
	return b.String()
}

// clip puts a message on one line, and shortens it in its middle, as that of a loop through thousands
// of nodes.
func clip(msg string) string {
	const most, end = 500, 100
	msg = strings.ReplaceAll(msg, "\n", " ")
	if len(msg) <= most {
		return msg
	}
	return strings.ToValidUTF8(msg[:most-end], "") + " ... " + strings.ToValidUTF8(msg[len(msg)-end:], "")
}
