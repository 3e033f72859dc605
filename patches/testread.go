package patches

import (
	"maps"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"gopkg.in/yaml.v3"
)

// A testReader turns a file into a TestFile.
type testReader struct {
	*reader
	out *TestFile
}

func (r *testReader) read() {
	top := r.document()
	if top == nil {
		return
	}
	params := map[string]any{}
	for key, v := range r.pairs(top) {
		switch key.Value {
		case "linecook":
		case "patch":
			if !filepath.IsLocal(v.Value) {
				r.fail(v, "patch: is %s; want a file in the folder of the test, as show.yaml", kind(v))
			}
			r.out.Patch = filepath.Join(filepath.Dir(r.file), v.Value)
		case "params":
			params = r.testParams(v, params)
		case "tests":
			r.tests(v, params)
		default:
			r.unknown(key, "key", slices.Values([]string{"linecook", "patch", "params", "tests"}))
		}
	}
	if r.out.Patch == "" {
		r.failAt(1, 1, `"patch" is missing; only a file whose name ends in %s needs none`, TestSuffix)
	}
	if value(top, "tests") == nil {
		r.failAt(1, 1, `"tests" is missing; it holds the tests by their names`)
	}
}

// testParams returns the values of parameters, those in v before those of base.
func (r *testReader) testParams(v *yaml.Node, base map[string]any) map[string]any {
	out := map[string]any{}
	maps.Copy(out, base)
	if v = r.mapping(v, "params", "names to values"); v == nil {
		return out
	}
	for key, v := range r.pairs(v) {
		if v.Kind != yaml.ScalarNode {
			r.fail(v, "%s: is %s; want a value", key.Value, kind(v))
		}
		out[key.Value] = v.Value
	}
	return out
}

func (r *testReader) tests(v *yaml.Node, params map[string]any) {
	if v = r.mapping(v, "tests", "names to tests"); v == nil {
		return
	}
	for key, v := range r.pairs(v) {
		t := &Test{Name: key.Value, Line: key.Line, Col: key.Column, Params: params}
		if v = r.mapping(v, "a test", "input, until and expect"); v != nil {
			r.test(t, v)
			r.out.Tests = append(r.out.Tests, t)
		}
	}
}

func (r *testReader) test(t *Test, v *yaml.Node) {
	for key, v := range r.pairs(v) {
		switch key.Value {
		case "params":
			t.Params = r.testParams(v, t.Params)
		case "input":
			for _, v := range r.items(v, "input", "what happens") {
				r.input(t, v)
			}
		case "until":
			t.Until = r.seconds(key, v)
		case "expect":
			r.expect(t, v)
		default:
			r.unknown(key, "key of a test", slices.Values([]string{"params", "input", "until", "expect"}))
		}
	}
	if value(v, "expect") == nil {
		r.failAt(t.Line, t.Col, `%s: "expect" is missing; a test without it can only fail by errors of nodes`, t.Name)
	}
}

// items returns the items of a list.
func (r *testReader) items(v *yaml.Node, what, of string) []*yaml.Node {
	if v.Kind != yaml.SequenceNode {
		if !isEmpty(v) {
			r.fail(v, "%s: is %s; want a list of %s", what, kind(v), of)
		}
		return nil
	}
	out := make([]*yaml.Node, len(v.Content))
	for i, c := range v.Content {
		out[i] = deref(c)
	}
	return out
}

// seconds returns a time in seconds, or as 1m30s.
func (r *testReader) seconds(key, v *yaml.Node) time.Duration {
	if f, err := strconv.ParseFloat(v.Value, 64); err == nil && f >= 0 && f < math.MaxInt64/1e9 {
		return time.Duration(f * float64(time.Second))
	}
	d, err := time.ParseDuration(v.Value)
	if err != nil || d < 0 {
		r.fail(v, "%s: is %s; want seconds, as 1.5, or as 1m30s", key.Value, kind(v))
	}
	return d
}

// count returns a whole number, 1 or more.
func (r *testReader) count(key, v *yaml.Node) int {
	n, err := strconv.Atoi(v.Value)
	if err != nil || n < 1 || n > 1_000_000 {
		r.fail(v, "%s: is %s; want a whole number from 1 to 1000000", key.Value, kind(v))
	}
	return max(n, 1)
}

// message reads a key that is a message, and reports whether it is one.
func (r *testReader) message(m *Message, key, v *yaml.Node) bool {
	k := MessageKind(key.Value)
	switch k {
	case OSCMessage, TextMessage, BytesMessage:
	case Connected, Closed:
		if !r.flag(key, v) {
			return true
		}
	default:
		return false
	}
	switch {
	case m.Kind != "":
		r.fail(key, "%s: there is %s already; write an item for each", k, m.Kind)
	case v.Kind != yaml.ScalarNode:
		r.fail(v, "%s: is %s; want text", k, kind(v))
	}
	*m = Message{k, v.Value}
	return true
}

func (r *testReader) input(t *Test, v *yaml.Node) {
	if v = r.mapping(v, "an input", "to and a message, as {to: faders, osc: /fader/1 0.7}"); v == nil {
		return
	}
	in := Input{Line: v.Line, Col: v.Column, Times: 1}
	if n := len(t.Inputs); n > 0 {
		in.At = t.Inputs[n-1].At
	}
	for key, v := range r.pairs(v) {
		switch key.Value {
		case "at":
			in.At = r.seconds(key, v)
		case "to":
			in.To = v.Value
		case "from":
			in.From = v.Value
		case "times":
			in.Times = r.count(key, v)
		case "every":
			in.Every = r.seconds(key, v)
		default:
			if !r.message(&in.Message, key, v) {
				r.unknown(key, "key of an input", slices.Values([]string{
					"at", "to", "from", "times", "every", "osc", "text", "bytes", "connect", "close",
				}))
			}
		}
	}
	if in.To == "" || in.Kind == "" {
		r.fail(v, "an input needs to, the node, and one of osc, text, bytes, connect and close")
	}
	t.Inputs = append(t.Inputs, in)
}
