package monitor

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
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

// valueText returns the value of a parameter as it would be written in a patch.
func valueText(p *graph.Param, op graph.Operator) string {
	return cutText(textOf(p.Get(op)), maxParamText)
}

// defaultText returns the default of a parameter, written in the same way.
func defaultText(p *graph.Param) string {
	if p.Default == "" {
		return zeroText[p.Type]
	}
	v, err := p.Parse(p.Default)
	if err != nil {
		return p.Default
	}
	return textOf(v)
}

// zeroText is what a parameter without a value says.
var zeroText = map[graph.ParamType]string{
	graph.ParamBool: "off", graph.ParamInt: "0", graph.ParamFloat: "0", graph.ParamDuration: "0",
}

func textOf(v any) string {
	switch v := v.(type) {
	case graph.Toggle:
		if v == graph.Default {
			return "off"
		}
		return v.String()
	case bool:
		if v {
			return "on"
		}
		return "off"
	case int:
		return strconv.Itoa(v)
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	case time.Duration:
		return strconv.FormatFloat(v.Seconds(), 'g', -1, 64)
	case string:
		return v
	case []string:
		return strings.Join(v, " ")
	case graph.Script:
		return v.Text
	case [][]any:
		return rowsText(v)
	}
	return ""
}

func rowsText(rows [][]any) string {
	if len(rows) == 0 {
		return ""
	}
	const shown = 100 // rows
	b, err := json.Marshal(rows[:min(len(rows), shown)])
	if err != nil {
		return ""
	}
	if len(rows) > shown {
		return string(b) + "…"
	}
	return string(b)
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
