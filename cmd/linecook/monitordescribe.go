package main

import (
	"bytes"
	"fmt"
	"strings"

	"linecook.dev/linecook/cook/monitor"
	"linecook.dev/linecook/ops"
	"linecook.dev/linecook/peer"
	"linecook.dev/linecook/peer/osc"
)

// describeMessage says what a message says, for the monitor's log.
func describeMessage(m monitor.Message) (address, text string) {
	if speaksOSC(m) {
		return describeOSC(m)
	}
	return "", cleanText(strings.TrimRight(string(m.Data), "\r\n\x00"))
}

func speaksOSC(m monitor.Message) bool {
	if m.Sent {
		_, is := m.Op.(*ops.OscOut)
		return is || m.Verb == peer.VerbOSC
	}
	_, is := m.Op.(*ops.OscIn)
	return is
}

// describeOSC describes the first message of a packet.
func describeOSC(m monitor.Message) (address, text string) {
	var p osc.Packet
	if err := p.Parse(m.Data); err != nil || len(p.Messages()) == 0 {
		name, _, _ := bytes.Cut(m.Data, []byte{0})
		return string(name), "…"
	}
	first := &p.Messages()[0]
	address = string(first.Address())
	text = strings.TrimPrefix(string(osc.AppendText(nil, first)), address)
	if more := len(p.Messages()) - 1; more > 0 {
		text += fmt.Sprintf("  (and %d more in the bundle)", more)
	}
	return address, cleanText(strings.TrimPrefix(text, " "))
}
