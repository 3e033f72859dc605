package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"
	"time"

	"linecook.dev/linecook/cook/take"
	"linecook.dev/linecook/graph"
)

// A takeSummary is what is in a take.
type takeSummary struct {
	first, last *take.Frame
	frames      int
	lost        uint64
	changes     int // of parameters, flags and buttons
	patches     int // that took the place of another
	nodes       map[graph.Path]*nodeSummary
}

type nodeSummary struct {
	events, bytes int
	peers         map[take.Peer]bool
	take.Loss
}

func summarise(t *taken) (*takeSummary, error) {
	s := &takeSummary{nodes: map[graph.Path]*nodeSummary{}}
	for f, err := range t.Frames() {
		if err != nil {
			return nil, err
		}
		s.add(f)
	}
	return s, nil
}

func (s *takeSummary) add(f *take.Frame) {
	if s.last != nil && s.last.Number == f.Number {
		return // hashes of the end
	}
	if s.first == nil {
		s.first = f
	}
	s.last = f
	s.frames++
	s.lost += f.Lost
	for _, c := range f.Changes {
		switch c.Kind {
		case graph.ChangePatch:
			s.patches++
		case graph.ChangeWatch:
		default:
			s.changes++
		}
	}
	for i := range f.Events {
		e := &f.Events[i]
		n := s.node(e.Node)
		n.events++
		n.bytes += len(e.Data)
		if e.Peer != (take.Peer{}) && len(n.peers) < manyPeers {
			n.peers[e.Peer] = true
		}
	}
	for _, l := range f.Losses {
		n := s.node(l.Node)
		n.Dropped += l.Dropped
		n.Malformed += l.Malformed
	}
}

// manyPeers is as far as the peers of a node are counted.
const manyPeers = 100_000

func (s *takeSummary) node(path graph.Path) *nodeSummary {
	n := s.nodes[path]
	if n == nil {
		n = &nodeSummary{peers: map[take.Peer]bool{}}
		s.nodes[path] = n
	}
	return n
}

func takeInfo(out io.Writer, t *taken) error {
	s, err := summarise(t)
	if err != nil {
		return err
	}
	i := t.Info()
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "take\t%s\n", i.ID)
	if i.Cut != nil {
		fmt.Fprintf(w, "cut\t%s of the take %s\n", cleanText(i.Cut.Range), i.Cut.Of)
	}
	fmt.Fprintf(w, "patch\t%s (%d files)\n", cleanText(i.Patch), len(i.Files))
	fmt.Fprintf(w, "timeline\t%s, %v frames a second\n", cleanText(i.Mode), i.FPS)
	for _, set := range i.Set {
		fmt.Fprintf(w, "set\t%s\n", cleanText(set))
	}
	for _, param := range i.Params {
		fmt.Fprintf(w, "param\t%s\n", cleanText(param))
	}
	fmt.Fprintf(w, "started\t%s\n", i.Started.Format(time.RFC3339Nano))
	if s.first != nil {
		fmt.Fprintf(w, "frames\t%d, from %d to %d, over %v\n", s.frames, s.first.Number, s.last.Number, s.last.Time)
	}
	if s.changes+s.patches > 0 {
		fmt.Fprintf(w, "changed\t%d parameters, flags and buttons; %d times another patch\n", s.changes, s.patches)
	}
	if s.lost > 0 {
		fmt.Fprintf(w, "lost\t%d events or frames, for which the recorder had no room\n", s.lost)
	}
	if t.Torn() {
		fmt.Fprintf(w, "end\tnone: the recorder was killed, or still records\n")
	}
	fmt.Fprintf(w, "\nnode\tevents\tbytes\tpeers\tdropped\tmalformed\n")
	for _, path := range slices.Sorted(maps.Keys(s.nodes)) {
		n := s.nodes[path]
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%d\n", cleanText(string(path)), n.events, n.bytes, len(n.peers), n.Dropped, n.Malformed)
	}
	return w.Flush()
}
