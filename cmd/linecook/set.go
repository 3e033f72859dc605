package main

import (
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/hashicorp/go-multierror"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/patches"
)

// setParams does what every --set says. The settings of one node are checked together.
func setParams(p *patches.Patch, settings []string, lang graph.Language) error {
	var errs *multierror.Error
	var changed []string
	for _, s := range settings {
		node, err := setParam(p, s, lang)
		if err != nil {
			for _, err := range eachError(err) {
				errs = multierror.Append(errs, fmt.Errorf("--set %s: %w", s, err))
			}
			continue
		}
		changed = append(changed, node.Name)
	}
	if errs != nil {
		return errs
	}
	for _, name := range changed {
		c, ok := p.Node(name).Operator.(graph.Checker)
		if !ok {
			continue
		}
		for _, err := range eachError(c.Check()) {
			if e, ok := errors.AsType[*graph.ParamError](err); ok && p.Node(name).IsComputed(e.Param) {
				continue // it has no value yet
			}
			errs = multierror.Append(errs, fmt.Errorf("--set: node %s: %w", name, err))
		}
	}
	return errs.ErrorOrNil()
}

// setParam does what one --set says: NODE.PARAM=VALUE.
func setParam(p *patches.Patch, s string, lang graph.Language) (*patches.Node, error) {
	target, value, ok := strings.Cut(s, "=")
	dot := strings.LastIndexByte(target, '.')
	if !ok || dot < 0 {
		return nil, errors.New("expected NODE.PARAM=VALUE")
	}
	node, name := p.Node(target[:dot]), target[dot+1:]
	if node == nil {
		return nil, fmt.Errorf("no node %q%s", target[:dot], graph.DidYouMean(target[:dot], patchNodes(p)))
	}
	param := node.Type.Param(name)
	if param == nil {
		return nil, fmt.Errorf("%s has no parameter %q%s", node.Type.Name, name, graph.DidYouMean(name, params(node.Type)))
	}
	return node, node.Set(param, value, lang)
}

func patchNodes(p *patches.Patch) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, n := range p.Nodes {
			if !yield(n.Name) {
				return
			}
		}
	}
}

func params(t *graph.OpType) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, p := range t.Params {
			if !yield(p.Name) {
				return
			}
		}
	}
}
