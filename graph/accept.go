package graph

import (
	"math"
	"slices"
	"time"

	"linecook.dev/linecook/graph/table"
)

// Accept converts a cell to the Go type of the parameter's field, for [Param.Set]. A text is read as
// one that is written in a patch, and a number may stand for a text.
func (p *Param) Accept(v table.Value) (any, error) {
	switch {
	case v.IsNil():
		return nil, p.errorf("the value is None; want %s", p.Want())
	case p.Type == ParamRows || v.Kind() == table.KindList:
		return p.acceptList(v)
	case v.Kind() == table.KindBool && p.Type == ParamBool:
		return p.Parse(v.String())
	case v.Kind() == table.KindString, v.Kind() == table.KindSymbol:
		return p.Parse(v.Str())
	}
	if f, ok := v.Number(); ok {
		return p.acceptNumber(v, f)
	}
	return p.refuse(v)
}

func (p *Param) refuse(v table.Value) (any, error) {
	return nil, p.errorf("%.64s is not %s", v.String(), p.Want())
}

func (p *Param) acceptNumber(v table.Value, f float64) (any, error) {
	switch p.Type {
	case ParamBool, ParamString, ParamMenu, ParamStrings:
		return p.Parse(v.String())
	case ParamInt:
		if v.Kind() == table.KindInt || v.Kind() == table.KindInt64 {
			return int(v.Int()), nil
		}
		if f == math.Trunc(f) && math.Abs(f) < 1<<53 {
			return int(f), nil
		}
	case ParamFloat:
		if !math.IsNaN(f) {
			return f, nil
		}
	case ParamDuration:
		if math.Abs(f) < math.MaxInt64/1e9 {
			return time.Duration(f * float64(time.Second)), nil
		}
	}
	return p.refuse(v)
}

func (p *Param) acceptList(v table.Value) (any, error) {
	if v.Kind() != table.KindList {
		return p.refuse(v)
	}
	items := slices.Collect(v.List())
	switch p.Type {
	case ParamStrings:
		out := make([]string, len(items))
		for i, item := range items {
			out[i] = item.String()
		}
		return out, nil
	case ParamRows:
		out := make([][]any, len(items))
		for i, row := range items {
			if row.Kind() != table.KindList {
				return nil, p.errorf("row %d is %.64s; want a list of its cells", i+1, row.String())
			}
			cells, ok := plainCells(row)
			if !ok {
				return nil, p.errorf("row %d is %.64s; want numbers, texts, true, false, None or lists of these", i+1, row.String())
			}
			out[i] = cells
		}
		return out, nil
	}
	return p.refuse(v)
}

// plainCells returns a list as a patch would hold it.
func plainCells(list table.Value) (cells []any, ok bool) {
	cells = []any{}
	for item := range list.List() {
		cell, ok := plainCell(item)
		if !ok {
			return nil, false
		}
		cells = append(cells, cell)
	}
	return cells, true
}

func plainCell(v table.Value) (cell any, ok bool) {
	switch v.Kind() {
	case table.KindNil:
		return nil, true
	case table.KindBool:
		return v.Bool(), true
	case table.KindInt, table.KindInt64:
		return v.Int(), true
	case table.KindFloat32, table.KindFloat64:
		return v.Number()
	case table.KindString, table.KindSymbol:
		return v.Str(), true
	case table.KindList:
		return plainCells(v)
	}
	return nil, false
}
