package patches

import (
	"encoding/json"
	"fmt"
	"maps"
	"strconv"

	"linecook.dev/linecook/graph"
)

// Schema returns the JSON Schema (draft 2020-12) of a patch file whose operators are those of reg.
// It is for editors: it sees one node at a time, so wires, references between parameters and scripts
// are for [Parse] to check.
func Schema(reg *graph.Registry) ([]byte, error) {
	defs := object{"expression": expressionSchema, "flag": flagSchema, "text": textSchema, "cell": cellSchema, "inside": nodesSchema("^[A-Za-z0-9_-]{1,%d}$")}
	defs["inside"].(object)["propertyNames"].(object)["not"] = object{"pattern": "^in[1-9][0-9]*$"}
	var nodes []any
	for t := range reg.Types() {
		defs["op."+t.Name] = operatorSchema(t)
		nodes = append(nodes, nodeSchema(t))
	}
	defs["node"] = object{"oneOf": nodes}
	return json.MarshalIndent(object{
		"$schema":  "https://json-schema.org/draft/2020-12/schema",
		"title":    "Linecook patch",
		"type":     "object",
		"required": []string{"linecook", "nodes"},
		"properties": object{
			"linecook": object{"const": Version, "description": "version of the patch file"},
			"timeline": timelineSchema,
			"params":   paramsSchema,
			"nodes":    nodesSchema("^/?[A-Za-z0-9_-]{1,%d}$"),
		},
		"additionalProperties": false,
		"$defs":                defs,
	}, "", "  ")
}

// nodesSchema is nodes by their names, which match a pattern.
func nodesSchema(names string) object {
	return object{
		"type": "object", "maxProperties": maxKeys, "description": "the nodes, by their names",
		"propertyNames": object{"pattern": fmt.Sprintf(names, graph.MaxName)}, "additionalProperties": ref("node"),
	}
}

// An object is an object of JSON, printed in order of its keys.
type object map[string]any

var (
	expressionSchema = object{
		"type": "string", "pattern": "^=[^=]", "description": "an expression, as =op('knobs')[0, 'gain'] * 2",
	}
	textSchema = object{"type": []string{"string", "number", "boolean"}}
	flagSchema = object{"anyOf": []any{
		object{"type": "boolean"}, object{"enum": []any{0, 1}},
		object{"type": "string", "pattern": "^([Oo][Nn]|[Oo][Ff][Ff]|[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]|[Yy][Ee][Ss]|[Nn][Oo]|0|1)$"},
	}}
	cellSchema = object{"anyOf": []any{
		object{"type": []string{"string", "number", "boolean", "null"}},
		object{"type": "array", "items": ref("cell")},
	}}
	timelineSchema = object{
		"type": "object", "description": "what starts a frame",
		"properties": object{
			"fps":  object{"type": "number", "minimum": 1, "maximum": 1000, "default": 60, "description": "frames a second"},
			"mode": object{"enum": []Mode{Frame, Arrival}, "default": Frame, "description": "frame: fps times a second; arrival: as soon as something arrives"},
		},
		"additionalProperties": false,
	}
)

// paramsSchema is the declarations of parameters.
var paramsSchema = object{
	"type": "object", "description": "parameters, by their names: their defaults, or what they take",
	"propertyNames": object{"pattern": paramName.String()},
	"additionalProperties": object{"anyOf": []any{
		object{"type": []string{"string", "number", "boolean"}},
		object{
			"type": "object",
			"properties": object{
				"default": ref("text"), "help": ref("text"),
				"type": object{"enum": []string{"bool", "int", "number", "text"}},
				"min":  limitSchema, "max": limitSchema,
				"menu": object{"type": "array", "items": ref("text"), "minItems": 1},
			},
			"additionalProperties": false,
			"anyOf":                []any{object{"required": []string{"default"}}, object{"required": []string{"type"}}, object{"required": []string{"menu"}}},
		},
	}},
}

var limitSchema = object{"anyOf": []any{object{"type": "number"}, object{"type": "string", "pattern": "^[-+]?[0-9.]"}}}

func ref(def string) object { return object{"$ref": "#/$defs/" + def} }

// nodeSchema is a node of that type: the operator's key, and what may stand beside it.
func nodeSchema(t *graph.OpType) object {
	properties := object{
		t.Name:    ref("op." + t.Name),
		"bypass":  ref("flag"),
		"active":  ref("flag"),
		"comment": ref("text"),
	}
	required := []string{t.Name}
	if t.Inputs.Max > 0 {
		properties["in"] = inputsSchema(t.Inputs)
	}
	if _, aims := t.New().(graph.Targeter); t.Inputs.Min > 0 && !aims {
		required = append(required, "in")
	}
	if p := t.Param("callbacks"); p != nil {
		properties["callbacks"] = paramSchema(p)
	}
	return object{"type": "object", "required": required, "properties": properties, "additionalProperties": false}
}

func inputsSchema(a graph.Arity) object {
	list := object{"type": "array", "items": ref("text"), "minItems": a.Min}
	if a.Max != graph.Many {
		list["maxItems"] = a.Max
	}
	if a.Min > 1 {
		return list
	}
	return object{"anyOf": []any{ref("text"), list}, "description": "the node, or the nodes, that this one is wired from"}
}

// operatorSchema is the block of an operator, which can be left empty if no parameter is required.
func operatorSchema(t *graph.OpType) object {
	if t.Name == "base" {
		return baseSchema(t)
	}
	properties, required := object{"active": ref("flag")}, []string{}
	for i := range t.Params {
		p := &t.Params[i]
		if p.Type == graph.ParamPulse {
			continue
		}
		properties[p.Name] = paramSchema(p)
		if p.Required && p.Name != "callbacks" { // that may stand beside the operator
			required = append(required, p.Name)
		}
	}
	s := object{"type": "object", "properties": properties, "additionalProperties": false}
	if len(required) > 0 {
		s["required"] = required
	} else {
		s["type"] = []string{"object", "null"}
	}
	return withHelp(s, t.Help)
}

// baseSchema is the block of a base.
func baseSchema(t *graph.OpType) object {
	return withHelp(object{
		"type": "object",
		"properties": object{
			"active": ref("flag"), "nodes": ref("inside"),
			"include": object{"type": "string", "minLength": 1, "description": "a file in the patch's folder that has the nodes"},
			"params":  object{"type": "object", "additionalProperties": ref("text"), "description": "values for the parameters of that file"},
		},
		"oneOf": []any{
			object{"required": []string{"nodes"}, "properties": object{"params": false}},
			object{"required": []string{"include"}},
		},
		"additionalProperties": false,
	}, t.Help)
}

// paramSchema is the values that a parameter takes. A number may also be given as text, and everything
// but a script by an expression.
func paramSchema(p *graph.Param) object {
	s := object{}
	switch p.Type {
	case graph.ParamBool:
		s = maps.Clone(ref("flag"))
	case graph.ParamMenu:
		s["enum"] = p.Menu
	case graph.ParamStrings:
		s["anyOf"] = []any{ref("text"), object{"type": "array", "items": ref("text")}}
	case graph.ParamRows:
		s["type"], s["items"] = "array", object{"type": "array", "items": ref("cell")}
	case graph.ParamInt:
		s["anyOf"] = []any{numberSchema("integer", p), object{"type": "string", "pattern": "^[-+]?(0[xXbBoO])?[0-9A-Fa-f_]+$"}}
	case graph.ParamFloat:
		s["anyOf"] = []any{numberSchema("number", p), object{"type": "string", "pattern": "^[-+]?([0-9.]|[Ii][Nn][Ff])"}}
	case graph.ParamDuration:
		s["anyOf"] = []any{numberSchema("number", p), object{"type": "string", "pattern": "^[-+]?[0-9.]", "examples": []string{"250ms"}}}
	default:
		s = maps.Clone(ref("text")) // which an expression is too
	}
	switch p.Type {
	case graph.ParamBool, graph.ParamMenu, graph.ParamRows:
		s = object{"anyOf": []any{s, ref("expression")}}
	case graph.ParamInt, graph.ParamFloat, graph.ParamDuration:
		s["anyOf"] = append(s["anyOf"].([]any), ref("expression"))
	}
	if v, ok := defaultOf(p); ok {
		s["default"] = v
	}
	help := p.Help
	if p.Unit != "" {
		help += " (" + p.Unit + ")"
	}
	return withHelp(s, help)
}

func numberSchema(kind string, p *graph.Param) object {
	s := object{"type": kind}
	for key, limit := range map[string]string{"minimum": p.Min, "maximum": p.Max} {
		if v, err := strconv.ParseFloat(limit, 64); err == nil {
			s[key] = v
		}
	}
	return s
}

// defaultOf returns a default as it would stand in JSON.
func defaultOf(p *graph.Param) (any, bool) {
	if p.Default == "" {
		return nil, false
	}
	v, err := p.Parse(p.Default)
	if err != nil {
		return nil, false
	}
	switch v := v.(type) {
	case graph.Toggle:
		return v.On(), true
	case int, float64, []string:
		return v, true
	}
	return p.Default, true
}

func withHelp(s object, help string) object {
	if help != "" {
		s["description"] = help
	}
	return s
}
