package script

import (
	"fmt"
	"maps"

	"go.starlark.net/lib/json"
	"go.starlark.net/starlark"
	"go.starlark.net/starlarkstruct"
)

// maxJSONDepth is how deep the JSON text that a script reads may nest: Starlark's decoder recurses.
const maxJSONDepth = 200

// jsonModule is Starlark's, with a limit on depth.
var jsonModule = func() *starlarkstruct.Module {
	m := &starlarkstruct.Module{Name: "json", Members: maps.Clone(json.Module.Members)}
	decode := json.Module.Members["decode"].(*starlark.Builtin)
	m.Members["decode"] = builtin("json.decode", func(c call) (starlark.Value, error) {
		for _, a := range append(c.kwargs, c.args) { // the text may be given as x=
			for _, v := range a {
				if s, ok := v.(starlark.String); ok && jsonDepth(string(s)) > maxJSONDepth {
					return nil, fmt.Errorf("json.decode: nests deeper than %d", maxJSONDepth)
				}
			}
		}
		return decode.CallInternal(c.thread, c.args, c.kwargs)
	})
	return m
}()

// jsonDepth returns how many brackets are open at once in JSON text.
func jsonDepth(s string) int {
	depth, deepest := 0, 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '"':
			for i++; i < len(s) && s[i] != '"'; i++ {
				if s[i] == '\\' {
					i++
				}
			}
		case '[', '{':
			depth++
			deepest = max(deepest, depth)
		case ']', '}':
			depth--
		}
	}
	return deepest
}
