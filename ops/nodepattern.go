package ops

import (
	"regexp"
	"strings"

	"linecook.dev/linecook/graph"
)

// A nodePattern says which nodes an operator looks at.
type nodePattern struct{ take, leave []nodeGlob }

// A nodeGlob is one pattern: of a whole path, or of the rest of one behind the network that the operator
// is in.
type nodeGlob struct {
	*regexp.Regexp
	absolute bool
}

// parseNodePattern reads the patterns of the parameter op. One that begins with ^ excepts nodes.
func parseNodePattern(patterns []string) (p nodePattern, err error) {
	for _, text := range patterns {
		text, except := strings.CutPrefix(text, "^")
		expr, err := globRegexp(text)
		if err != nil {
			return p, ofParam("op", err)
		}
		glob := nodeGlob{expr, strings.HasPrefix(text, "/")}
		if except {
			p.leave = append(p.leave, glob)
		} else {
			p.take = append(p.take, glob)
		}
	}
	return p, nil
}

// has reports whether an operator in the network looks at n.
func (p nodePattern) has(network graph.Path, n *graph.Node) bool {
	taken := len(p.take) == 0
	for _, g := range p.take {
		taken = taken || g.matches(network, n)
	}
	for _, g := range p.leave {
		taken = taken && !g.matches(network, n)
	}
	return taken
}

func (g nodeGlob) matches(network graph.Path, n *graph.Node) bool {
	path := string(n.Path())
	if g.absolute {
		return g.MatchString(path)
	}
	rest, inside := strings.CutPrefix(path, string(network)+"/")
	return inside && g.MatchString(rest)
}
