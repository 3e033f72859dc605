package monitor

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/hashicorp/go-multierror"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
)

// maxBody is the longest body of a request, in bytes (reliability R63).
const maxBody = 1 << 20

// A change is the body of every request that changes something. Each takes the fields that it needs.
type change struct {
	Path   string  `json:"path"`
	Param  string  `json:"param"`
	Value  *string `json:"value"`
	Active *bool   `json:"active"`
	Bypass *bool   `json:"bypass"`
	Node   string  `json:"node"`
	ID     string  `json:"id"`
}

// changes makes a handler of a function that changes something, and logs who did that.
func (m *Monitor) changes(what string, f func(r *http.Request, c *change) error) http.HandlerFunc {
	return answer(func(r *http.Request) (any, error) {
		c, err := m.readChange(r)
		if err != nil {
			return nil, err
		}
		if err = f(r, c); err == nil {
			m.config.Logger.Info("changed by the monitor", "what", what, "path", c.Path+c.Node, "change", c.String(), "by", r.RemoteAddr)
		}
		return struct{}{}, err
	})
}

func (m *Monitor) readChange(r *http.Request) (*change, error) {
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxBody))
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		m.gate.counts.add("body")
		return nil, failf(http.StatusRequestEntityTooLarge, "the body is longer than %d bytes", maxBody)
	}
	if err != nil {
		return nil, failf(http.StatusBadRequest, "%v", err)
	}
	c := &change{}
	if depthOf(body) > maxDepth {
		return nil, failf(http.StatusBadRequest, "JSON nests deeper than %d", maxDepth)
	}
	if err := json.Unmarshal(body, c); err != nil {
		return nil, failf(http.StatusBadRequest, "%v", err)
	}
	return c, nil
}

// String says what is changed, for the log.
func (c *change) String() string {
	switch {
	case c.ID != "":
		return "close " + c.ID
	case c.Value != nil:
		return c.Param + "=" + *c.Value
	case c.Param != "":
		return c.Param
	}
	var flags []string
	for _, f := range [...]struct {
		name string
		on   *bool
	}{{"active", c.Active}, {"bypass", c.Bypass}} {
		if f.on != nil {
			flags = append(flags, fmt.Sprintf("%s=%t", f.name, *f.on))
		}
	}
	return strings.Join(flags, " ")
}

// find returns the node that a change is for.
func (m *Monitor) find(r *http.Request, path string) (*graph.Node, error) {
	return ask(r.Context(), m, func(p cook.Peek) (*graph.Node, error) {
		n, _, err := nodeOf(p, path)
		return n, err
	})
}

func (m *Monitor) set(r *http.Request, c *change) error {
	if c.Value == nil {
		return failf(http.StatusBadRequest, "the value is missing, as text")
	}
	to, err := m.findParam(r, c)
	if err != nil {
		return err
	}
	v, err := to.param.Read(*c.Value, m.config.Language)
	if err != nil {
		return fmt.Errorf("%s: %w", to.node, err)
	}
	return m.edit(r, func(x *graph.Edit) { x.Set(to.node, c.Param, v) })
}

// A paramOf is a parameter of a node.
type paramOf struct {
	node  *graph.Node
	param *graph.Param
}

// findParam returns the parameter that a change is for. Of a node's type only the engine's goroutine may ask: a
// reload gives nodes other types.
func (m *Monitor) findParam(r *http.Request, c *change) (paramOf, error) {
	return ask(r.Context(), m, func(p cook.Peek) (none paramOf, err error) {
		n, _, err := nodeOf(p, c.Path)
		if err != nil {
			return none, err
		}
		param := n.Type().Param(c.Param)
		if param == nil {
			return none, failf(http.StatusNotFound, "%s: %s has no parameter %.64q%s", n, n.Type().Name, c.Param, graph.DidYouMean(c.Param, paramNames(n.Type())))
		}
		return paramOf{n, param}, nil
	})
}

func paramNames(t *graph.OpType) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for _, p := range t.Params {
			if !yield(p.Name) {
				return
			}
		}
	}
}

func (m *Monitor) flag(r *http.Request, c *change) error {
	if c.Active == nil && c.Bypass == nil {
		return failf(http.StatusBadRequest, "neither active nor bypass is said to be true or false")
	}
	n, err := m.find(r, c.Path)
	if err != nil {
		return err
	}
	return m.edit(r, func(x *graph.Edit) {
		if c.Active != nil {
			x.SetActive(n, *c.Active)
		}
		if c.Bypass != nil {
			x.SetBypass(n, *c.Bypass)
		}
	})
}

func (m *Monitor) edit(r *http.Request, f func(x *graph.Edit)) error {
	_, err := await(r.Context(), m, func() (none struct{}, err error) { return none, m.engine.Edit(f) })
	if all, ok := errors.AsType[*multierror.Error](err); ok && len(all.Errors) == 1 {
		return all.Errors[0]
	}
	return err
}

func (m *Monitor) pulse(r *http.Request, c *change) error {
	n, err := m.find(r, c.Path)
	if err != nil {
		return err
	}
	_, err = await(r.Context(), m, func() (none struct{}, err error) { return none, m.engine.Pulse(n, c.Param) })
	return err
}

func (m *Monitor) closePeer(r *http.Request, c *change) error {
	found, err := m.peersAt(r, c.Node)
	if err != nil {
		return err
	}
	for _, o := range found {
		for _, p := range m.peersOf(o.op) {
			if p.ID == c.ID && p.Close() {
				return nil
			}
		}
	}
	return failf(http.StatusNotFound, "%s has no peer %.64q: it may have gone by itself", c.Node, c.ID)
}
