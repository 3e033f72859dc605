package main_test

import (
	"testing"
)

// TestATakeOfOtherPrograms records what liblo's oscsend, socat and nc send, and what answers nc. The take is
// verified, and cooked again to the same rows and the same bytes sent.
func TestATakeOfOtherPrograms(t *testing.T) {
	l := recorded(t, writePatch(t, `linecook: v1
nodes:
  desk:
    oscin: {port: 0}
  sensors:
    udpin: {port: 0, format: perline, peer: on, time: on}
  chat:
    tcpip: {mode: server, port: 0, peer: on}
    callbacks: |
      def onReceive(dat, rowIndex, message, bytes, peer):
          peer.send('you said ' + message, terminator='\n')
          if message == 'bye':
              peer.close()
  loud:
    select: {where: arg1 > 0.5}
    in: desk
`), "--print", "loud", "--print", "sensors", "--print", "chat")
	chat, desk, sensors := l.port("/chat"), l.port("/desk"), l.port("/sensors")
	for _, level := range []string{"0.25", "0.75", "1"} {
		oscsend(t, desk, "/fader/1", "f", level)
	}
	socat := startFed(t, "temp 21.5\nhumidity 40\n", "socat", "-u", "-", "udp:127.0.0.1:"+sensors)
	if code := socat.exit(); code != 0 {
		t.Fatalf("socat: exit code %d: %s", code, socat.errs)
	}
	nc := startFed(t, "hello\nbye\n", "nc", "127.0.0.1", chat)
	if code := nc.exit(); code != 0 || nc.out.String() != "you said hello\nyou said bye" {
		t.Errorf("nc: exit code %d, it was told %q", code, nc.out)
	}
	for range 6 {
		l.out.any()
	}
	l.stop()
}
