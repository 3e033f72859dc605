package ops

import (
	"fmt"
	"slices"
	"strconv"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// Reorder puts columns into another order.
type Reorder struct {
	Method string   `default:"specifyname" menu:"specifyname specifyindex swapnames swapindices reverse" help:"specifyname and specifyindex: the columns of order come first; swapnames and swapindices: each column of before changes places with that of after; reverse: from right to left"`
	Order  []string `help:"specifyname: names or patterns (* ? [abc]) of columns; specifyindex: their places, counted from 0, negative from the right"`
	Delete bool     `help:"specifyname and specifyindex: leave out the columns that order does not have"`
	Before []string `help:"swapnames: names of columns; swapindices: their places, counted from 0, negative from the right"`
	After  []string `help:"a name or a place for each of before"`

	linear
	order         columnScope
	places        []int
	before, after []int
	named         slips
	names         []string // of columns, in order or in before and after
}

// Describe implements [graph.Describer].
func (*Reorder) Describe() graph.Description {
	return graph.Description{
		Name: "reorder", Help: "Puts columns into another order. A column that comes while rows flow is put to the right.",
		Inputs: graph.Arity{Min: 1, Max: 1}, Class: graph.ClassLinear,
	}
}

// Check implements [graph.Checker].
func (r *Reorder) Check() error {
	r.places, r.before, r.after, r.order, r.names = nil, nil, nil, columnScope{}, nil
	var errs []error
	switch r.Method {
	case "specifyname":
		r.names = r.Order
		errs = append(errs, needed("order", r.Order), r.order.compile("order", r.Order))
	case "specifyindex":
		errs = append(errs, needed("order", r.Order), parsePlaces("order", r.Order, &r.places))
	case "swapnames":
		r.names = slices.Concat(r.Before, r.After)
		errs = append(errs, needed("before", r.Before), r.checkPairs())
	case "swapindices":
		errs = append(errs, needed("before", r.Before), r.checkPairs(),
			parsePlaces("before", r.Before, &r.before), parsePlaces("after", r.After, &r.after))
	}
	return checkAll(errs...)
}

// needed reports a list that is empty.
func needed(param string, list []string) error {
	if len(list) > 0 {
		return nil
	}
	return &graph.ParamError{Param: param, Msg: "is missing; this method needs it"}
}

func (r *Reorder) checkPairs() error {
	if len(r.Before) == len(r.After) {
		return nil
	}
	return &graph.ParamError{Param: "after", Msg: fmt.Sprintf(
		"there are %d columns for the %d of before; give one for each", len(r.After), len(r.Before))}
}

func parsePlaces(param string, texts []string, to *[]int) error {
	for _, text := range texts {
		n, err := strconv.Atoi(text)
		if err != nil {
			return &graph.ParamError{Param: param, Msg: fmt.Sprintf("%q is no whole number; columns are counted from 0", text)}
		}
		*to = append(*to, n)
	}
	return nil
}

// Cook implements [graph.Operator].
func (r *Reorder) Cook(c *graph.Cook) error {
	param := "before"
	if r.Method == "specifyname" {
		param = "order"
	}
	r.named.lookFor(c, param, r.names...)
	r.cook(c, r)
	return nil
}

func (r *Reorder) columns(_ *graph.Cook, d table.Delta, w *table.Writer) {
	s := d.Schema()
	for _, col := range r.arrange(s) {
		r.copies(w.Col(s.Name(col)), col)
	}
}

// arrange returns the columns of s in their new order.
func (r *Reorder) arrange(s *table.Schema) (cols []int) {
	for col := range s.Len() {
		cols = append(cols, col)
	}
	switch r.Method {
	case "reverse":
		slices.Reverse(cols)
	case "specifyname":
		return r.first(r.order.pick(s), cols)
	case "specifyindex":
		return r.first(inside(r.places, len(cols)), cols)
	case "swapnames":
		for i := range r.Before {
			swap(cols, s.Index(r.Before[i]), s.Index(r.After[i]))
		}
	case "swapindices":
		for i := range r.before {
			swap(cols, place(r.before[i], len(cols)), place(r.after[i], len(cols)))
		}
	}
	return cols
}

// first returns first, and behind it the other columns unless they are left out.
func (r *Reorder) first(first, all []int) []int {
	if r.Delete {
		return first
	}
	for _, col := range all {
		if !slices.Contains(first, col) {
			first = append(first, col)
		}
	}
	return first
}

// inside returns the places of n columns that exist, each once.
func inside(places []int, n int) (cols []int) {
	for _, p := range places {
		if col := place(p, n); col >= 0 && col < n && !slices.Contains(cols, col) {
			cols = append(cols, col)
		}
	}
	return cols
}

// swap exchanges two columns, if there are both.
func swap(cols []int, a, b int) {
	if min(a, b) >= 0 && max(a, b) < len(cols) {
		cols[a], cols[b] = cols[b], cols[a]
	}
}
