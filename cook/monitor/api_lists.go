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
	found, err := m.peersAt(r, r.URL.Query().Get("path"))
	if err != nil {
		return nil, err
	}
	a := peersAnswer{Peers: []peerAnswer{}}
	for _, o := range found {
		for _, p := range m.peersOf(o.op) {
			a.Peers = append(a.Peers, peerAnswer{
				o.node, p.ID, p.Protocol, p.Address, p.Port, p.Hostname, wallSeconds(p.Since),
				p.MessagesIn, p.BytesIn, p.MessagesOut, p.BytesOut, p.Failed, p.Queued,
			})
		}
	}
	return a, nil
}

// An owner is a node that may have peers.
type owner struct {
	node string
	op   graph.Operator // as it is now: an edit may give the node another one
}

// peersAt returns the owners of peers at a path, or all if it is empty.
func (m *Monitor) peersAt(r *http.Request, path string) ([]owner, error) {
	return ask(r.Context(), m, func(p cook.Peek) ([]owner, error) {
		if path != "" {
			n, _, err := nodeOf(p, path)
			if err != nil {
				return nil, err
			}
			return []owner{{n.String(), n.Operator()}}, nil
		}
		all := make([]owner, 0, len(p.Nodes))
		for _, n := range p.Nodes {
			all = append(all, owner{n.String(), n.Operator()})
		}
		return all, nil
	})
}

func (m *Monitor) peersOf(op graph.Operator) []Peer {
	if m.config.Peers == nil {
		return nil
	}
	return m.config.Peers(op)
}

type errorsAnswer struct {
	Errors []faultAnswer `json:"errors"`
}

func (m *Monitor) errors(r *http.Request) (any, error) {
	return ask(r.Context(), m, func(p cook.Peek) (any, error) {
		all := []faultAnswer{}
		for _, n := range p.Nodes {
			if n.Tally().Errors > 0 {
				all = append(all, faultsOf(n, n.String())...)
			}
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
