package ops_test

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops"
)

// orderOf returns the rows of a table: by number, or by their cells if their order says nothing.
func orderOf(tab *table.Table, unordered bool) (rows []uint64) {
	texts := map[uint64]string{}
	for row := range tab.Rows(tab.Window()) {
		rows = append(rows, row.Number())
		texts[row.Number()] = named(row, nil) + " of kinds" + kindsOf(row)
	}
	if unordered {
		slices.SortStableFunc(rows, func(a, b uint64) int { return cmp.Compare(texts[a], texts[b]) })
	}
	return rows
}

// kindsOf tells cells with the same text apart, whatever the order of the columns.
func kindsOf(row table.Row) string {
	var kinds []string
	for name, cell := range row.Cells() {
		if !cell.IsNil() {
			kinds = append(kinds, " "+name+"="+cell.Kind().String())
		}
	}
	slices.Sort(kinds)
	return strings.Join(kinds, "")
}

// foldCell draws numbers of all kinds, of which some cannot be added without rounding.
func foldCell(r *rand.Rand, column string) table.Value {
	numbers := []table.Value{
		table.Float64Value(0.1), table.Float64Value(1e17), table.Float64Value(-1e17), table.Float32Value(0.1),
		table.Float64Value(3), table.Int64Value(3), table.IntValue(1<<53 + 1), {},
	}
	if column == "n" && r.IntN(2) == 0 {
		return numbers[r.IntN(len(numbers))]
	}
	return oracleCell(r, column)
}

var (
	allMeasures  = []string{"count", "count(n)", "sum(n)", "mean(n)", "stddev(n)", "first(text)", "last(text)", "min(n)", "max(n)"}
	manyMeasures = append([]string{"median(n)", "p90(n)"}, allMeasures...)
	byKey        = []string{"key"}
)

var aggregateOracle = oracleCase{
	cell: foldCell, unordered: true,
	operators: []graph.Operator{
		&ops.Aggregate{By: byKey, Compute: []string{"count", "mean(n)"}},
		&ops.Aggregate{By: byKey, Compute: []string{"min(n)", "median(n)", "stddev(n)", "first(text)", "last(text)"}},
	},
	slow: []graph.Operator{
		&ops.Aggregate{By: byKey, Compute: manyMeasures}, &ops.Aggregate{Compute: manyMeasures},
		&ops.Aggregate{By: []string{"key", "text"}, Compute: []string{"sum(id)", "max(late1)"}},
	},
}

var aggregateHistoryOracle = oracleCase{
	cell: foldCell, unordered: true, memory: ofHistory, logs: true,
	operators: []graph.Operator{
		&ops.Aggregate{By: byKey, Compute: []string{"count", "mean(n)", "max(n)", "last(text)"}, Over: "all"},
		&ops.Aggregate{By: byKey, Compute: []string{"count", "mean(n)", "max(n)"}, Over: "rows", Rows: 3},
	},
	slow: []graph.Operator{
		&ops.Aggregate{By: byKey, Compute: allMeasures, Over: "all"},
		&ops.Aggregate{By: byKey, Compute: manyMeasures, Over: "rows", Rows: 3},
	},
}

var aggregateTimeOracle = oracleCase{
	cell: foldCell, unordered: true, memory: ofTime, logs: true,
	operators: []graph.Operator{
		&ops.Aggregate{By: byKey, Compute: []string{"rate", "mean(n)"}, Over: "time", Window: 3 * time.Second / oracleFPS},
		&ops.Aggregate{By: byKey, Compute: []string{"rate", "mean(n)"}, Over: "tumble", Window: 2 * time.Second / oracleFPS},
	},
	slow: []graph.Operator{
		&ops.Aggregate{By: byKey, Compute: append([]string{"rate"}, manyMeasures...), Over: "time", Window: 3 * time.Second / oracleFPS},
		&ops.Aggregate{By: byKey, Compute: append([]string{"rate"}, manyMeasures...), Over: "tumble", Window: 4 * time.Second / oracleFPS},
	},
}

var latestOracle = oracleCase{
	memory:    ofHistory,
	operators: []graph.Operator{&ops.Latest{By: byKey}, &ops.Latest{By: []string{"n", "text"}}},
}

var fifoOracle = oracleCase{
	memory:    ofHistory,
	operators: []graph.Operator{&ops.Fifo{Window: ops.Window{MaxLines: 7}}},
}

var distinctOracle = oracleCase{
	unordered: true,
	operators: []graph.Operator{&ops.Distinct{By: byKey}, &ops.Distinct{By: []string{"n", "text"}}},
	slow:      []graph.Operator{&ops.Distinct{}},
}

var lookupOracle = oracleCase{
	inputs:    2,
	operators: []graph.Operator{&ops.Lookup{Matching: ops.Matching{By: byKey}}},
	slow: []graph.Operator{
		&ops.Lookup{Matching: ops.Matching{By: []string{"n"}, On: []string{"n"}, Columns: []string{"t*"}}, Absent: "drop"},
		&ops.Lookup{Matching: ops.Matching{By: byKey, Columns: []string{"^late*"}}, Default: "0.5"},
	},
}

var joinOracle = oracleCase{
	inputs: 2, unordered: true, cell: fewCells,
	operators: []graph.Operator{
		&ops.Join{How: "left", Matching: ops.Matching{By: []string{"id"}}},
		&ops.Join{How: "asof", Matching: ops.Matching{By: byKey}, Time: "id"},
	},
	slow: []graph.Operator{
		&ops.Join{Matching: ops.Matching{By: byKey}},
		&ops.Join{How: "left", Matching: ops.Matching{By: []string{"key", "n"}}},
		&ops.Join{How: "asof", Matching: ops.Matching{By: byKey}, Time: "n"},
		&ops.Join{How: "asof", Matching: ops.Matching{By: byKey}, Time: "n", Tolerance: time.Second},
	},
}

// fewCells draws so many keys that pairs are few.
func fewCells(r *rand.Rand, column string) table.Value {
	if column == "key" && r.IntN(10) > 0 {
		return table.IntValue(r.Int64N(40))
	}
	return oracleCell(r, column)
}

var mergeOracle = oracleCase{
	inputs: 3, unordered: true,
	operators: []graph.Operator{&ops.Merge{}},
	slow:      []graph.Operator{&ops.Merge{Source: "node"}},
}

var mergeTimeOracle = oracleCase{inputs: 3, memory: ofTime, slow: []graph.Operator{&ops.Merge{}}}

var mergeRowsOracle = oracleCase{
	inputs: 3, slow: []graph.Operator{&ops.Merge{How: "row"}, &ops.Merge{How: "row", Source: "node"}},
}

var mergePlacesOracle = oracleCase{
	inputs: 2, final: true, slow: []graph.Operator{&ops.Merge{How: "row", ByName: graph.Off}},
}

var sortOracle = oracleCase{
	operators: []graph.Operator{&ops.Sort{Name: []string{"id"}}},
	slow: []graph.Operator{
		&ops.Sort{Name: []string{"key", "n desc"}}, &ops.Sort{Name: []string{"late1", "text"}, Order: "alphanum", Reverse: true},
		&ops.Sort{Name: []string{"text desc", "n"}, Order: "alpha", IgnoreCase: true}, &ops.Sort{Name: []string{"text"}, Order: "nums"},
	},
}

var transposeOracle = oracleCase{wild: true, front: true, slow: []graph.Operator{&ops.Transpose{}, &ops.Transpose{Name: "key"}}}
