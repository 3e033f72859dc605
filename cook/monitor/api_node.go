package monitor

import (
	"net/http"
	"time"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
)

// nodeAnswer is what GET /api/node answers.
type nodeAnswer struct {
	Path     string         `json:"path"`
	Type     string         `json:"type"`
	Class    string         `json:"class"`
	Help     string         `json:"help"`
	Active   bool           `json:"active"`
	Bypass   bool           `json:"bypass"`
	Inputs   []string       `json:"inputs"`
	Refs     []string       `json:"refs"`
	Params   []paramAnswer  `json:"params"`
	Columns  []string       `json:"columns"`
	Rows     int            `json:"rows"`
	Base     uint64         `json:"base"`
	End      uint64         `json:"end"`
	Stats    statsAnswer    `json:"stats"`
	Faults   []faultAnswer  `json:"faults"`
	Failures []failureEntry `json:"failures"`
	Why      whyAnswer      `json:"why"`
}

type paramAnswer struct {
	Name     string   `json:"name"`
	Type     string   `json:"type"`
	Value    string   `json:"value"`
	Default  string   `json:"default"`
	Unit     string   `json:"unit,omitempty"`
	Min      string   `json:"min,omitempty"`
	Max      string   `json:"max,omitempty"`
	Menu     []string `json:"menu,omitempty"`
	Help     string   `json:"help"`
	Expr     string   `json:"expr,omitempty"`
	Computed bool     `json:"computed"`
	Settable bool     `json:"settable"`
}

type statsAnswer struct {
	Cooks     uint64            `json:"cooks"`
	RowsIn    uint64            `json:"rowsIn"`
	RowsOut   uint64            `json:"rowsOut"`
	Expired   uint64            `json:"expired"`
	Missed    uint64            `json:"missed"`
	Sent      uint64            `json:"sent"`
	LastNs    time.Duration     `json:"lastNs"`
	MeanNs    time.Duration     `json:"meanNs"`
	MaxNs     time.Duration     `json:"maxNs"`
	TotalNs   time.Duration     `json:"totalNs"`
	Errors    uint64            `json:"errors"`
	Events    uint64            `json:"events"`
	Bytes     uint64            `json:"bytes"`
	Malformed uint64            `json:"malformed"`
	Dropped   uint64            `json:"dropped"`
	Stalls    uint64            `json:"stalls"`
	Lost      uint64            `json:"lost"`
	Counters  map[string]uint64 `json:"counters"`
}

type faultAnswer struct {
	Node       string  `json:"node,omitempty"`
	Kind       string  `json:"kind"`
	Active     bool    `json:"active"`
	Count      uint64  `json:"count"`
	FirstFrame int64   `json:"firstFrame"`
	FirstTime  float64 `json:"firstTime"`
	LastFrame  int64   `json:"lastFrame"`
	LastTime   float64 `json:"lastTime"`
	FirstError string  `json:"firstError"`
	LastError  string  `json:"lastError"`
}

type failureEntry struct {
	Frame  int64   `json:"frame"`
	Time   float64 `json:"time"`
	Kind   string  `json:"kind"`
	Count  uint64  `json:"count"`
	Error  string  `json:"error"`
	Row    *uint64 `json:"row,omitempty"`
	Sample string  `json:"sample,omitempty"`
}

// maxErrorText is how much of an error is shown, in bytes.
const maxErrorText = 4 << 10

func (m *Monitor) node(r *http.Request) (any, error) {
	path := r.URL.Query().Get("path")
	a, err := ask(r.Context(), m, func(p cook.Peek) (*nodeAnswer, error) {
		n, i, err := nodeOf(p, path)
		if err != nil {
			return nil, err
		}
		t := n.Table()
		return &nodeAnswer{
			Path: n.String(), Type: n.Type().Name, Class: n.Type().Class.String(), Help: n.Type().Help,
			Active: n.Active(), Bypass: n.Bypassed(), Inputs: paths(n.Inputs()), Refs: paths(n.Refs()),
			Params: m.params(n), Columns: columnNames(t.Schema()), Rows: t.NumRows(), Base: t.Window().Lo, End: t.Window().Hi,
			Stats: statsOf(n), Faults: faultsOf(n, ""), Failures: failuresOf(n), Why: whyOf(p, n, i),
		}, nil
	})
	if err != nil {
		return nil, err
	}
	if a.Why.LastCook != nil {
		a.Why.LastCook.Reason = m.hub.reasonOf(a.Path)
	}
	return a, nil
}

func (m *Monitor) params(n *graph.Node) []paramAnswer {
	out, fresh := make([]paramAnswer, 0, len(n.Type().Params)), n.Type().New()
	for i := range n.Type().Params {
		p := &n.Type().Params[i]
		a := paramAnswer{
			Name: p.Name, Type: paramTypes[p.Type], Value: valueText(p, n.Operator()), Default: valueText(p, fresh),
			Unit: p.Unit, Min: p.Min, Max: p.Max, Menu: p.Menu, Help: p.Help,
			Settable: m.config.Write && p.Type != graph.ParamPulse,
		}
		if x := n.Expression(p.Name); x != nil {
			a.Computed, a.Expr = true, expressionText(x)
		}
		out = append(out, a)
	}
	return out
}

func statsOf(n *graph.Node) statsAnswer {
	s := n.Stats()
	return statsAnswer{
		Cooks: s.Cooks, RowsIn: s.RowsIn, RowsOut: s.RowsOut, Expired: s.Expired, Missed: s.Missed, Sent: s.Sent,
		LastNs: s.Last, MeanNs: s.Mean(), MaxNs: s.Max, TotalNs: s.Total, Errors: s.Errors,
		Events: s.Inbox.Events, Bytes: s.Inbox.Bytes, Malformed: s.Inbox.Malformed, Dropped: s.Inbox.Dropped, Stalls: s.Inbox.Stalls,
		Lost: n.Lost(), Counters: s.Counters,
	}
}

func faultsOf(n *graph.Node, node string) []faultAnswer {
	out := []faultAnswer{}
	for _, f := range n.Faults() {
		out = append(out, faultAnswer{
			Node: node, Kind: f.Kind.String(), Active: f.Active, Count: f.Count,
			FirstFrame: f.First.Frame, FirstTime: f.First.Time.Seconds(), LastFrame: f.Last.Frame, LastTime: f.Last.Time.Seconds(),
			FirstError: errorText(f.FirstError), LastError: errorText(f.LastError),
		})
	}
	return out
}

func failuresOf(n *graph.Node) []failureEntry {
	out := []failureEntry{}
	for f := range n.FailuresSince(0) {
		e := failureEntry{
			Frame: f.Frame, Time: f.Time.Seconds(), Kind: f.Kind.String(), Count: f.Count, Error: errorText(f.Err), Sample: string(f.Sample),
		}
		if len(f.Sample) > 0 {
			e.Row = new(f.Row)
		}
		out = append(out, e)
	}
	return out
}

func errorText(err error) string { return cutText(err.Error(), maxErrorText) }

func wallSeconds(t time.Time) float64 { return float64(t.UnixMicro()) / 1e6 }
