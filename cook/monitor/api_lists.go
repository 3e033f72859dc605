package monitor

import (
	"net/http"
	"slices"
	"time"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
)

// A Peer is one remote end of a node.
type Peer struct {
	ID          string
	Protocol    string // "udp", "tcp" or "udt"
	Address     string
	Port        int
	Hostname    string
	Since       time.Time
	MessagesIn  uint64
	BytesIn     uint64
	MessagesOut uint64
	BytesOut    uint64
	Failed      uint64 // sends that were refused or lost
	Queued      int    // messages that wait to be sent
	Close       func() bool
}

type peersAnswer struct {
	Peers []peerAnswer `json:"peers"`
}

type peerAnswer struct {
	Node        string  `json:"node"`
	ID          string  `json:"id"`
	Protocol    string  `json:"protocol"`
	Address     string  `json:"address"`
	Port        int     `json:"port"`
	Hostname    string  `json:"hostname"`
	SinceWall   float64 `json:"sinceWall"`
	MessagesIn  uint64  `json:"messagesIn"`
	BytesIn     uint64  `json:"bytesIn"`
	MessagesOut uint64  `json:"messagesOut"`
	BytesOut    uint64  `json:"bytesOut"`
	Failed      uint64  `json:"failed"`
	Queued      int     `json:"queued"`
}

func (m *Monitor) peers(r *http.Request) (any, error) {
	nodes, err := ask(r.Context(), m, func(p cook.Peek) ([]*graph.Node, error) {
		path := r.URL.Query().Get("path")
		if path == "" {
			return slices.Clone(p.Nodes), nil
		}
		n, _, err := nodeOf(p, path)
		return []*graph.Node{n}, err
	})
	if err != nil {
		return nil, err
	}
	a := peersAnswer{Peers: []peerAnswer{}}
	for _, n := range nodes {
		for _, p := range m.peersOf(n) {
			a.Peers = append(a.Peers, peerAnswer{
				n.String(), p.ID, p.Protocol, p.Address, p.Port, p.Hostname, wallSeconds(p.Since),
				p.MessagesIn, p.BytesIn, p.MessagesOut, p.BytesOut, p.Failed, p.Queued,
			})
		}
	}
	return a, nil
}

func (m *Monitor) peersOf(n *graph.Node) []Peer {
	if m.config.Peers == nil {
		return nil
	}
	return m.config.Peers(n)
}

type errorsAnswer struct {
	Errors []faultAnswer `json:"errors"`
}

func (m *Monitor) errors(r *http.Request) (any, error) {
	return ask(r.Context(), m, func(p cook.Peek) (any, error) {
		all := []faultAnswer{}
		for _, n := range p.Nodes {
			all = append(all, faultsOf(n, n.String())...)
		}
		slices.SortStableFunc(all, func(a, b faultAnswer) int {
			switch {
			case a.Active == b.Active:
				return 0
			case a.Active:
				return -1
			}
			return 1
		})
		return errorsAnswer{all}, nil
	})
}
