package ops

import (
	"fmt"
	"slices"
	"strings"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// Cast gives cells another type.
type Cast struct {
	Types []string `required:"true" help:"columns and their types, as arg1=float or x*=int: names or patterns (* ? [abc]), of which the first that fits counts. Types are int, int64 (which OSC sends as 64 bits), float (64 bits), float32, bool, string, symbol, bytes"`

	computing
	rules []castRule
	casts []casting
	named slips
	names []string
}

// A castRule is a type for some columns.
type castRule struct {
	scope columnScope
	to    *castType
}

// A casting is a column of the input, and what becomes of it.
type casting struct {
	from int
	name string
	to   *castType
}

// Describe implements [graph.Describer].
func (*Cast) Describe() graph.Description {
	return graph.Description{
		Name: "cast", Help: "Gives cells another type. A row with a cell that cannot have it is an error, and is not passed on.",
		Inputs: graph.Arity{Min: 1, Max: 1}, Class: graph.ClassLinear,
	}
}

// Check implements [graph.Checker].
func (s *Cast) Check() error {
	s.rules, s.names = nil, nil
	var errs []error
	for _, text := range s.Types {
		i := strings.LastIndexByte(text, '=')
		if i < 0 {
			errs = append(errs, &graph.ParamError{Param: "types", Msg: fmt.Sprintf("%q has no =; write a column and its type, as arg1=float", text)})
			continue
		}
		rule := castRule{to: castTypes[strings.TrimSpace(text[i+1:])]}
		if rule.to == nil {
			errs = append(errs, &graph.ParamError{Param: "types", Msg: fmt.Sprintf("%q is no type%s; there are %s",
				strings.TrimSpace(text[i+1:]), graph.DidYouMean(strings.TrimSpace(text[i+1:]), castNames()), castList())})
			continue
		}
		name := strings.TrimSpace(text[:i])
		errs = append(errs, rule.scope.compile("types", []string{name}))
		s.names = append(s.names, name)
		s.rules = append(s.rules, rule)
	}
	return checkAll(errs...)
}

// Cook implements [graph.Operator].
func (s *Cast) Cook(c *graph.Cook) error {
	s.named.lookFor(c, "types", s.names...)
	s.cook(c, s)
	return nil
}

func (s *Cast) columns(_ *graph.Cook, d table.Delta, w *table.Writer) {
	s.casts = s.casts[:0]
	var to []int
	for col, name := range d.Schema().Names() {
		at := w.Col(name)
		if t := s.typeOf(name); t != nil {
			s.casts = append(s.casts, casting{col, name, t})
			to = append(to, at)
		} else {
			s.copies(at, col)
		}
	}
	for i, cells := 0, s.computes(len(to)); i < len(to); i++ {
		cells[i].to = to[i]
	}
}

func (s *Cast) typeOf(name string) *castType {
	for _, r := range s.rules {
		if r.scope.has(name) {
			return r.to
		}
	}
	return nil
}

func (s *Cast) pick(c *graph.Cook, v *table.View, b table.Block, rows []int32) []int32 {
	if len(s.casts) == 0 {
		return allRows(b, rows)
	}
	for k := range s.cells {
		s.cells[k].begin(b.Len())
	}
	rows = allRows(b, rows)
	for k := range s.casts {
		rows = s.castColumn(c, v, b, k, rows)
	}
	return rows
}

// castColumn computes the cells of one column, and returns the rows that are left.
func (s *Cast) castColumn(c *graph.Cook, v *table.View, b table.Block, k int, rows []int32) []int32 {
	cast, cells := &s.casts[k], &s.cells[k]
	kinds, nums := b.Column(cast.from)
	if kinds == nil {
		return rows
	}
	if k, same := table.Uniform(kinds); same && slices.Contains(cast.to.keeps, k) {
		for i := range kinds {
			cells.kinds[i] = cast.to.kind
		}
		copy(cells.nums, nums)
		return rows
	}
	left := rows[:0]
	for _, i := range rows {
		if kind, num, ok := cast.to.number(kinds[i], nums[i]); ok {
			cells.kinds[i], cells.nums[i] = kind, num
		} else if err := cast.to.cast(b.Value(int(i), cast.from), cells, i); err != nil {
			c.Report(rowFailed(v.RowOf(b, int(i)), fmt.Errorf("column %s: %w", cast.name, err)))
			continue
		}
		left = append(left, i)
	}
	return left
}
