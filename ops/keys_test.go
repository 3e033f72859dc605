package ops_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops"
)

// A host is a peer in a cell.
type host struct{ name string }

func (h *host) String() string { return h.name }

// keyCells are cells of all kinds, of which some are the same key.
func keyCells() []table.Value {
	cells := []table.Value{
		{}, table.BoolValue(false), table.BoolValue(true), table.IntValue(0), table.IntValue(1), table.Int64Value(1),
		table.IntValue(1<<53 + 1), table.IntValue(math.MaxInt64), table.IntValue(-3),
		table.Float32Value(1), table.Float32Value(0.1), table.Float32Value(float32(math.NaN())), table.Float32Value(float32(math.Inf(-1))),
		table.Float64Value(0), table.Float64Value(math.Copysign(0, -1)), table.Float64Value(1), table.Float64Value(0.1),
		table.Float64Value(1 << 53), table.Float64Value(1 << 63), table.Float64Value(math.NaN()), table.Float64Value(math.Inf(1)),
		table.TimeTagValue(1), table.CharValue(1), table.ColourValue(1), table.MIDIValue(1), table.InfinitumValue(),
		table.StringValue(""), table.StringValue("a"), table.StringValue("1"), table.SymbolValue("a"), table.BytesValue([]byte("a")),
		table.PeerValue(&host{"10.0.0.1:9"}), table.PeerValue(&host{"10.0.0.2:9"}),
	}
	for _, items := range [][]table.Value{nil, {table.IntValue(1)}, {table.Float64Value(1)}, {table.StringValue("a"), {}}, {table.SymbolValue("a"), {}}} {
		list, err := table.ListValue(items...)
		if err != nil {
			panic(err)
		}
		cells = append(cells, list)
	}
	return cells
}

// through returns what an operator makes of cells, a row each.
func through(t testing.TB, op graph.Operator, cells ...table.Value) (out []table.Value) {
	n := newTimeline(t, op, []string{"c"})
	var rows [][]table.Value
	for _, v := range cells {
		rows = append(rows, []table.Value{v})
	}
	n.inputs[0].Operator().(*feed).do(func(w *table.Writer) { putRows(w, []string{"c"}, rows) })
	n.cook(0)
	tab := n.node.Table()
	for row := range tab.Rows(tab.Window()) {
		out = append(out, row.Cell(0).Clone())
	}
	return out
}

func sameKey(t testing.TB, v, w table.Value) bool {
	return len(through(t, &ops.Distinct{By: []string{"c"}}, v, w)) == 1
}

func TestSameKeys(t *testing.T) {
	tests := []struct {
		v, w table.Value
		want bool
	}{
		{table.IntValue(1), table.Float64Value(1), true},
		{table.IntValue(1), table.Float32Value(1), true},
		{table.IntValue(1), table.Int64Value(1), true},
		{table.Float64Value(0), table.Float64Value(math.Copysign(0, -1)), true},
		{table.Float64Value(math.NaN()), table.Float32Value(float32(math.NaN())), true},
		{table.StringValue("a"), table.SymbolValue("a"), true},
		{table.IntValue(1<<53 + 1), table.Float64Value(1 << 53), false},
		{table.Float32Value(0.1), table.Float64Value(0.1), false},
		{table.BoolValue(true), table.IntValue(1), false},
		{table.StringValue("1"), table.IntValue(1), false},
		{table.StringValue("a"), table.BytesValue([]byte("a")), false},
		{table.CharValue(1), table.ColourValue(1), false},
		{table.Value{}, table.StringValue(""), false},
		{table.PeerValue(&host{"10.0.0.1:9"}), table.PeerValue(&host{"10.0.0.1:9"}), false},
	}
	for _, tt := range tests {
		if got := sameKey(t, tt.v, tt.w); got != tt.want {
			t.Errorf("%s %q and %s %q: the same key is %t, want %t", tt.v.Kind(), tt.v, tt.w.Kind(), tt.w, got, tt.want)
		}
	}
}

// To be the same key is mutual; the order of keys is total; what is equal in it is the same key, and is
// found by its hash: as many different keys are found in a heap of cells as there are in their order.
func TestKeyLaws(t *testing.T) {
	all := keyCells()
	rapid.Check(t, func(r *rapid.T) {
		cells := rapid.SliceOfN(rapid.SampledFrom(all), 1, 12).Draw(r, "cells")
		one := through(t, &ops.Sort{Name: []string{"c"}}, cells...)
		other := through(t, &ops.Sort{Name: []string{"c"}}, rapid.Permutation(cells).Draw(r, "permutation")...)
		different := 0
		for i := range one {
			if !sameKey(t, one[i], other[i]) {
				r.Fatalf("sorted %q, and in another order %q: they differ at %d", one, other, i)
			}
			switch same := i > 0 && sameKey(t, one[i-1], one[i]); {
			case i > 0 && same != sameKey(t, one[i], one[i-1]):
				r.Fatalf("%s %q and %s %q are the same key only one way round", one[i-1].Kind(), one[i-1], one[i].Kind(), one[i])
			case !same:
				different++
			}
		}
		if got := through(t, &ops.Distinct{By: []string{"c"}}, cells...); len(got) != different {
			r.Fatalf("%q are different, %d of %q", got, different, one)
		}
		if got := through(t, &ops.Latest{By: []string{"c"}}, cells...); len(got) != different {
			r.Fatalf("%q are the latest, of %d in %q", got, different, one)
		}
	})
}
