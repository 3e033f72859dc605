package peer

import (
	"github.com/hashicorp/go-multierror"

	"linecook.dev/linecook/peer/osc"
)

// A Sender takes messages. What it returns is the number of bytes it accepted. It never waits: a
// message that the queue has no room for is refused with a [QueueError].
type Sender interface {
	// Send sends strings, each followed by the terminator ([NUL], unless there is a reason for
	// another; "" for none). One call is one datagram, or one write to a stream.
	Send(terminator string, messages ...string) (int, error)

	// SendBytes sends strings, []byte and integers from 0 to 255, of any Go type, in order and with
	// nothing between or after them: one datagram, or one write. Anything else is a [ByteError].
	SendBytes(messages ...any) (int, error)

	// SendOSC sends OSC messages or a bundle (see [osc.AppendValues], whose errors it returns): each
	// packet is a datagram of its own, or a frame in the stream's framing. Either all of them are
	// accepted or none. The bytes are those of the packets, without framing. A stream whose framing
	// is not one of OSC gets the bare packets.
	SendOSC(o osc.Options, pairs ...osc.Pair) (int, error)
}

// A Group sends the same to each of several peers. The bytes it returns are those that all of them
// accepted together; its error is a multierror.Error with one error for each that refused. An empty
// Group accepts nothing and has no error.
type Group []Handle

// Send implements [Sender].
func (g Group) Send(terminator string, messages ...string) (int, error) {
	return g.send(encodeText(g.scratches(), terminator, messages))
}

// SendBytes implements [Sender].
func (g Group) SendBytes(messages ...any) (int, error) {
	return g.send(encodeBytes(g.scratches(), messages))
}

// SendOSC implements [Sender].
func (g Group) SendOSC(o osc.Options, pairs ...osc.Pair) (int, error) {
	longest := osc.MaxPacket
	for _, h := range g {
		longest = min(longest, h.via.longest())
	}
	return g.send(encodeOSC(g.scratches(), o, longest, pairs))
}

func (g Group) scratches() pool[scratch] {
	if len(g) == 0 {
		return nil
	}
	return g[0].via.scratches()
}

func (g Group) send(s *scratch) (int, error) {
	defer s.release()
	if s.err != nil {
		return 0, s.err
	}
	var errs *multierror.Error
	sent := 0
	for _, h := range g {
		if err := h.post(s); err != nil {
			h.failed.Add(1)
			errs = multierror.Append(errs, &SendError{h.Peer, err})
			continue
		}
		sent += len(s.buf)
	}
	return sent, errs.ErrorOrNil()
}
