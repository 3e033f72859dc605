package monitor

import (
	"context"
	"net/http"
	"slices"
	"sync"

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
	nodes, generation, err := m.infos.all(r.Context(), m)
	if err != nil {
		return nil, err
	}
	a := graphAnswer{Engine: engineInfo{
		Version: m.config.Info.Version, Patch: m.config.Info.Patch, Mode: m.config.Info.Mode, FPS: m.config.Info.FPS,
		StartedWall: wallSeconds(m.started), Write: m.config.Write, Generation: generation,
	}, Nodes: nodes}
	if m.config.Write && !m.config.Public && r.Header.Get("Sec-Fetch-Site") == "same-origin" {
		a.Engine.Token = m.config.Token
	}
	return a, nil
}

// infosAtOnce is how many nodes are described between two frames, so that no frame is late for it.
const infosAtOnce = 50

// infos is the descriptions of all nodes of a graph. They are kept until it changes.
type infos struct {
	mu         sync.Mutex
	generation uint64
	nodes      []nodeInfo
	ops        []graph.Operator
}

// all returns the descriptions, and which graph they are of.
func (s *infos) all(ctx context.Context, m *Monitor) ([]nodeInfo, uint64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for done := false; !done; {
		generation, have := s.generation, len(s.nodes)
		part, err := ask(ctx, m, func(p cook.Peek) (infoPart, error) { return m.infoPart(p, generation, have), nil })
		if err != nil {
			return nil, 0, err
		}
		if part.anew {
			s.nodes, s.ops = nil, nil
		}
		s.generation, s.nodes, s.ops = part.generation, append(s.nodes, part.nodes...), append(s.ops, part.ops...)
		done = len(s.nodes) >= part.of
	}
	out := slices.Clone(s.nodes)
	if m.config.Listening != nil {
		for i, op := range s.ops {
			out[i].Listening = m.config.Listening(op)
		}
	}
	return out, s.generation, nil
}

// An infoPart is some of the descriptions.
type infoPart struct {
	generation uint64
	anew       bool // those before are of another graph
	nodes      []nodeInfo
	ops        []graph.Operator
	of         int
}

// infoPart describes the nodes that come next, for one that knows the first of them as of a generation.
func (m *Monitor) infoPart(p cook.Peek, generation uint64, have int) infoPart {
	part := infoPart{generation: p.Version, anew: generation != p.Version || have > len(p.Nodes), of: len(p.Nodes)}
	if part.anew {
		have = 0
	}
	for _, n := range p.Nodes[have:min(have+infosAtOnce, len(p.Nodes))] {
		part.nodes, part.ops = append(part.nodes, m.nodeInfo(n)), append(part.ops, n.Operator())
	}
	return part
}

func (m *Monitor) nodeInfo(n *graph.Node) nodeInfo {
	info := nodeInfo{
		Path: n.String(), Type: n.Type().Name, Class: n.Type().Class.String(), Help: n.Type().Help,
		Inputs: paths(n.Inputs()), Refs: paths(n.Refs()), Effect: n.IsEffect(), Active: n.Active(), Bypass: n.Bypassed(),
		Params: map[string]string{},
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
