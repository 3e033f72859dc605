package take

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"

	"linecook.dev/linecook/graph"
)

// sums are hashes of what nodes have sent so far: to whom, what is to be done, and the bytes.
type sums map[*graph.Node]*sum

type sum struct {
	hash.Hash
	buf []byte
}

// add adds what n sends. Left out is what goes to connections that n has no events of: who is
// connected, and when, is not in the take then.
func (s sums) add(n *graph.Node, to graph.Sink, verb graph.Verb, payload []byte) {
	p, isPeer := to.(peer)
	if isPeer && p.Protocol() != "udp" && n.Inbox() == nil {
		return
	}
	h := s[n]
	if h == nil {
		h = &sum{Hash: sha256.New()}
		s[n] = h
	}
	h.buf = append(h.buf[:0], byte(verb))
	if text, ok := to.(fmt.Stringer); ok {
		h.buf = appendText(h.buf, text.String())
	}
	h.buf = binary.AppendUvarint(h.buf, uint64(len(payload)))
	h.Write(h.buf)
	h.Write(payload)
}

func (s sums) of(n *graph.Node) uint64 {
	if h := s[n]; h != nil {
		return binary.LittleEndian.Uint64(h.Sum(nil))
	}
	return 0
}
