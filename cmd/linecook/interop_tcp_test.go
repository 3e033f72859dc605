package main_test

import (
	"fmt"
	"testing"
)

const lineEcho = `
linecook: v1
timeline: {mode: arrival}
nodes:
  echo:
    tcpip: {mode: server, port: 0, format: perline}
    callbacks: |
      def onReceive(dat, rowIndex, message, bytes, peer):
          peer.send('<' + message + '>', terminator='\n')
`

// TestLinesByTCP has other programs send lines of all kinds, the last one without its end, and
// expects an answer to each.
func TestLinesByTCP(t *testing.T) {
	l := cook(t, lineEcho, "--print", "echo")
	port := l.port("/echo")
	row := 0
	for _, client := range [][]string{
		{"nc", "-N", "127.0.0.1", port},
		{"socat", "-t20", "-", "tcp:127.0.0.1:" + port},
	} {
		p := startFed(t, "lf\ncrlf\r\ncr\r\x00last", client[0], client[1:]...)
		for _, text := range []string{"lf", "crlf", "cr", "", "last"} {
			l.wantRows(fmt.Sprintf(`{"node":"/echo","row":%d,"cells":{"message":"%s"}}`, row, text))
			row++
			if got, want := p.out.any(), "<"+text+">"; got != want {
				t.Errorf("%s received %q, want %q", client[0], got, want)
			}
		}
		if code := p.exit(); code != 0 {
			t.Errorf("%s ended with %d: %s", client[0], code, p.errs)
		}
	}
	l.stop()
}

// TestHTTPByHand fetches a page with curl: the answer is whole though its connection is closed
// right behind it.
func TestHTTPByHand(t *testing.T) {
	l := cook(t, `
linecook: v1
nodes:
  web:
    tcpip: {mode: server, port: 0, format: perline}
    callbacks: |
      def onReceive(dat, rowIndex, message, bytes, peer):
          if message == '':
              peer.send('HTTP/1.0 200 OK\r\n\r\n' + 'x' * 200000 + '\n', terminator='')
              peer.close()
`)
	p := start(t, "curl", "--silent", "--show-error", "--noproxy", "*", "http://"+l.addr("/web")+"/page")
	if got := len(p.out.any()); got != 200000 {
		t.Errorf("curl received %d characters, want 200000", got)
	}
	if code := p.exit(); code != 0 {
		t.Errorf("curl ended with %d: %s", code, p.errs)
	}
	l.stop()
}

// TestClientFindsServerLater starts a client before its server, which is socat.
func TestClientFindsServerLater(t *testing.T) {
	port := freePort(t)
	l := cook(t, fmt.Sprintf(`
linecook: v1
timeline: {mode: arrival}
nodes:
  client:
    tcpip: {port: %s}
    callbacks: |
      def onConnect(dat, peer):
          peer.send('hello', terminator='\n')
`, port), "--print", "client")
	if fault := l.log("fault", "/client"); fault["op"] != "connect" {
		t.Errorf("fault without a server: %v, want op connect", fault)
	}
	server := startFed(t, "welcome\n", "socat", "-t20", "tcp-listen:"+port+",bind=127.0.0.1", "-")
	l.wantRows(`{"node":"/client","row":0,"cells":{"message":"welcome"}}`)
	if got := server.out.any(); got != "hello" {
		t.Errorf("socat received %q, want hello", got)
	}
	l.stop()
}
