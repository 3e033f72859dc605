package handshake

import (
	"time"

	"linecook.dev/linecook/peer/udt/internal/wire"
)

// A Client asks a listener for a connection (draft-gg-udt-03, "Client/Server Connection Setup").
type Client struct {
	turn
	offer     Offer
	request   wire.Handshake // what is being said
	unheard   int            // times it was said with a cookie
	spoke     time.Duration
	agreement Agreement
	err       error
	done      bool
}

// patience is how many requests with a cookie may stay without an answer: a library listener forgets its
// cookie when the minute changes, and says nothing then.
const patience = 2

// NewClient returns a client that has said nothing yet.
func NewClient(o Offer, now time.Duration) *Client {
	return &Client{turn: turn{now}, offer: o, request: o.request(wire.Ask)}
}

// Poll appends a packet to b if one is to be sent now.
func (c *Client) Poll(b []byte, now time.Duration) []byte {
	if c.done || !c.take(now) {
		return b
	}
	if c.request.Request == wire.Conclude {
		if c.unheard++; c.unheard > patience {
			c.request, c.unheard = c.offer.request(wire.Ask), 0
		}
	}
	c.spoke = now
	b, _ = c.request.AppendBinary(b)
	return b
}

// Receive takes in a handshake from the listener's address.
func (c *Client) Receive(h wire.Handshake, now time.Duration) {
	switch {
	case c.done:
	case h.Request == wire.Refuse:
		c.done, c.err = true, ErrRefused
	case c.request.Request == wire.Ask && h.Request == wire.Ask:
		c.request.Request, c.request.Cookie = wire.Conclude, h.Cookie
		c.turn.at = now
	case c.request.Request == wire.Conclude && h.Request == wire.Conclude && Plausible(h):
		c.done, c.agreement = true, c.offer.agree(h)
		c.agreement.RTT = max(now-c.spoke, 1)
		if h.ISN != c.offer.ISN {
			c.err = ErrISN
		}
	}
}

// Heard does nothing: a listener does not speak before it has answered.
func (c *Client) Heard() {}

// Answer does nothing: a listener needs no answer to its answer.
func (c *Client) Answer(wire.Handshake, []byte) []byte { return nil }

// Done returns what was agreed on, once that is decided.
func (c *Client) Done() (a Agreement, done bool, err error) { return c.agreement, c.done, c.err }
