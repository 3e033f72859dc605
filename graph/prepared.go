package graph

import (
	"fmt"

	"github.com/hashicorp/go-multierror"
)

// A Prepared is an operator that is ready to be placed in a graph, by [Edit.Place] or [Edit.Exchange]: it has been
// described and checked, which takes longest of an edit, without a graph.
type Prepared struct {
	op       Operator
	computed []Computed
	role     role
	err      error
}

// Prepare gets op ready. Its parameters that are zero get their defaults, but for those that are computed. What is
// wrong with it is an error of the edit that places it.
func Prepare(op Operator, computed ...Computed) *Prepared {
	var errs *multierror.Error
	note := func(err error) {
		for _, err := range flatten(err) {
			errs = multierror.Append(errs, err)
		}
	}
	typ := &OpType{Description: Description{Name: fmt.Sprintf("%T", op)}}
	note(Guard(func() error {
		t, err := Describe(op)
		if err == nil {
			typ = t
		}
		return err
	}))
	params, err := typ.compute(op, computed)
	note(err)
	note(typ.check(op, params))
	r, err := newRole(op, typ, params)
	note(err)
	return &Prepared{op, computed, r, errs.ErrorOrNil()}
}
