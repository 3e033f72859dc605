package monitor

import (
	"net/http"
	"slices"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
)

// graphAnswer is what GET /api/graph answers.
type graphAnswer struct {
	Engine engineInfo `json:"engine"`
	Nodes  []nodeInfo `json:"nodes"`
}

type engineInfo struct {
	Version     string  `json:"version"`
	Patch       string  `json:"patch"`
	Mode        string  `json:"mode"`
	FPS         float64 `json:"fps"`
	StartedWall float64 `json:"startedWall"`
	Write       bool    `json:"write"`
	Token       string  `json:"token,omitempty"`
	Generation  uint64  `json:"generation"`
}

// nodeInfo is what does not change while a graph stays as it is.
type nodeInfo struct {
	Path      string            `json:"path"`
	Type      string            `json:"type"`
	Class     string            `json:"class"`
	Help      string            `json:"help"`
	Inputs    []string          `json:"inputs"`
	Refs      []string          `json:"refs"`
	Effect    bool              `json:"effect"`
	Active    bool              `json:"active"`
	Bypass    bool              `json:"bypass"`
	Listening []string          `json:"listening,omitempty"`
	Params    map[string]string `json:"params,omitempty"` // those that are not at their default
}

func (m *Monitor) graph(r *http.Request) (any, error) {
	return ask(r.Context(), m, func(p cook.Peek) (any, error) {
		a := graphAnswer{Engine: engineInfo{
			Version: m.config.Info.Version, Patch: m.config.Info.Patch, Mode: m.config.Info.Mode, FPS: m.config.Info.FPS,
			StartedWall: wallSeconds(m.started), Write: m.config.Write, Generation: p.Version,
		}, Nodes: make([]nodeInfo, 0, len(p.Nodes))}
		if m.config.Write && !m.config.Public && r.Header.Get("Sec-Fetch-Site") == "same-origin" {
			a.Engine.Token = m.config.Token
		}
		for _, n := range p.Nodes {
			a.Nodes = append(a.Nodes, m.nodeInfo(n))
		}
		return a, nil
	})
}

func (m *Monitor) nodeInfo(n *graph.Node) nodeInfo {
	info := nodeInfo{
		Path: n.String(), Type: n.Type().Name, Class: n.Type().Class.String(), Help: n.Type().Help,
		Inputs: paths(n.Inputs()), Refs: paths(n.Refs()), Effect: n.IsEffect(), Active: n.Active(), Bypass: n.Bypassed(),
		Params: map[string]string{},
	}
	if m.config.Listening != nil {
		info.Listening = m.config.Listening(n.Operator())
	}
	fresh := n.Type().New()
	for i := range n.Type().Params {
		p := &n.Type().Params[i]
		if text := valueText(p, n.Operator()); text != valueText(p, fresh) {
			info.Params[p.Name] = text
		}
	}
	return info
}

func paths(nodes []*graph.Node) []string {
	out := make([]string, 0, len(nodes))
	for _, n := range nodes {
		if p := n.String(); !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out
}
