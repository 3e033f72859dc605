package take_test

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/cook/take"
	"linecook.dev/linecook/graph"
)

// cut returns a part of a take.
func cut(t *testing.T, b []byte, r take.Range) ([]byte, error) {
	t.Helper()
	var out bytes.Buffer
	w, err := take.NewWriter(&out, take.Info{Patch: "show.yaml"})
	if err != nil {
		t.Fatal(err)
	}
	p := take.Player{Own: true, NewPeer: func(_ *graph.Node, q *take.Peer) take.Remote { return &remote{id: q.ID, port: q.Port} }}
	s := newStill(t, cook.Config{Sent: p.Sent, Recall: p.Recall, Wants: p.Wants}, short)
	p.Engine, p.Graph = s.engine, s.graph
	p.Start(t.Context())
	c := take.Cutter{Player: &p, Out: w, Range: r}
	all, _ := frames(t, b)
	for _, f := range all {
		if err := c.Add(f); err != nil {
			t.Fatalf("%+v: Add(frame %d): %v", r, f.Number, err)
		}
	}
	err = c.Close()
	return out.Bytes(), err
}

func TestAPartOfATakeIsATake(t *testing.T) {
	b, _ := aShow(t)
	all, _ := frames(t, b)
	last := all[len(all)-1].Number
	for from := int64(1); from <= last; from++ {
		for to := from; to <= last; to++ {
			r := take.Range{From: from, To: to}
			part, err := cut(t, b, r)
			got, torn := frames(t, part)
			if len(got) == 0 {
				if !errors.Is(err, take.ErrEmptyRange) {
					t.Errorf("%+v has no frames: %v, want %v", r, err, take.ErrEmptyRange)
				}
				continue
			}
			if err != nil || torn || got[0].Number < from-1 || got[len(got)-1].Number > to || len(got[len(got)-1].Hashes) == 0 {
				t.Errorf("%+v: %v, torn: %t, frames from %+v to %+v; want hashes at the end", r, err, torn, got[0], got[len(got)-1])
			}
			if _, _, err := play(t, part, short); err != nil {
				t.Errorf("%+v is cooked again: %v", r, err)
			}
		}
	}
}

func TestAPartBeginsWithWhoIsConnected(t *testing.T) {
	b, _ := aShow(t)
	part, err := cut(t, b, take.Range{Begin: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	s, peers, err := play(t, part, short)
	if err != nil || len(peers) != 1 || peers[0].reason == nil || len(s.op.Got) == 0 || s.op.Got[0].Kind != graph.Connect {
		t.Errorf("peers %+v, events %+v (%v), want one peer that connects first", peers, s.op.Got, err)
	}
	if got := s.rec.Got; len(got) != 2 {
		t.Errorf("rows %q, want the two of the part", got)
	}
}

func TestABeginningKeepsItsHashes(t *testing.T) {
	b, _ := aShow(t)
	all, _ := frames(t, b)
	part, err := cut(t, b, take.Range{To: 7})
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := frames(t, part); len(got[1].Hashes) == 0 || got[1].Hashes[0] != all[1].Hashes[0] {
		t.Errorf("frame 7 has the hashes %v, and in the take %v", got[1].Hashes, all[1].Hashes)
	}
}
