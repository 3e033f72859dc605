package patches_test

import (
	"strings"
	"time"

	"github.com/hashicorp/go-multierror"

	"linecook.dev/linecook/graph"
)

// registry holds operators that use every type of parameter, and every ability that loading asks for.
func registry() *graph.Registry {
	var r graph.Registry
	r.Register(&listen{}, &pick{}, &null{}, &graph.Base{}, &rowsOp{}, &send{}, &look{}, merge{})
	return &r
}

type nothing struct{}

func (nothing) Cook(*graph.Cook) error { return nil }

// listen is an input with callbacks.
type listen struct {
	nothing
	Port      int           `min:"0" max:"65535" required:"true" help:"port to listen on"`
	Protocol  string        `menu:"msging multicastmsging tcp" default:"msging"`
	Clamp     graph.Toggle  `default:"on"`
	Bytes     bool          `help:"a column with the raw bytes"`
	MaxLines  int           `default:"1000" min:"1"`
	Gain      float64       `default:"0.5" min:"0" max:"1"`
	Idle      time.Duration `default:"30" min:"0" unit:"seconds" par:"idletimeout"`
	AddScope  string
	Allow     []string
	Clear     graph.Pulse
	Callbacks graph.Script
}

func (*listen) Describe() graph.Description {
	return graph.Description{Name: "oscin", Help: "receives OSC"}
}

func (o *listen) Check() error { return compile("callbacks", o.Callbacks.Text) }

// compile refuses the word "wrong", at its place in the text.
func compile(param, text string) error {
	var errs *multierror.Error
	for i, line := range strings.Split(text, "\n") {
		if col := strings.Index(line, "wrong"); col >= 0 {
			errs = multierror.Append(errs, &graph.ParamError{Param: param, Line: i + 1, Col: col + 1, Msg: "is wrong"})
		}
	}
	return errs.ErrorOrNil()
}

type pick struct {
	nothing
	Where   graph.Script
	Columns []string
}

func (*pick) Describe() graph.Description {
	return graph.Description{Name: "select", Inputs: graph.Arity{Min: 1, Max: 1}}
}

func (o *pick) Check() error { return compile("where", o.Where.Text) }

type null struct{ nothing }

func (*null) Pass() int { return 0 }

func (*null) Describe() graph.Description {
	return graph.Description{Name: "null", Inputs: graph.Arity{Min: 1, Max: 1}}
}

type rowsOp struct {
	nothing
	Columns []string
	Rows    [][]any
}

func (*rowsOp) Describe() graph.Description { return graph.Description{Name: "table"} }

type send struct {
	nothing
	Address string `required:"true"`
	Port    int    `min:"1" max:"65535" default:"9001"`
}

func (*send) Describe() graph.Description {
	return graph.Description{Name: "oscout", Inputs: graph.Arity{Max: 2}}
}

// look reads another node by its name.
type look struct {
	nothing
	At string
}

func (o *look) Refs() []string {
	if o.At == "" {
		return nil
	}
	return []string{o.At}
}

func (*look) Describe() graph.Description {
	return graph.Description{Name: "look", Inputs: graph.Arity{Max: 1}}
}

// merge is no struct with parameters, nor a pointer to one.
type merge struct{}

func (merge) Cook(*graph.Cook) error { return nil }

func (merge) Describe() graph.Description {
	return graph.Description{Name: "merge", Inputs: graph.Arity{Min: 1, Max: graph.Many}}
}
