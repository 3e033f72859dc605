package ops

import (
	"strconv"

	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/peer/osc"
)

// An argList walks the arguments of a message as cells: an array is one cell, a list.
type argList struct {
	schema *table.Schema
	cols   []int // columns of arg1, arg2 and so on
	names  []string
	open   [][]table.Value // arrays that have begun
	out    []table.Value
}

// columns makes sure that w has columns for n arguments, as far as a table can have them.
func (a *argList) columns(w *table.Writer, n int) {
	if w.Schema() == a.schema && len(a.cols) >= n {
		return
	}
	for len(a.names) < n {
		a.names = append(a.names, argName(len(a.names)+1))
	}
	w.AddCols(a.names[:n]...)
	a.schema, a.cols = w.Schema(), a.cols[:0]
	for _, name := range a.names[:n] {
		a.cols = append(a.cols, w.Schema().Index(name))
	}
}

// argName returns the column of the n-th argument, counted from 1.
func argName(n int) string { return "arg" + strconv.Itoa(n) }

// countCells returns how many cells the arguments with those type tags take.
func countCells[T string | []byte](types T) int {
	n, depth := 0, 0
	for i := range len(types) {
		if t := osc.Type(types[i]); t == osc.TypeArrayEnd {
			depth--
		} else {
			if depth == 0 {
				n++
			}
			if t == osc.TypeArrayBegin {
				depth++
			}
		}
	}
	return n
}

// write sets the cells of w's row.
func (a *argList) write(w *table.Writer, m *osc.Message) error {
	n := 0
	a.open = a.open[:0]
	for arg := range m.Args() {
		if len(a.open) == 0 && arg.Type != osc.TypeArrayBegin {
			setOSC(w, a.cols[n], arg)
			n++
			continue
		}
		cell, done, err := a.nest(arg)
		if err != nil {
			return err
		}
		if done {
			w.Set(a.cols[n], cell)
			n++
		}
	}
	return nil
}

// cells returns the arguments of m behind those that are given. They are valid until the next call.
func (a *argList) cells(m *osc.Message, first ...table.Value) ([]table.Value, error) {
	out := append(a.out[:0], first...)
	a.open = a.open[:0]
	for arg := range m.Args() {
		if len(a.open) == 0 && arg.Type != osc.TypeArrayBegin {
			out = append(out, OSCCell(arg))
			continue
		}
		cell, done, err := a.nest(arg)
		if err != nil {
			return nil, err
		}
		if done {
			out = append(out, cell)
		}
	}
	a.out = out
	return out, nil
}

// begin opens an array, in the memory of an earlier one if there was one.
func (a *argList) begin() {
	n := len(a.open)
	if n == cap(a.open) {
		a.open = append(a.open, nil)
		return
	}
	a.open = a.open[:n+1]
	a.open[n] = a.open[n][:0]
}

// nest takes one argument of an array, or a bracket. It returns the outermost array when it ends.
func (a *argList) nest(arg osc.Arg) (cell table.Value, done bool, err error) {
	last := len(a.open) - 1
	switch arg.Type {
	case osc.TypeArrayBegin:
		a.begin()
		return cell, false, nil
	case osc.TypeArrayEnd:
		if cell, err = table.ListValue(a.open[last]...); err != nil {
			return cell, false, err
		}
		if a.open = a.open[:last]; last == 0 {
			return cell, true, nil
		}
		last--
	default:
		cell = OSCCell(arg)
	}
	a.open[last] = append(a.open[last], cell)
	return cell, false, nil
}
