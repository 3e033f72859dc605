package graph

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/hashicorp/go-multierror"
)

// A Describer says what cannot be read off its fields.
type Describer interface{ Describe() Description }

// A Description is what an operator says about itself.
type Description struct {
	Name   string // in patches: "oscin"
	Help   string // one line: what it is for
	Inputs Arity  // how many inputs it takes; the zero Arity is none
	Class  Class  // what a cook costs
}

// An Arity is a number of inputs.
type Arity struct{ Min, Max int }

// Many is an Arity's Max that has no limit.
const Many = 1 << 20

// A ParamType is the type of a parameter.
type ParamType uint8

// The types of parameters, and the Go types of the fields that hold them.
const (
	ParamBool     ParamType = iota // Toggle or bool: on, off, true, false
	ParamInt                       // int
	ParamFloat                     // float64
	ParamString                    // string
	ParamMenu                      // string, one of Menu
	ParamStrings                   // []string: a list, or one string
	ParamDuration                  // time.Duration: a number of seconds, or text as "250ms"
	ParamPulse                     // Pulse
	ParamScript                    // Script
	ParamRows                      // [][]any: a list of lists
)

var paramTypeNames = [...]string{
	"on or off", "a whole number", "a number", "text", "one of a menu", "a list of texts",
	"a time", "a pulse", "a script", "a list of rows",
}

// String returns the type as people are told to write it.
func (t ParamType) String() string { return paramTypeNames[t] }

// A Param is the declaration of one parameter: a field of an operator, by these tags:
//
//	default:"1000"      the value that a field's zero value means
//	min:"0" max:"65535" limits of a number, a duration's in seconds
//	menu:"client server" the tokens of a menu, separated by spaces
//	required:"true"     a patch must give it
//	unit:"bytes"
//	help:"one line"
//	par:"name"          instead of the field's name in lower case; "-" for a field that is no parameter
type Param struct {
	Name     string
	Type     ParamType
	Default  string // as in a patch; empty if there is none
	Min, Max string // empty if there is none
	Menu     []string
	Required bool
	Unit     string
	Help     string

	field []int
}

// An OpType is all that is known of a type of operator.
type OpType struct {
	Description
	Params []Param // in order of declaration

	goType reflect.Type
}

// Describe returns the declaration of op's type, read off its fields and their tags. op must be a
// pointer to a struct, or a type without parameters.
func Describe(op Operator) (*OpType, error) {
	t := reflect.TypeOf(op)
	if t == nil {
		return nil, errors.New("there is no operator")
	}
	d := &OpType{goType: t, Description: Description{Inputs: Arity{0, Many}}}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	d.Name = strings.ToLower(t.Name())
	if o, ok := op.(Describer); ok {
		d.Description = o.Describe()
	}
	if t.Kind() != reflect.Struct {
		return d, nil
	}
	for _, f := range reflect.VisibleFields(t) {
		if f.Anonymous || !f.IsExported() || f.Tag.Get("par") == "-" || f.Type.Kind() == reflect.Func {
			continue
		}
		p, err := describeParam(f)
		if err != nil {
			return nil, fmt.Errorf("operator %s: %w", d.Name, err)
		}
		d.Params = append(d.Params, p)
	}
	return d, nil
}

func describeParam(f reflect.StructField) (Param, error) {
	p := Param{
		Name: strings.ToLower(f.Name), Default: f.Tag.Get("default"), Min: f.Tag.Get("min"),
		Max: f.Tag.Get("max"), Menu: strings.Fields(f.Tag.Get("menu")), Unit: f.Tag.Get("unit"),
		Help: f.Tag.Get("help"), field: f.Index,
	}
	if name := f.Tag.Get("par"); name != "" {
		p.Name = name
	}
	for _, limit := range []string{p.Min, p.Max} {
		if _, err := strconv.ParseFloat(limit, 64); limit != "" && err != nil {
			return p, fmt.Errorf("field %s: limit %q is not a number", f.Name, limit)
		}
	}
	p.Required, _ = strconv.ParseBool(f.Tag.Get("required"))
	t, ok := paramTypes[f.Type]
	if !ok {
		return p, fmt.Errorf("field %s: no parameter has Go type %s", f.Name, f.Type)
	}
	if p.Type = t; len(p.Menu) > 0 {
		p.Type = ParamMenu
	}
	return p, nil
}

// New returns an operator of this type with every parameter at its default.
func (d *OpType) New() Operator {
	t := d.goType
	if t.Kind() != reflect.Pointer {
		return reflect.Zero(t).Interface().(Operator)
	}
	op := reflect.New(t.Elem()).Interface().(Operator)
	for i := range d.Params {
		d.Params[i].fill(op)
	}
	return op
}

// Param returns the parameter called name, or nil.
func (d *OpType) Param(name string) *Param {
	for i := range d.Params {
		if d.Params[i].Name == name {
			return &d.Params[i]
		}
	}
	return nil
}

// Complete gives every parameter of op that is zero its default, and returns what is out of its
// limits: a [ParamError] each, in a multierror.Error.
func (d *OpType) Complete(op Operator) error {
	var errs *multierror.Error
	for i := range d.Params {
		p := &d.Params[i]
		p.fill(op)
		if err := p.check(op); err != nil {
			errs = multierror.Append(errs, err)
		}
	}
	return errs.ErrorOrNil()
}

// String returns the arity as "no inputs", "1 input" or "1 or more".
func (a Arity) String() string {
	switch {
	case a.Max == 0:
		return "no inputs"
	case a.Max == Many:
		return fmt.Sprintf("%d or more", a.Min)
	case a.Min == a.Max:
		return strconv.Itoa(a.Min)
	}
	return fmt.Sprintf("%d to %d", a.Min, a.Max)
}
