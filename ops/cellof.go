package ops

import (
	"fmt"
	"reflect"

	"linecook.dev/linecook/graph/table"
)

// cellOf returns a Go value as a cell: nil, a bool, any integer or float, text, bytes, a slice of
// those, or a cell itself.
func cellOf(v any) (table.Value, error) {
	switch v := v.(type) {
	case nil:
		return table.Value{}, nil
	case table.Value:
		return v, nil
	case []byte:
		return table.BytesValue(v), nil
	case float32:
		return table.Float32Value(v), nil
	}
	r := reflect.ValueOf(v)
	switch {
	case r.Kind() == reflect.Bool:
		return table.BoolValue(r.Bool()), nil
	case r.Kind() == reflect.String:
		return table.StringValue(r.String()), nil
	case r.CanInt():
		return table.IntValue(r.Int()), nil
	case r.CanUint() && int64(r.Uint()) >= 0:
		return table.IntValue(int64(r.Uint())), nil
	case r.CanFloat():
		return table.Float64Value(r.Float()), nil
	case r.Kind() == reflect.Slice:
		return listOf(r)
	}
	return table.Value{}, fmt.Errorf("a cell cannot hold %v, a %T", v, v)
}

func listOf(r reflect.Value) (table.Value, error) {
	cells := make([]table.Value, r.Len())
	for i := range cells {
		var err error
		if cells[i], err = cellOf(r.Index(i).Interface()); err != nil {
			return table.Value{}, err
		}
	}
	return table.ListValue(cells...)
}
