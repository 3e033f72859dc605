package main_test

import (
	"fmt"
	"strings"
	"testing"
)

// pd runs a patch of Pure Data, after sending it messages.
func pd(t *testing.T, patch, messages string) *process {
	t.Helper()
	return start(t, "pd", "-nogui", "-noaudio", "-nomidi", "-noprefs", "-stderr", "-open", "testdata/pd/"+patch, "-send", messages)
}

const answering = `
linecook: v1
timeline: {mode: arrival}
nodes:
  in:
    oscin: {port: 0, protocol: %s, typetag: true}
    callbacks: |
      def onReceiveOSC(dat, rowIndex, message, bytes, timeStamp, address, args, peer):
          peer.sendOSC('/ack', [args[0] + 1, 0.25, 'done'])
`

const pinged = `{"node":"/in","row":0,"cells":{"address":"/ping","types":"ifs","arg1":7,"arg2":0.5,"arg3":"text"}}`

func TestPureDataAsksByUDP(t *testing.T) {
	l := cook(t, fmt.Sprintf(answering, "msging"), "--print", "in")
	p := pd(t, "ask-udp.pd", "port "+l.port("/in")+"; ping 7 0.5 text")
	l.wantRows(pinged)
	p.errs.next("answer", func(line string) bool { return line == "answer: list ack 8 0.25 done" })
	l.stop()
}

func TestPureDataAsksByTCP(t *testing.T) {
	l := cook(t, fmt.Sprintf(answering, "tcp"), "--print", "in")
	p := pd(t, "ask-tcp.pd", "port "+l.port("/in")+"; ping 7 0.5 text")
	l.wantRows(pinged)
	want := "\x00\x00\x00\x20" + padded("/ack") + padded(",ifs") + "\x00\x00\x00\x08" + "\x3e\x80\x00\x00" + padded("done")
	var got []byte
	for range len(want) {
		var b byte
		line := p.errs.next("byte of the answer", func(line string) bool { return strings.HasPrefix(line, "answer: ") })
		if _, err := fmt.Sscanf(line, "answer: %d", &b); err != nil {
			t.Fatalf("Pure Data printed %q: %v", line, err)
		}
		got = append(got, b)
	}
	if string(got) != want {
		t.Errorf("Pure Data got the answer %q, want %q", got, want)
	}
	l.stop()
}

func TestPureDataListens(t *testing.T) {
	port := freePort(t)
	p := pd(t, "listen.pd", "port "+port)
	l := cook(t, fmt.Sprintf(oscRelay, port))
	in := l.port("/in")
	knock(t, p.errs, port)
	oscsend(t, in, "/fader/1", "ifs", "7", "0.5", "text")
	p.errs.next("message", func(line string) bool { return line == "got: list fader 1 7 0.5 text" })
	l.stop()
}
