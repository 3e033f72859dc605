package ops_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops"
)

// oracleCases has every operator whose table follows from its inputs, by its name. Another case of the
// same operator has a second word.
var oracleCases = map[string]oracleCase{
	"cast": {operators: []graph.Operator{
		&ops.Cast{Types: []string{"n=float", "id=int64"}}, &ops.Cast{Types: []string{"n=string", "key=symbol", "text=bytes"}},
		&ops.Cast{Types: []string{"n = bool"}}, &ops.Cast{Types: []string{"late*=int", "n=float32"}},
	}},
	"changed": {
		memory:    ofHistory,
		operators: []graph.Operator{&ops.Changed{Key: []string{"key"}, Columns: []string{"n", "text"}}, &ops.Changed{Columns: []string{"n"}, Threshold: 1.5}},
		slow: []graph.Operator{
			&ops.Changed{Key: []string{"key", "none"}, Columns: []string{"n", "l*"}, MaxKeys: 2}, &ops.Changed{Key: []string{"id"}},
		},
	},
	"convert": {
		operators: []graph.Operator{
			&ops.Convert{Column: "key", Columns: []string{"name"}},
			&ops.Convert{How: "text", Columns: []string{"n", "key"}, Format: "json"}, &ops.Convert{How: "bytes", Format: "csv", Keep: graph.Off},
			&ops.Convert{Column: "text", Format: "csv", Columns: []string{"key"}, Numbers: graph.Off},
			&ops.Convert{How: "text", Columns: []string{"n", "key"}, Format: "keyvalue", Column: "n"},
		},
		slow: []graph.Operator{
			&ops.Convert{Column: "text", Delimiters: " =", Columns: []string{"a", "b"}},
			&ops.Convert{Column: "text", Format: "keyvalue", Columns: []string{"y"}}, &ops.Convert{Column: "key", Format: "struct", Layout: "2sH"},
			&ops.Convert{Column: "text", Format: "regexp", Pattern: "(?P<a>[a-z]+)(=(?P<n>.))?"},
			&ops.Convert{Column: "text", Format: "json", Columns: []string{"n="}},
			&ops.Convert{How: "bytes", Format: "struct", Columns: []string{"n", "id"}, Layout: "bI"},
		},
	},
	"convert names": {wild: true, operators: []graph.Operator{&ops.Convert{Column: "text"}}, slow: []graph.Operator{
		&ops.Convert{Column: "text", Format: "keyvalue"}, &ops.Convert{Column: "text", Format: "json"},
	}, cell: func(r *rand.Rand, column string) table.Value {
		if column != "text" {
			return oracleCell(r, column)
		}
		return table.StringValue([]string{"n=1 late1=b", "x=1", `{"n": null, "z": [1, {"a": 2}]}`, `{"key": "k", "late0": 0.5}`, "a b c d"}[r.IntN(5)])
	}},
	"delay": {memory: ofTime, logs: true, operators: []graph.Operator{
		&ops.Delay{Delay: 20 * time.Millisecond, Window: ops.Window{MaxLines: 7}}, &ops.Delay{Delay: 50 * time.Millisecond},
	}},
	"eval": {
		operators: []graph.Operator{&ops.Eval{Expr: []string{"loud = n > 1", "m = n"}}, &ops.Eval{Expr: []string{"n = text", "x=late1"}}},
		slow:      []graph.Operator{&ops.Eval{Expr: []string{"n = n + 1", "u = text.upper()"}, Keep: graph.Off}},
	},
	"insert": {
		operators: []graph.Operator{
			&ops.Insert{Name: "site", Value: "hall"}, &ops.Insert{Name: "n", Value: "none"},
			&ops.Insert{Name: "first", Expr: "n", At: "start"}, &ops.Insert{Name: "late1", Expr: "n", At: "index", Index: -1},
		},
		slow: []graph.Operator{&ops.Insert{Name: "sum", Expr: "n + 1"}},
	},
	"insert rows": {memory: ofHistory, operators: []graph.Operator{&ops.Insert{Insert: "row", Rows: [][]any{{-1, "key", 0.5}, {"x"}}}}},
	"limit":       {places: true, operators: []graph.Operator{&ops.Limit{MaxLines: 3}, &ops.Limit{MaxLines: 3, Keep: "first"}}},
	"rename": {operators: []graph.Operator{
		&ops.Rename{RenameFrom: []string{"n", "l*e?"}, RenameTo: []string{"number", "column*"}},
		&ops.Rename{RenameFrom: []string{"n", "*t"}, RenameTo: []string{"key", "late1"}},
	}},
	"reorder": {operators: []graph.Operator{
		&ops.Reorder{Order: []string{"text", "l*", "key"}}, &ops.Reorder{Order: []string{"n", "id"}, Delete: true},
		&ops.Reorder{Method: "specifyindex", Order: []string{"-1", "7", "1"}}, &ops.Reorder{Method: "reverse"},
		&ops.Reorder{Method: "swapnames", Before: []string{"id", "n"}, After: []string{"text", "none"}},
		&ops.Reorder{Method: "swapindices", Before: []string{"0", "9"}, After: []string{"2", "1"}},
	}},
	"substitute": {
		operators: []graph.Operator{&ops.Substitute{Before: "key", After: "k"}, &ops.Substitute{Before: "1", After: "one", Match: "exact"}},
		slow:      []graph.Operator{&ops.Substitute{Before: "a*", After: "x", Columns: []string{"text", "l*"}}},
	},
	"substitute pairs": {
		inputs: 2, slow: []graph.Operator{&ops.Substitute{Before: "x", After: "on", Columns: []string{"^id"}}},
		columns: []string{"before", "after"}, cell: func(r *rand.Rand, _ string) table.Value {
			return []table.Value{{}, table.IntValue(1), table.StringValue("on"), table.StringValue("x?"), table.StringValue("[")}[r.IntN(5)]
		},
	},
	"switch": {inputs: 3, operators: []graph.Operator{&ops.Switch{}, &ops.Switch{Index: 7}, &ops.Switch{Index: 4, Extend: "loop"}}},
	"sample": {
		memory: ofTime, edits: []string{"n", "text"},
		operators: []graph.Operator{
			&ops.Sample{Every: 3}, &ops.Sample{Every: 2, Key: []string{"key"}}, &ops.Sample{Rate: 20, Key: []string{"key"}}, &ops.Sample{Rate: 30},
		},
		slow: []graph.Operator{&ops.Sample{Rate: 100, Every: 2, Key: []string{"key"}, MaxKeys: 2}},
	},
	"aggregate":         aggregateOracle,
	"aggregate history": aggregateHistoryOracle,
	"aggregate time":    aggregateTimeOracle,
	"distinct":          distinctOracle,
	"feedback":          {operators: []graph.Operator{&ops.Feedback{}}},
	"fifo":              fifoOracle,
	"join":              joinOracle,
	"latest":            latestOracle,
	"lookup":            lookupOracle,
	"script":            scriptRowOracle,
	"script dict":       scriptDictOracle,
	"script table":      scriptTableOracle,
	"merge":             mergeOracle,
	"merge time":        mergeTimeOracle,
	"merge rows":        mergeRowsOracle,
	"merge places":      mergePlacesOracle,
	"sort":              sortOracle,
	"transpose":         transposeOracle,
	"select places": {places: true, operators: []graph.Operator{
		&ops.Select{Columns: []string{"^n"}, Where: "n > 0", RowIndexStart: -3},
		&ops.Select{RowIndexStart: 2, RowIndexEnd: -2}, &ops.Select{RowIndexEnd: 3},
	}},
	"select": {
		operators: []graph.Operator{
			&ops.Select{}, &ops.Select{Where: "n > 0"}, &ops.Select{Columns: []string{"n", "id"}},
			&ops.Select{ColIndexStart: 1, ColIndexEnd: -2, RowNames: "*1 ^7", FromCol: "key"},
			&ops.Select{ColExpr: "name != 'n' and index < 5", RowNames: "[0-9]"},
		},
		slow: []graph.Operator{&ops.Select{Where: "n + 1 > 1"}},
	},
}

// noOracle says why an operator is not in oracleCases.
var noOracle = map[string]string{
	"base":    "it only holds other nodes",
	"clock":   "it has no inputs",
	"errors":  "it has no inputs",
	"execute": "its table is empty",
	"fileout": "its table is empty",
	"info":    "it has no inputs",
	"null":    "its table is that of its input",
	"oscin":   "it has no inputs",
	"oscout":  "its table is of replies",
	"peers":   "it has no inputs",
	"reply":   "its table is empty",
	"table":   "it has no inputs",
	"tcpip":   "it has no inputs",
	"udpin":   "it has no inputs",
	"udtin":   "it has no inputs",
	"udtout":  "its table is of what comes back",
	"udpout":  "its table is of replies",
}

func operatorTypes() *graph.Registry {
	r := new(graph.Registry)
	ops.Register(r)
	return r
}

func TestEveryOperatorHasAnOracle(t *testing.T) {
	for typ := range operatorTypes().Types() {
		_, tried := oracleCases[typ.Name]
		why, excused := noOracle[typ.Name]
		switch {
		case tried == excused:
			t.Errorf("operator %s must be either in oracleCases or, with a reason, in noOracle", typ.Name)
		case excused && typ.Inputs.Max > 0 && typ.Class != graph.ClassEffect && typ.Class != graph.ClassOpaque && typ.Name != "null":
			t.Errorf("operator %s is %s, but not in oracleCases: %s", typ.Name, typ.Class, why)
		}
	}
}

// Whatever happens to its inputs, an operator that cooks what changed has the table of one that cooks
// everything at once, bit for bit.
func TestDeltaIsFull(t *testing.T) {
	for name, c := range oracleCases {
		for i, op := range append(c.operators, c.slow...) {
			t.Run(fmt.Sprintf("%s/%d", name, i), func(t *testing.T) { checkOracle(t, c, op) })
		}
	}
}
