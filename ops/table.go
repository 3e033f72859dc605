package ops

import (
	"fmt"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// Table holds rows that are written in the patch.
type Table struct {
	Columns []string `help:"names of the columns, from the left; without it col1, col2 and so on"`
	Rows    [][]any  `help:"the rows, each a list of cells: numbers, text, true and false, null, or a list of cells"`

	done bool
}

// Describe implements [graph.Describer].
func (*Table) Describe() graph.Description {
	return graph.Description{Name: "table", Help: "Holds rows that are written in the patch."}
}

// Check implements [graph.Checker].
func (t *Table) Check() error {
	for i, row := range t.Rows {
		if len(t.Columns) > 0 && len(row) > len(t.Columns) {
			return rowError(i, "it has %d cells for %d columns", len(row), len(t.Columns))
		}
		for k, cell := range row {
			if _, err := cellOf(cell); err != nil {
				return rowError(i, "cell %d: %v", k+1, err)
			}
		}
	}
	return nil
}

func rowError(i int, format string, args ...any) error {
	return &graph.ParamError{Param: "rows", Msg: fmt.Sprintf("row %d: ", i+1) + fmt.Sprintf(format, args...)}
}

// Cook implements [graph.Operator].
func (t *Table) Cook(c *graph.Cook) error {
	if t.done {
		return nil
	}
	t.done = true
	w := c.Out()
	w.AddCols(t.Columns...)
	for _, row := range t.Rows {
		for n := w.Schema().Len(); n < len(row); n++ {
			w.Col(fmt.Sprintf("col%d", n+1))
		}
		w.Row()
		for k, cell := range row {
			v, err := cellOf(cell)
			if err != nil {
				return err
			}
			w.Set(k, v)
		}
	}
	return nil
}

// cellOf returns a Go value as a cell.
func cellOf(v any) (table.Value, error) {
	switch v := v.(type) {
	case nil:
		return table.Value{}, nil
	case bool:
		return table.BoolValue(v), nil
	case int:
		return table.IntValue(int64(v)), nil
	case int64:
		return table.IntValue(v), nil
	case float32:
		return table.Float32Value(v), nil
	case float64:
		return table.Float64Value(v), nil
	case string:
		return table.StringValue(v), nil
	case []byte:
		return table.BytesValue(v), nil
	case table.Value:
		return v, nil
	case []any:
		return listOf(v)
	}
	return table.Value{}, fmt.Errorf("a cell cannot hold a %T", v)
}

func listOf(items []any) (table.Value, error) {
	cells := make([]table.Value, len(items))
	for i, item := range items {
		var err error
		if cells[i], err = cellOf(item); err != nil {
			return table.Value{}, err
		}
	}
	return table.ListValue(cells...)
}
