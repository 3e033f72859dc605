package graph

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

var paramTypes = map[reflect.Type]ParamType{
	reflect.TypeFor[bool]():          ParamBool,
	reflect.TypeFor[Toggle]():        ParamBool,
	reflect.TypeFor[int]():           ParamInt,
	reflect.TypeFor[float64]():       ParamFloat,
	reflect.TypeFor[string]():        ParamString,
	reflect.TypeFor[[]string]():      ParamStrings,
	reflect.TypeFor[time.Duration](): ParamDuration,
	reflect.TypeFor[Pulse]():         ParamPulse,
	reflect.TypeFor[Script]():        ParamScript,
	reflect.TypeFor[[][]any]():       ParamRows,
}

// Parse reads a value as it is written in a patch or on a command line, and returns it as the Go
// type of the parameter's field (a Toggle for both kinds of switches). Lists can be JSON.
func (p *Param) Parse(text string) (any, error) {
	switch p.Type {
	case ParamBool:
		switch strings.ToLower(text) {
		case "on", "true", "yes", "1":
			return On, nil
		case "off", "false", "no", "0":
			return Off, nil
		}
	case ParamInt:
		if n, err := strconv.ParseInt(text, 0, 64); err == nil {
			return int(n), nil
		}
	case ParamFloat:
		if f, err := strconv.ParseFloat(text, 64); err == nil && !math.IsNaN(f) {
			return f, nil
		}
	case ParamDuration:
		if f, err := strconv.ParseFloat(text, 64); err == nil && math.Abs(f) < math.MaxInt64/1e9 {
			return time.Duration(f * float64(time.Second)), nil
		}
		if d, err := time.ParseDuration(text); err == nil {
			return d, nil
		}
	case ParamString, ParamMenu:
		return text, nil
	case ParamStrings:
		var list []string
		if strings.HasPrefix(text, "[") && json.Unmarshal([]byte(text), &list) == nil {
			return list, nil
		}
		return strings.Fields(text), nil
	case ParamRows:
		return p.parseRows(text)
	case ParamScript:
		return Script{Text: text}, nil
	case ParamPulse:
		return nil, p.errorf("it is a button of a running patch, and has no value to set")
	}
	return nil, p.errorf("%q is not %s", text, p.Want())
}

// Set gives the parameter of op a value: one that [Param.Parse] returns, []string or [][]any. The
// value must be within the parameter's limits.
func (p *Param) Set(op Operator, v any) error {
	f := p.value(op)
	if t, ok := v.(Toggle); ok && f.Kind() == reflect.Bool {
		v = t.On()
	}
	val := reflect.ValueOf(v)
	if !val.IsValid() || !val.Type().AssignableTo(f.Type()) {
		return p.errorf("%v is not %s", v, p.Want())
	}
	old := reflect.New(f.Type()).Elem()
	old.Set(f)
	f.Set(val)
	if err := p.check(op); err != nil {
		f.Set(old)
		return err
	}
	return nil
}

// Get returns the parameter of op as the Go type of its field.
func (p *Param) Get(op Operator) any { return p.value(op).Interface() }

func (p *Param) value(op Operator) reflect.Value {
	return reflect.ValueOf(op).Elem().FieldByIndex(p.field)
}

// fill gives a parameter that is zero its default.
func (p *Param) fill(op Operator) {
	f := p.value(op)
	if p.Default == "" || !f.IsZero() {
		return
	}
	v, err := p.Parse(p.Default)
	if err != nil {
		panic(fmt.Sprintf("default of %T: %v", op, err))
	}
	if t, ok := v.(Toggle); ok && f.Kind() == reflect.Bool {
		v = t.On()
	}
	f.Set(reflect.ValueOf(v))
}

// check reports a value of op that is outside of the parameter's limits.
func (p *Param) check(op Operator) error { return p.CheckValue(p.Get(op)) }

// CheckValue reports a value, of the Go type of the parameter's field, that is outside of its limits.
func (p *Param) CheckValue(v any) error {
	switch v := v.(type) {
	case int:
		return p.checkNumber(float64(v), strconv.Itoa(v))
	case float64:
		return p.checkNumber(v, strconv.FormatFloat(v, 'g', -1, 64))
	case time.Duration:
		return p.checkNumber(v.Seconds(), v.String())
	case string:
		if p.Type == ParamMenu && !slices.Contains(p.Menu, v) {
			return p.errorf("%q is not %s%s", v, p.Want(), DidYouMean(v, slices.Values(p.Menu)))
		}
	}
	return nil
}

func (p *Param) checkNumber(v float64, text string) error {
	low, high := limit(p.Min, math.Inf(-1)), limit(p.Max, math.Inf(1))
	if v < low || v > high || math.IsNaN(v) {
		return p.errorf("%s is not %s", text, p.Want())
	}
	return nil
}

func limit(s string, none float64) float64 {
	if s == "" {
		return none
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		panic(err)
	}
	return f
}

// Want says what the parameter takes, as "a whole number from 0 to 65535".
func (p *Param) Want() string {
	if p.Type == ParamDuration {
		return p.wantInLimits() + ", in seconds or as 250ms"
	}
	return p.wantInLimits()
}

func (p *Param) wantInLimits() string {
	switch {
	case p.Type == ParamMenu:
		return "one of " + strings.Join(p.Menu, ", ")
	case p.Min != "" && p.Max != "":
		return fmt.Sprintf("%s from %s to %s", p.Type, p.Min, p.Max)
	case p.Min != "":
		return fmt.Sprintf("%s of at least %s", p.Type, p.Min)
	case p.Max != "":
		return fmt.Sprintf("%s of at most %s", p.Type, p.Max)
	}
	return p.Type.String()
}

func (p *Param) errorf(format string, args ...any) error {
	return &ParamError{Param: p.Name, Msg: fmt.Sprintf(format, args...)}
}
