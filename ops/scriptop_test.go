package ops_test

import (
	"errors"
	"strings"
	"testing"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops"
	starlark "linecook.dev/linecook/ops/script"
	"linecook.dev/linecook/peer"
)

func rowScript(body string) graph.Script {
	return graph.Script{Text: "def row(r):\n    " + body + "\n"}
}

var scriptRowOracle = oracleCase{slow: []graph.Operator{
	&ops.Script{Callbacks: rowScript("return [r['n'], r['id']]"), Columns: []string{"n", "m"}},
	&ops.Script{Callbacks: rowScript("return [r['n']] if 'late0' in r else [[0, 1], [2]]"), Columns: []string{"n", "m"}},
}}

// scriptDictOracle has its columns from dicts, as the rows come that have them.
var scriptDictOracle = oracleCase{wild: true, final: true, slow: []graph.Operator{
	&ops.Script{Callbacks: rowScript("return r")},
	&ops.Script{Callbacks: rowScript("return {'n': r['n'] + 1, 'id': r['id']}")},
	&ops.Script{Callbacks: rowScript("return [r] * (hash(str(r['n'])) % 3)")},
}}

var scriptTableOracle = oracleCase{wild: true, slow: []graph.Operator{
	&ops.Script{Callbacks: graph.Script{Text: "def onCook(scriptOp):\n    scriptOp.copy(scriptOp.inputs[0])\n"}},
	&ops.Script{Callbacks: graph.Script{Text: `def onCook(scriptOp):
    scriptOp.clear()
    for row in reversed(scriptOp.inputs[0].rows()):
        scriptOp.appendRow(row[:2])
    scriptOp.appendRow({'sum': scriptOp.inputs[0].numRows})
`}},
}}

// scripted cooks a script behind one input with columns key and n, and says what its table has then.
type scripted struct {
	t     *testing.T
	node  *graph.Node
	from  []*graph.Node
	frame int64
}

func newScripted(t *testing.T, op graph.Operator, inputs ...graph.Operator) *scripted {
	t.Helper()
	_, node, from := graphOf(t, op, inputs)
	return &scripted{t: t, node: node, from: from}
}

// cook makes a frame in which the first input gets rows, each a key and a number.
func (s *scripted) cook(rows ...[]table.Value) error {
	s.t.Helper()
	s.frame++
	for i, n := range s.from {
		if i == 0 {
			n.Operator().(*feed).do(func(w *table.Writer) { putRows(w, []string{"key", "n"}, rows) })
		}
		if _, _, err := n.Run(s.frame, oracleTime(s.frame)); err != nil {
			s.t.Fatal(err)
		}
	}
	_, _, err := s.node.Run(s.frame, oracleTime(s.frame))
	return err
}

func (s *scripted) has(want ...string) {
	s.t.Helper()
	if got := content(s.node.Table()); strings.Join(got, "\n") != strings.Join(want, "\n") {
		s.t.Errorf("frame %d: the table has\n%s\nwant\n%s", s.frame, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func keyRow(key string, n int64) []table.Value {
	return []table.Value{table.StringValue(key), table.IntValue(n)}
}

func tableScript(lines ...string) graph.Script {
	return graph.Script{File: "show.yaml", Line: 10, Text: "seen = []\ndef onCook(scriptOp):\n    " + strings.Join(lines, "\n    ") + "\n"}
}

func TestScriptWritesAWholeTable(t *testing.T) {
	names := &ops.Table{Columns: []string{"key", "name"}, Rows: [][]any{{"a", "Anna"}}}
	s := newScripted(t, &ops.Script{Callbacks: tableScript(
		"seen.append(1)",
		"names = dict([(r[0], r[1]) for r in scriptOp.inputs[1].rows()])",
		"scriptOp.clear()",
		"for r in scriptOp.inputs[0].rows():",
		"    scriptOp.appendRow({'name': names.get(r[0]), 'n': r[1]})",
		"scriptOp.insertRow(['cooks', len(seen)])",
		"scriptOp[0, 'path'] = scriptOp.path",
	)}, &feed{}, names)
	s.cook(keyRow("a", 1), keyRow("b", 2))
	s.has("col1=cooks col2=1 path=/op", "n=1 name=Anna", "n=2")
	s.cook() // nothing changed
	s.cook(keyRow("a", 3))
	s.has("col1=cooks col2=2 path=/op", "n=1 name=Anna", "n=2", "n=3 name=Anna")
}

// What the table held is there the next time, and a row that stays is not news to whoever reads it.
func TestScriptGoesOnWithItsTable(t *testing.T) {
	s := newScripted(t, &ops.Script{Callbacks: tableScript(
		"last = scriptOp.inputs[0].row(-1)",
		"if last[0] == 'del':",
		"    scriptOp.deleteRow(last[1])",
		"elif last[0] == 'put':",
		"    scriptOp.replaceRow(-1, last)",
		"else:",
		"    scriptOp.appendRow(last)",
	), Columns: []string{"key", "n"}}, &feed{})
	reader := s.node.Table().Reader()
	fresh := func(want int) {
		t.Helper()
		d := reader.Delta()
		if got := d.Fresh.Len(); got != want {
			t.Errorf("frame %d: %d rows are news, want %d", s.frame, got, want)
		}
		reader.Advance()
	}
	s.cook(keyRow("a", 1))
	s.cook(keyRow("b", 2))
	s.has("key=a n=1", "key=b n=2")
	fresh(2)
	s.cook(keyRow("c", 3))
	fresh(1)
	s.cook(keyRow("put", 4))
	s.has("key=a n=1", "key=b n=2", "key=put n=4")
	fresh(1)
	s.cook(keyRow("del", 0))
	s.has("key=b n=2", "key=put n=4")
}

// A cell that is not written again is gone, although the rest of its row is as it was.
func TestScriptLeavesOutACell(t *testing.T) {
	s := newScripted(t, &ops.Script{Callbacks: tableScript(
		"scriptOp.clear()",
		"scriptOp.appendRow({'a': 1} if scriptOp.inputs[0].numRows > 1 else {'a': 1, 'b': 2})",
	)}, &feed{})
	s.cook(keyRow("x", 1))
	s.has("a=1 b=2")
	s.cook(keyRow("x", 1))
	s.has("a=1")
}

func TestScriptKeepsItsTableWhenItFails(t *testing.T) {
	s := newScripted(t, &ops.Script{Callbacks: tableScript(
		"scriptOp.clear()",
		"for r in scriptOp.inputs[0].rows():",
		"    scriptOp.appendRow([100 // r[1]])",
	)}, &feed{})
	s.cook(keyRow("a", 5))
	err := s.cook(keyRow("b", 0))
	if want := "show.yaml:14:33: floored division by zero"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("a cook that divides by zero: %v, want %q", err, want)
	}
	s.has("col1=20")
}

func TestScriptThatNeverEnds(t *testing.T) {
	s := newScripted(t, &ops.Script{Callbacks: tableScript("while True:", "    scriptOp.appendRow([1])")}, &feed{})
	if err := s.cook(keyRow("a", 5)); !errors.Is(err, starlark.ErrSteps) {
		t.Errorf("a cook without an end: %v, want %v", err, starlark.ErrSteps)
	}
	s.has()
}

func TestScriptRowByRow(t *testing.T) {
	s := newScripted(t, &ops.Script{Callbacks: graph.Script{File: "show.yaml", Line: 3, Text: `calls = {}
def row(r):
    calls[r['key']] = calls.get(r['key'], 0) + 1
    if r['n'] > 5:
        return None
    if r['n'] == 3:
        return [{'key': 'x'}, {'key': 'y'}]
    r['calls'] = calls[r['key']]
    return r
`}}, &feed{})
	s.cook(keyRow("a", 1), keyRow("a", 9), keyRow("b", 3))
	s.has("calls=1 key=a n=1", "key=x", "key=y")
	s.cook(keyRow("a", 2)) // only this row is given to the script
	s.has("calls=1 key=a n=1", "key=x", "key=y", "calls=3 key=a n=2")
	err := s.cook([]table.Value{table.StringValue("a"), table.StringValue("loud")}, keyRow("a", 4))
	s.has("calls=1 key=a n=1", "key=x", "key=y", "calls=3 key=a n=2", "calls=5 key=a n=4")
	shown := s.node.Err()
	if want := "row 4: callbacks row: show.yaml:6:"; err != nil || shown == nil || !strings.Contains(shown.Error(), want) {
		t.Errorf("a row that fails: cook %v, on the node %v; want %q on the node", err, shown, want)
	}
}

func TestScriptReturnsWhatNoRowIs(t *testing.T) {
	for body, want := range map[string]string{
		"return 5":                          "a row is a dict of cells by column, or a list of cells, not a int",
		"return {'f': row}":                 "column f: a cell cannot hold a function",
		"return {5: 1}":                     "the name of a column is a string, not a int",
		"r['p'].send('x')":                  "can only look at a peer",
		"return [{'n': 1}, {'n': 1 << 70}]": "does not fit in 64 bits",
	} {
		s := newScripted(t, &ops.Script{Callbacks: rowScript(body)}, &feed{})
		p := peer.NewOffline(peer.OfflineConfig{Owner: s.from[0], Protocol: "udp"})
		s.from[0].Operator().(*feed).do(func(w *table.Writer) {
			putRows(w, []string{"p"}, [][]table.Value{{table.PeerValue(p)}})
		})
		s.cook()
		if err := s.node.Err(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", body, err, want)
		}
	}
}

func TestScriptInGo(t *testing.T) {
	byRow := newScripted(t, &ops.Script{OnRow: func(_ *graph.Cook, row table.Row, out *starlark.Sheet) error {
		if row.Get("n").Int() < 0 {
			return errors.New("too small")
		}
		out.Row()
		return out.Set("half", table.IntValue(row.Get("n").Int()/2))
	}}, &feed{})
	byRow.cook(keyRow("a", 8), keyRow("a", -1), keyRow("a", 4))
	byRow.has("half=4", "half=2")
	if err := byRow.node.Err(); err == nil || !strings.Contains(err.Error(), "row 1: too small") {
		t.Errorf("a row that fails: %v, want row 1: too small", err)
	}
	whole := newScripted(t, &ops.Script{OnCook: func(c *graph.Cook, out *starlark.Sheet) error {
		out.Clear()
		out.Row()
		return out.Set("rows", table.IntValue(int64(c.In(0).NumRows())))
	}}, &feed{})
	whole.cook(keyRow("a", 1), keyRow("b", 2))
	whole.has("rows=2")
}

func TestScriptMistakes(t *testing.T) {
	for text, want := range map[string]string{
		"":      "neither onCook",
		"x = 1": "neither onCook",
		"def row(r): return r\ndef onCook(s): pass": "both onCook and row",
		"def row(r: return r":                       "got ':'",
	} {
		err := (&ops.Script{Callbacks: graph.Script{Text: text}}).Check()
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
	s := newScripted(t, &ops.Script{Callbacks: rowScript("return r")}, &feed{}, &feed{})
	if err := s.cook(); err == nil || !strings.Contains(err.Error(), "one input") {
		t.Errorf("row(r) with two inputs: %v, want that it takes one", err)
	}
}

// A script of rows is given what is new, whatever is in the table.
func TestScriptCooksTheDelta(t *testing.T) {
	calls := 0
	s := newScripted(t, &ops.Script{OnRow: func(_ *graph.Cook, _ table.Row, out *starlark.Sheet) error {
		calls++
		out.Row()
		return nil
	}}, &feed{})
	for i := range int64(100) {
		s.cook(keyRow("a", i), keyRow("b", i))
	}
	if calls != 200 {
		t.Errorf("200 rows in 100 frames were given to it %d times, want each once", calls)
	}
}
