package monitor

import (
	"fmt"
	"unicode/utf8"

	"linecook.dev/linecook/graph"
)

// maxParamText is how much of a parameter is shown, in bytes: of a script, say.
const maxParamText = 16 << 10

// paramTypes are the names of the types of parameters for programs.
var paramTypes = map[graph.ParamType]string{
	graph.ParamBool: "bool", graph.ParamInt: "int", graph.ParamFloat: "float", graph.ParamString: "string", graph.ParamMenu: "menu",
	graph.ParamStrings: "strings", graph.ParamDuration: "duration", graph.ParamPulse: "pulse", graph.ParamScript: "script", graph.ParamRows: "rows",
}

// valueText returns the value of a parameter, as it would be written in a patch.
func valueText(p *graph.Param, op graph.Operator) string {
	return cutText(p.Text(p.Get(op)), maxParamText)
}

// expressionText returns what computes a parameter: as it is written if that is known, else where.
func expressionText(x graph.Expression) string {
	if s, ok := x.(fmt.Stringer); ok {
		return "=" + s.String()
	}
	return x.Place()
}

// cutText returns s, or as much of it as there is room for and an ellipsis.
func cutText(s string, room int) string {
	if len(s) <= room {
		return s
	}
	for room > 0 && !utf8.RuneStart(s[room]) {
		room--
	}
	return s[:room] + "…"
}
