package graph

import "linecook.dev/linecook/graph/table"

// Values is what the parameters of a patch are set to, by their names. An expression reads them as
// param.name. Each is nil, a bool, int64, float64 or string, or a []any of these.
type Values map[string]any

// A Language compiles the expressions of parameters: what a patch writes as =expr. Package
// ops/script has one.
type Language interface {
	// Compile compiles the expression of the parameter called param. Its mistakes are a [ParamError]
	// each, in a multierror.Error.
	Compile(param string, s Script) (Expression, error)
}

// An Expression computes the value of a parameter. It belongs to the goroutine that cooks. As a [fmt.Stringer] it
// says its text, without the = before it.
type Expression interface {
	// Refs returns the names of the nodes whose tables it reads, each once, as [Referrer] has them.
	Refs() []string
	// Timed reports whether it reads the frame or the time.
	Timed() bool
	// Eval computes the value in c, whose references from first on are those of Refs. It has memory
	// of its own. c may be nil for an expression that [IsConstant]; an error is a [ParamError] then.
	Eval(c *Cook, first int) (table.Value, error)
	// Place is where it is written, as "show.yaml:12:9"; empty if that is in no file.
	Place() string
}

// IsConstant reports whether x has the same value whenever it is computed.
func IsConstant(x Expression) bool { return len(x.Refs()) == 0 && !x.Timed() }

// A Scoped operator has expressions in its parameters that read the parameters of the patch. It is
// given them before it is checked. Embed a [Scope] to be one.
type Scoped interface {
	SetValues(v Values)
	Values() Values // what was set
}

// A Scope is the parameters of the patch that an operator's own expressions can read.
type Scope struct{ values Values }

// SetValues implements [Scoped].
func (s *Scope) SetValues(v Values) { s.values = v }

// Values implements [Scoped].
func (s *Scope) Values() Values { return s.values }
