package ops_test

import (
	"testing"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/ops"
)

func TestEval(t *testing.T) {
	expectBehind(t, &ops.Eval{Expr: []string{"sum = x1 + y1", "z=x1 == 1"}}, xyz(), "x1 y1 z sum ", "", "1|2|true|3")
	expectBehind(t, &ops.Eval{Expr: []string{"sum = x1 + y1"}, Keep: graph.Off}, xyz(), "sum ", "", "3")
	expectBehind(t, &ops.Eval{Expr: []string{"a = x1 // (y1 - 2)"}}, xyz(), "x1 y1 z a ",
		"row 0: column a: expr: 1:4: floored division by zero")
}

func TestEvalErrors(t *testing.T) {
	expect(t, "mistakes", mistakes(&ops.Eval{Expr: []string{"arg1 > 0.5", "x == 1", "é = a +", "b=1", "b = 2"}}),
		`add /n: expr: "arg1 > 0.5" does not say which column it is for; write a name and = before it, as: loud = arg1 > 0.5`,
		`add /n: expr: "x == 1" does not say which column it is for; write a name and = before it, as: loud = arg1 > 0.5`,
		"add /n: expr:1:8: got end of file, want primary expression; the text ends where a value must follow",
		"add /n: expr: column b is given twice",
		"wire /n: eval has 0 inputs; it takes 1")
}
