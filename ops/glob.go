package ops

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// globRegexp returns a pattern with *, ? and [abc] as a regular expression that matches all of a text.
// Each * and ? is a part of the match. A backslash takes the meaning from what follows it.
func globRegexp(pattern string) (*regexp.Regexp, error) {
	expr, err := globExpr(pattern, "(.*)", "(.)")
	if err != nil {
		return nil, err
	}
	return regexp.Compile(`(?s)\A` + expr + `\z`)
}

// globExpr returns a pattern as the text of a regular expression, with what stands for * and for ?.
func globExpr(pattern, many, one string) (string, error) {
	var b strings.Builder
	for rest := pattern; rest != ""; {
		next := rest[0]
		rest = rest[1:]
		switch next {
		case '*':
			b.WriteString(many)
		case '?':
			b.WriteString(one)
		case '[':
			set, after, ok := strings.Cut(rest, "]")
			if !ok || set == "" {
				return "", fmt.Errorf("%q has a [ without characters and a ] behind it; write \\[ for a bracket", pattern)
			}
			b.WriteString("[" + regexp.QuoteMeta(set) + "]")
			rest = after
		case '\\':
			if rest == "" {
				return "", errors.New(`a pattern ends with \; write \\ for a backslash`)
			}
			b.WriteString(regexp.QuoteMeta(rest[:1]))
			rest = rest[1:]
		default:
			n := strings.IndexAny(rest, `*?[\`)
			if n < 0 {
				n = len(rest)
			}
			b.WriteString(regexp.QuoteMeta(string(next) + rest[:n]))
			rest = rest[n:]
		}
	}
	return b.String(), nil
}
