package ops

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// Rename gives columns other names.
type Rename struct {
	RenameFrom []string `required:"true" help:"names or patterns (* ? [abc]) of the columns to rename"`
	RenameTo   []string `required:"true" help:"a new name for each of renamefrom; the n-th * in it stands for what the n-th * or ? there matched"`

	linear
	rules []renaming
	named slips
}

// A renaming is one pattern and what its columns are called instead.
type renaming struct {
	match *regexp.Regexp
	to    string // as regexp.Expand reads it
}

// Describe implements [graph.Describer].
func (*Rename) Describe() graph.Description {
	return graph.Description{
		Name: "rename", Help: "Gives columns other names.",
		Inputs: graph.Arity{Min: 1, Max: 1}, Class: graph.ClassLinear,
	}
}

// Check implements [graph.Checker].
func (r *Rename) Check() error {
	r.rules = nil
	if len(r.RenameFrom) != len(r.RenameTo) {
		return &graph.ParamError{Param: "renameto", Msg: fmt.Sprintf(
			"there are %d names for the %d of renamefrom; give one for each", len(r.RenameTo), len(r.RenameFrom))}
	}
	var errs []error
	for i, from := range r.RenameFrom {
		match, err := globRegexp(from)
		if err != nil {
			errs = append(errs, ofParam("renamefrom", err))
			continue
		}
		to, parts := expansion(r.RenameTo[i])
		if have := match.NumSubexp(); parts > have {
			errs = append(errs, &graph.ParamError{Param: "renameto", Msg: fmt.Sprintf(
				"%q has %d *, but %q only %d * or ?", r.RenameTo[i], parts, from, have)})
		}
		r.rules = append(r.rules, renaming{match, to})
	}
	return checkAll(errs...)
}

// expansion returns a name in which the n-th * is the n-th part of a match, and how many it has.
func expansion(name string) (to string, parts int) {
	var b strings.Builder
	for _, r := range name {
		switch r {
		case '*':
			parts++
			b.WriteString("${" + strconv.Itoa(parts) + "}")
		case '$':
			b.WriteString("$$")
		default:
			b.WriteRune(r)
		}
	}
	return b.String(), parts
}

// Cook implements [graph.Operator].
func (r *Rename) Cook(c *graph.Cook) error {
	r.named.lookFor(c, "renamefrom", r.RenameFrom...)
	r.cook(c, r)
	return nil
}

func (r *Rename) columns(c *graph.Cook, d table.Delta, w *table.Writer) {
	var own, names []string
	for _, name := range d.Schema().Names() {
		own, names = append(own, name), append(names, r.name(name))
	}
	unique(c, own, names)
	for i, name := range names {
		r.copies(w.Col(name), i)
	}
}

// unique gives columns their own name back whose new one another column has.
func unique(c *graph.Cook, own, names []string) {
	for i := 0; i < len(names); i++ {
		k := slices.Index(names[:i], names[i])
		if k < 0 {
			continue
		}
		if names[i] != own[i] {
			k = i
		}
		c.Report(fmt.Errorf("column %s is not renamed to %s, since another column has that name; change renameto", own[k], names[k]))
		names[k] = own[k]
		i = -1 // that may be the new name of another
	}
}

// name returns the new name of a column.
func (r *Rename) name(old string) string {
	for _, rule := range r.rules {
		if m := rule.match.FindStringSubmatchIndex(old); m != nil {
			return string(rule.match.ExpandString(nil, rule.to, old, m))
		}
	}
	return old
}
