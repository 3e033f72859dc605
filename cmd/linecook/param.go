package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/go-multierror"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/patches"
)

// loadWith reads a patch, its parameters set as every --param says: NAME=VALUE. config has the rest.
func loadWith(config patches.Config, params []string, read func(patches.Config) (*patches.Patch, error)) (*patches.Patch, error) {
	config.Operators, config.Params = operators(), map[string]any{}
	for _, s := range params {
		name, value, ok := strings.Cut(s, "=")
		if !ok {
			return nil, &exitError{exitUsage, fmt.Errorf("--param %s: expected NAME=VALUE", s)}
		}
		config.Params[name] = value
	}
	patch, err := read(config)
	if _, ok := errors.AsType[*graph.ParamError](err); !ok {
		if err != nil {
			err = &exitError{exitInput, err}
		}
		return patch, err
	}
	var errs *multierror.Error
	for _, err := range eachError(err) {
		errs = multierror.Append(errs, fmt.Errorf("--param %w", err))
	}
	return nil, &exitError{exitUsage, errs}
}

// testedPatch returns the path of the patch that a file of tests is about.
func testedPatch(file string) string {
	if f, err := patches.LoadTests(file); err == nil {
		return f.Patch
	}
	return strings.TrimSuffix(file, patches.TestSuffix) + ".yaml"
}
