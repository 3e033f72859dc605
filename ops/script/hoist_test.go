package script_test

import (
	"fmt"
	"testing"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/graphtest"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops/script"
)

// What is the same for all rows is computed once, and comes to what the interpreter makes of it.
func TestHoistedPartsEqualInterpreter(t *testing.T) {
	knob := &graphtest.Source{}
	knob.Ints(1, 7)
	r := newRig(t, "op('other0')", knob).start()
	w, tab := table.NewWriter(), table.New(table.Limits{})
	w.AddCols("n", "s")
	for i := range 20 {
		w.Row()
		w.SetInt(0, int64(i))
		w.SetString(1, fmt.Sprint("x", i%8))
	}
	tab.Commit(w)
	for _, text := range []string{
		"n > op('other0')[-1, 'value']",
		"n * op('other0')[0, 0] + param.count >= op('other0').numRows and s != None",
		"s == 'x%d' % op('other0')[1, 0]",
		"n > op('other0')[5, 'value'] or n < op('other0')[0, 'value']",
		"not n == op('other0')[-1, 0] + frame",
		"n in op('other0').col('value')",
		"n > 3 and op('other0')[n, 0] == None",
		"n > 10 or op('other0')[0, 0] / 0 > 1",
		"near(n, op('other0')[1, 0], tol=1.5)",
		"[n for n in op('other0').col(0)][0] == n",
		"op('other0')",
	} {
		direct, slow := compileWith(t, text), compileWith(t, interpreted(text))
		err := r.within(func(c *graph.Cook) error {
			var differs error
			for b := range tab.Blocks(tab.Window()) {
				eachValue(direct, c, &tab.View, b, func(i int, v table.Value, err error) {
					if u, uerr := slow.Eval(c, tab.RowOf(b, i)); !sameOutcome(v, u, err, uerr) {
						differs = fmt.Errorf("%q of row %d is %q, %w; the interpreter says %q, %w", text, i, v, err, u, uerr)
					}
				})
			}
			return differs
		})
		if err != nil {
			t.Error(err)
		}
	}
}

func compileWith(t *testing.T, text string) *script.Expr {
	t.Helper()
	e, err := script.CompileExpr("where", graph.Script{Text: text, Values: showValues})
	if err != nil {
		t.Fatalf("CompileExpr(%q) = %v", text, err)
	}
	return e
}
