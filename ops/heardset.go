package ops

import (
	"container/list"
	"time"

	"linecook.dev/linecook/peer"
)

// A heardSet is the senders of datagrams as far as these were cooked. It forgets whoever has not been heard
// for a while of the patch's time, and the longest silent one when there are too many: so it depends on
// nothing but what arrived and when that was cooked. Its zero value is empty; limits are to be set.
type heardSet struct {
	most  int
	idle  time.Duration
	order *list.List // of *heard, who was heard last at the back; nil if there was none
	at    map[*peer.Peer]*list.Element
}

// A heard is a sender, and when its last datagram was cooked.
type heard struct {
	peer *peer.Peer
	seen time.Duration
}

// heardFor is how long a sender is remembered, unless a parameter says otherwise (reliability R15).
const heardFor = time.Minute

func (s *heardSet) limit(most int, idle time.Duration) {
	s.most, s.idle = most, idle
	if idle == 0 {
		s.idle = heardFor
	}
}

// add notes a datagram of p.
func (s *heardSet) add(p *peer.Peer, now time.Duration) {
	if s.order == nil {
		s.order, s.at = list.New(), map[*peer.Peer]*list.Element{}
	}
	if last := s.order.Back(); last != nil && last.Value.(*heard).peer == p {
		last.Value.(*heard).seen = now
		return
	}
	if known := s.at[p]; known != nil {
		known.Value.(*heard).seen = now
		s.order.MoveToBack(known)
		return
	}
	s.at[p] = s.order.PushBack(&heard{p, now})
	if len(s.at) > s.most {
		s.forget(s.order.Front())
	}
}

func (s *heardSet) forget(e *list.Element) {
	delete(s.at, e.Value.(*heard).peer)
	s.order.Remove(e)
}

// all returns the senders there are, the longest silent one first.
func (s *heardSet) all(now time.Duration) []*peer.Peer {
	if s.order == nil {
		return nil
	}
	for e := s.order.Front(); e != nil && now-e.Value.(*heard).seen > s.idle; e = s.order.Front() {
		s.forget(e)
	}
	out := make([]*peer.Peer, 0, len(s.at))
	for e := s.order.Front(); e != nil; e = e.Next() {
		out = append(out, e.Value.(*heard).peer)
	}
	return out
}
