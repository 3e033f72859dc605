package patches

import (
	"errors"
	"fmt"
	"iter"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"linecook.dev/linecook/graph"
)

// A Param is a parameter that a patch file declares.
type Param struct {
	graph.Param
	// Value is the one that it has in this patch: nil, a bool, int64, float64 or string.
	Value any

	key *yaml.Node // its name, where it is declared
}

// paramTypes are the types of declared parameters, by the words for them.
var paramTypes = map[string]graph.ParamType{
	"int": graph.ParamInt, "number": graph.ParamFloat, "text": graph.ParamString, "bool": graph.ParamBool,
}

var paramName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,63}$`)

// params reads the declarations of a file. Each parameter has its default.
func (r *reader) params(top *yaml.Node) (declared []*Param) {
	v := value(top, "params")
	if v == nil {
		return nil
	}
	if v = r.mapping(v, "params", "names to defaults, as {gain: 1}"); v == nil {
		return nil
	}
	for key, v := range r.pairs(v) {
		p := &Param{Param: graph.Param{Name: key.Value}, key: key}
		if !paramName.MatchString(key.Value) {
			r.fail(key, "%.64q cannot be the name of a parameter; want letters, digits and '_', no digit first", key.Value)
			continue
		}
		r.declare(p, v)
		declared = append(declared, p)
	}
	return declared
}

// declare reads one declaration: a default, or a mapping.
func (r *reader) declare(p *Param, v *yaml.Node) {
	if v.Kind != yaml.MappingNode {
		r.inferred(p, v)
		return
	}
	mistakes := len(r.mistakes.list)
	keys := []string{"default", "type", "min", "max", "menu", "help"}
	for key, v := range r.pairs(v) {
		switch {
		case !slices.Contains(keys, key.Value):
			r.unknown(key, "key of a parameter", slices.Values(keys))
		case key.Value == "menu":
			r.menu(p, v)
		case v.Kind != yaml.ScalarNode || isEmpty(v):
			r.fail(v, "%s: is %s; want a value", key.Value, kind(v))
		}
	}
	r.declareType(p, v)
	p.Min, p.Max = r.limit(v, "min"), r.limit(v, "max")
	if help := value(v, "help"); help != nil {
		p.Help = help.Value
	}
	if d := value(v, "default"); d != nil && d.Kind == yaml.ScalarNode {
		r.setDefault(p, d)
	}
	p.Required = value(v, "default") == nil && len(r.mistakes.list) == mistakes
}

// declareType finds the type: the one that is given, or that of a menu, or of the default.
func (r *reader) declareType(p *Param, v *yaml.Node) {
	d, t := value(v, "default"), value(v, "type")
	switch {
	case t != nil:
		var ok bool
		if p.Type, ok = paramTypes[t.Value]; !ok {
			r.failNear(t, t.Value, maps.Keys(paramTypes), "type: is %s; want int, number, text or bool", kind(t))
		}
	case p.Menu != nil:
		p.Type = graph.ParamMenu
	case d != nil:
		p.Type = typeOf(d)
	default:
		r.failAt(v.Line, v.Column, "%s: has no default; give one, or its type, as {type: number}", p.Name)
	}
}

func (r *reader) menu(p *Param, v *yaml.Node) {
	tokens, err := stringList(v)
	if v.Kind != yaml.SequenceNode || err != nil || len(tokens) == 0 {
		r.fail(v, "menu: is %s; want a list of texts", kind(v))
		return
	}
	p.Menu = tokens
}

// limit returns what is given as min or max, a number.
func (r *reader) limit(v *yaml.Node, key string) string {
	if v = value(v, key); v == nil {
		return ""
	}
	if _, err := strconv.ParseFloat(v.Value, 64); err != nil {
		r.fail(v, "%s: is %s; want a number", key, kind(v))
		return ""
	}
	return v.Value
}

// inferred reads a declaration that is a default.
func (r *reader) inferred(p *Param, v *yaml.Node) {
	if v.Kind != yaml.ScalarNode || isEmpty(v) {
		r.fail(v, "%s: is %s; want its default, or a mapping, as {type: number}", p.Name, kind(v))
		return
	}
	p.Type = typeOf(v)
	r.setDefault(p, v)
}

func (r *reader) setDefault(p *Param, v *yaml.Node) {
	var err error
	if p.Value, err = p.read(v.Value); err != nil {
		r.fail(v, "%s: %s", p.Name, message(err))
	}
	p.Default = v.Value
}

// typeOf returns the type of parameter that a default is of.
func typeOf(v *yaml.Node) graph.ParamType {
	switch v.ShortTag() {
	case "!!int", "!!float":
		return graph.ParamFloat
	case "!!bool":
		return graph.ParamBool
	}
	words := []string{"on", "off", "yes", "no"}
	if v.Style == 0 && slices.Contains(words, strings.ToLower(v.Value)) {
		return graph.ParamBool
	}
	return graph.ParamString
}

// read returns what a text says as a value of the parameter.
func (p *Param) read(text string) (any, error) {
	v, err := p.Parse(text)
	if err != nil {
		return nil, err
	}
	if err := p.CheckValue(v); err != nil {
		return nil, err
	}
	if i, err := strconv.ParseInt(text, 0, 64); err == nil && p.Type == graph.ParamFloat {
		return i, nil
	}
	return plainValue(v), nil
}

// bind gives the parameters of an included file the values at the place of use.
func (r *reader) bind(file *yaml.Node, declared []*Param, given *yaml.Node) {
	if given != nil {
		given = r.mapping(given, "params", "names to values")
	}
	if given == nil {
		given = &yaml.Node{Kind: yaml.MappingNode}
	}
	for key, v := range r.pairs(given) {
		p := find(declared, key.Value)
		if p == nil {
			r.unknown(key, "parameter of "+file.Value, paramNames(declared))
			continue
		}
		p.Required = false
		r.assign(p, v)
	}
	for _, p := range declared {
		if p.Required {
			r.fail(file, "%s needs the parameter %s: %s", file.Value, p.Name, p.Want())
		}
	}
}

func (r *reader) assign(p *Param, v *yaml.Node) {
	if v.Kind != yaml.ScalarNode || isEmpty(v) {
		r.fail(v, "%s: is %s; want %s", p.Name, kind(v), p.Want())
		return
	}
	if expr, ok := graph.CutExpression(v.Value); ok {
		r.assignExpression(p, v, expr)
		return
	}
	got, err := p.read(literal(v.Value))
	if err != nil {
		r.fail(v, "%s: %s", p.Name, message(err))
		return
	}
	p.Value = got
}

// assignExpression gives p the value of an expression over the parameters of the file that includes.
func (r *reader) assignExpression(p *Param, v *yaml.Node, expr string) {
	if r.reg.Language == nil {
		r.fail(v, "%s: %v", p.Name, graph.ErrNoLanguage)
		return
	}
	s := r.formula(v, expr)
	x, err := r.reg.Language.Compile(p.Name, s)
	switch {
	case err != nil:
	case !graph.IsConstant(x):
		err = &graph.ParamError{Param: p.Name, Msg: "it is given once, so it can be computed from param.name only"}
	default:
		p.Value, err = p.eval(x)
	}
	for _, err := range flatten(err) {
		m := Mistake{r.file, v.Line, v.Column, p.Name + ": " + message(err)}
		if e, ok := errors.AsType[*graph.ParamError](err); ok && e.Line > 0 {
			m.Line, m.Col = r.text.within(v, e.Line, e.Col+len(v.Value)-len(s.Text))
		}
		r.note(m, "", nil)
	}
}

func (p *Param) eval(x graph.Expression) (any, error) {
	cell, err := x.Eval(nil, 0)
	if err != nil {
		return nil, err
	}
	v, err := p.Accept(cell)
	if err == nil {
		err = p.CheckValue(v)
	}
	if f, ok := v.(float64); ok && f == math.Trunc(f) && math.Abs(f) < 1<<53 {
		return int64(f), err
	}
	return plainValue(v), err
}

// plainValue returns what graph.Values can hold of the Go type of a parameter.
func plainValue(v any) any {
	switch v := v.(type) {
	case graph.Toggle:
		return v.On()
	case int:
		return int64(v)
	}
	return v
}

// override gives the patch's parameters the values that come from outside.
func (r *reader) override(declared []*Param) {
	for _, name := range slices.Sorted(maps.Keys(r.given)) {
		p := find(declared, name)
		if p == nil {
			msg := "the patch has no such parameter" + graph.DidYouMean(name, paramNames(declared))
			r.refused = append(r.refused, &graph.ParamError{Param: name, Msg: msg})
			continue
		}
		p.Required = false
		v, err := p.read(fmt.Sprint(r.given[name]))
		if err != nil {
			r.refused = append(r.refused, err)
			continue
		}
		p.Value = v
	}
	for _, p := range declared {
		if p.Required {
			r.fail(p.key, "%s has no default; give it by --param %s=...: %s", p.Name, p.Name, p.Want())
		}
	}
}

func find(declared []*Param, name string) *Param {
	for _, p := range declared {
		if p.Name == name {
			return p
		}
	}
	return nil
}

func paramNames(declared []*Param) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, p := range declared {
			if !yield(p.Name) {
				return
			}
		}
	}
}

// values returns the values of parameters by their names; nil if there are none.
func values(declared []*Param) graph.Values {
	if len(declared) == 0 {
		return nil
	}
	out := make(graph.Values, len(declared))
	for _, p := range declared {
		out[p.Name] = p.Value
	}
	return out
}
