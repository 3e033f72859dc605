package peer

import "time"

// Answers to a peer of a guarded socket, one that listens beyond loopback without an allow list
// (reliability R14). A loop of two programs that answer each other stops when it finds the bucket
// empty.
const (
	answerFactor = 3    // bytes to one that has sent once, for each byte of it
	answerRate   = 1000 // messages a second
	answerBurst  = 2000 // messages
)

// A guard is what one peer may still be sent. It is guarded by the socket's send queue.
type guard struct {
	tokens float64 // messages, as of last
	last   time.Time
}

// mayAnswer reports whether o may be sent to p, and takes the tokens for it.
func (g *guard) mayAnswer(p *Peer, o outgoing, now time.Time) error {
	if p.in.messages.Load() < 2 && p.out.bytes.Load()+uint64(len(o.buf)) > answerFactor*p.in.bytes.Load() {
		return ErrUnproven
	}
	if g.last.IsZero() {
		g.tokens = answerBurst
	} else {
		g.tokens = min(answerBurst, g.tokens+now.Sub(g.last).Seconds()*answerRate)
	}
	g.last = now
	if g.tokens < float64(o.count()) {
		return ErrTooFast
	}
	g.tokens -= float64(o.count())
	return nil
}
