package osctext

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"linecook.dev/linecook/peer/osc"
)

// An Encoder makes packets of what people write. The zero Encoder is ready to use; it belongs to one
// goroutine at a time.
type Encoder struct {
	Now func() time.Time // what now is; nil means time.Now

	builder osc.Builder
}

// separator is the word between two messages.
const separator = "--"

// Line appends the packet of a line: of words, or, if it begins with a brace, of JSON.
func (e *Encoder) Line(dst []byte, line string) ([]byte, error) {
	if strings.HasPrefix(strings.TrimSpace(line), "{") {
		return e.JSON(dst, []byte(line))
	}
	words, err := Words(line)
	if err != nil {
		return dst, err
	}
	return e.Words(dst, words)
}

// Words appends the packet that words stand for.
func (e *Encoder) Words(dst []byte, words []string) ([]byte, error) {
	tag, words, err := e.bundleTime(words)
	if err != nil {
		return dst, err
	}
	messages, err := messages(words)
	if err != nil {
		return dst, err
	}
	return e.packet(dst, packet{tag, messages, nil})
}

// bundleTime returns the time tag of the bundle that the words begin with: 0 if there is none.
func (e *Encoder) bundleTime(words []string) (osc.TimeTag, []string, error) {
	if len(words) == 0 || !strings.HasPrefix(words[0], "@") {
		return 0, words, nil
	}
	tag, err := e.timeTag(words[0][1:])
	if err != nil {
		return 0, nil, fmt.Errorf("the bundle's time: %w", err)
	}
	return tag, words[1:], nil
}

// A packet is a message, or a bundle of messages and bundles.
type packet struct {
	tag      osc.TimeTag // 0 if it was not said
	messages []message
	inner    []packet
}

// packet appends p.
func (e *Encoder) packet(dst []byte, p packet) ([]byte, error) {
	if len(p.messages)+len(p.inner) == 0 && p.tag == 0 {
		return dst, errors.New("there is no message; expected ADDRESS [TYPES] [VALUE...]")
	}
	e.builder.Reset(dst)
	if err := e.add(p, 0); err != nil {
		return dst, err
	}
	return e.builder.Finish()
}

// add adds p inside depth bundles.
func (e *Encoder) add(p packet, depth int) error {
	if depth > osc.MaxDepth {
		return fmt.Errorf("bundles are nested more than %d deep", osc.MaxDepth)
	}
	bundled := p.tag != 0 || len(p.messages) != 1 || len(p.inner) > 0
	if bundled {
		e.builder.BeginBundle(max(p.tag, osc.Immediately))
	}
	for _, m := range p.messages {
		if err := e.message(m); err != nil {
			return fmt.Errorf("%s: %w", m.address, err)
		}
	}
	for _, inner := range p.inner {
		if err := e.add(inner, depth+1); err != nil {
			return err
		}
	}
	if bundled {
		e.builder.EndBundle()
	}
	return nil
}

// message adds m to the builder.
func (e *Encoder) message(m message) error {
	e.builder.BeginMessage(m.address)
	for _, a := range m.args {
		if err := e.arg(a); err != nil {
			return err
		}
	}
	e.builder.EndMessage()
	return nil
}
