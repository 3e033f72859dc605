package top

import (
	"regexp"
	"strings"
)

// A filter says which nodes are shown. The zero filter shows all.
type filter struct {
	text  string
	words []filterWord
}

type filterWord struct {
	*regexp.Regexp
	except bool
}

// newFilter reads a filter: words, all of which a path must match. One with * or ? is a pattern of a whole
// path, or of its end behind a slash; any other is found anywhere. One that begins with ^ must not match.
// Upper and lower case are the same.
func newFilter(text string) filter {
	f := filter{text: text}
	for word := range strings.FieldsSeq(text) {
		word, except := strings.CutPrefix(word, "^")
		if word != "" {
			f.words = append(f.words, filterWord{regexp.MustCompile(filterExpr(word)), except})
		}
	}
	return f
}

func filterExpr(word string) string {
	if !strings.ContainsAny(word, "*?") {
		return "(?i)" + regexp.QuoteMeta(word)
	}
	expr := strings.NewReplacer(`\*`, ".*", `\?`, ".").Replace(regexp.QuoteMeta(word))
	return "(?i)(^|/)" + expr + "$"
}

func (f filter) shows(path string) bool {
	for _, w := range f.words {
		if w.MatchString(path) == w.except {
			return false
		}
	}
	return true
}
