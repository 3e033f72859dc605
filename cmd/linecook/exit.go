package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/hashicorp/go-multierror"
)

// Exit codes.
const (
	exitInput   = 1
	exitUsage   = 2
	exitFailure = 3
)

// An exitError says how the program ends, and why if that was not printed yet.
type exitError struct {
	code int
	err  error // may be nil
}

func (e *exitError) Error() string { return fmt.Sprintf("exit %d: %v", e.code, e.err) }
func (e *exitError) Unwrap() error { return e.err }

// failure returns how send and dump end after err. The end of ctx is no error, unless that is why
// nothing can be printed.
func failure(ctx context.Context, err error) error {
	if broken, ok := errors.AsType[printError](context.Cause(ctx)); ok {
		err = broken
	} else if err == nil || ctx.Err() != nil {
		return nil
	}
	if wrong, ok := errors.AsType[mistake](err); ok {
		return &exitError{exitInput, wrong.error}
	}
	return &exitError{exitFailure, err}
}

// eachError returns the errors that err consists of.
func eachError(err error) []error {
	if err == nil {
		return nil
	}
	if many, ok := errors.AsType[*multierror.Error](err); ok {
		return many.Errors
	}
	return []error{err}
}

// printErrors writes one error a line.
func printErrors(w io.Writer, err error) {
	for _, err := range eachError(err) {
		fmt.Fprintln(w, err)
	}
}
