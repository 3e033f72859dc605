package ops

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/go-multierror"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/ops/script"
)

// compileColumn compiles text as "name = expression".
func (x *expressions) compileColumn(param, text string) (name string, e *script.Expr, err error) {
	name, expr, ok := strings.Cut(text, "=")
	body := strings.TrimLeft(expr, " \t")
	name = strings.TrimSpace(name)
	if !ok || name == "" || strings.HasPrefix(expr, "=") || strings.ContainsAny(name, "<>!'\"()") {
		return "", nil, &graph.ParamError{Param: param, Msg: fmt.Sprintf(
			"%q does not say which column it is for; write a name and = before it, as: loud = arg1 > 0.5", text)}
	}
	if body == "" {
		return "", nil, &graph.ParamError{Param: param, Msg: fmt.Sprintf("%q has no expression behind the =", text)}
	}
	err = x.compile(param, strings.TrimRight(body, " \t\n"), &e)
	return name, e, moveErrors(err, utf8.RuneCountInString(text)-utf8.RuneCountInString(body))
}

// moveErrors makes the places of mistakes in an expression places in the text that it is a part of.
func moveErrors(err error, by int) error {
	many, ok := errors.AsType[*multierror.Error](err)
	if !ok {
		return err
	}
	for _, err := range many.Errors {
		if p, ok := errors.AsType[*graph.ParamError](err); ok && p.Line == 1 {
			p.Col += by
		}
	}
	return many
}
