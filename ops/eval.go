package ops

import (
	"fmt"
	"slices"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops/script"
)

// Eval computes columns.
type Eval struct {
	Expr []string     `required:"true" help:"columns and the expressions over a row that give their cells, as: loud = arg1 > 0.5. A column of that name is replaced; the others are seen as they come in"`
	Keep graph.Toggle `default:"on" help:"pass on the input's other columns too"`

	expressions
	computing
	names []string
	exprs []*script.Expr

	failed []error // what each row of a block failed at
}

// Describe implements [graph.Describer].
func (*Eval) Describe() graph.Description {
	return graph.Description{
		Name: "eval", Help: "Computes columns. A row for which an expression fails is an error, and is not passed on.",
		Inputs: graph.Arity{Min: 1, Max: 1}, Class: graph.ClassLinear,
	}
}

// Check implements [graph.Checker].
func (e *Eval) Check() error {
	e.clear()
	e.names, e.exprs = nil, nil
	var errs []error
	for _, text := range e.Expr {
		name, expr, err := e.compileColumn("expr", text)
		if err == nil && slices.Contains(e.names, name) {
			err = &graph.ParamError{Param: "expr", Msg: fmt.Sprintf("column %s is given twice", name)}
		}
		errs = append(errs, err)
		e.names, e.exprs = append(e.names, name), append(e.exprs, expr)
	}
	return checkAll(errs...)
}

// Cook implements [graph.Operator].
func (e *Eval) Cook(c *graph.Cook) error {
	e.heed(c)
	e.cook(c, e)
	return nil
}

func (e *Eval) columns(_ *graph.Cook, d table.Delta, w *table.Writer) {
	if e.Keep.On() {
		for col, name := range d.Schema().Names() {
			if to := w.Col(name); !slices.Contains(e.names, name) {
				e.copies(to, col)
			}
		}
	}
	cells := e.computes(len(e.names))
	for k, name := range e.names {
		cells[k].to = w.Col(name)
	}
}

func (e *Eval) pick(c *graph.Cook, v *table.View, b table.Block, rows []int32) []int32 {
	e.failed = slices.Grow(e.failed[:0], b.Len())[:b.Len()]
	clear(e.failed)
	for k, expr := range e.exprs {
		cells := &e.cells[k]
		cells.begin(b.Len())
		expr.Column(c, v, b, cells.kinds, cells.nums, func(i int, cell table.Value, err error) {
			switch {
			case err == nil:
				cells.set(int32(i), cell)
			case e.failed[i] == nil:
				e.failed[i] = fmt.Errorf("column %s: %w", e.names[k], err)
			}
		})
	}
	for i, err := range e.failed {
		if err != nil {
			c.Report(rowFailed(v.RowOf(b, i), err))
			continue
		}
		rows = append(rows, int32(i))
	}
	return rows
}
