package ops

import "linecook.dev/linecook/peer"

// A peerSet is peers in the order they came. The zero peerSet is empty and ready to use.
type peerSet struct {
	list []*peer.Peer // nil for one that has gone
	at   map[*peer.Peer]int
}

func (s *peerSet) add(p *peer.Peer) {
	if s.at == nil {
		s.at = map[*peer.Peer]int{}
	}
	s.at[p] = len(s.list)
	s.list = append(s.list, p)
}

func (s *peerSet) remove(p *peer.Peer) {
	i, ok := s.at[p]
	if !ok {
		return
	}
	delete(s.at, p)
	if s.list[i] = nil; len(s.at) <= len(s.list)/2 {
		s.compact()
	}
}

func (s *peerSet) compact() {
	left := s.all()
	s.list = left
	for i, p := range left {
		s.at[p] = i
	}
}

// all returns the peers that are there, in a slice of its own.
func (s *peerSet) all() []*peer.Peer {
	out := make([]*peer.Peer, 0, len(s.at))
	for _, p := range s.list {
		if p != nil {
			out = append(out, p)
		}
	}
	return out
}
