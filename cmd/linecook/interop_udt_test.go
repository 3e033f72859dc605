package main_test

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// buildLibraryEnd builds the program that is one end of the reference library.
func buildLibraryEnd(t *testing.T) (program string) {
	t.Helper()
	program = filepath.Join(t.TempDir(), "udtpeer")
	build := exec.Command("g++", "-o", program, "../../peer/udt/interop/testdata/peer.cpp", "-ludt", "-lpthread")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("install libudt-dev and g++: %v\n%s", err, out)
	}
	return program
}

const udtEcho = `
linecook: v1
timeline: {mode: arrival}
nodes:
  echo:
    udtin: {mode: %s, port: %s, protocol: %s}
    callbacks: |
      def onReceive(dat, rowIndex, message, bytes, peer):
          peer.sendBytes(bytes)
`

// TestUDTWithTheLibrary has an operator echo to the reference library, as a server and as a client.
func TestUDTWithTheLibrary(t *testing.T) {
	program := buildLibraryEnd(t)
	for mode, protocol := range map[string]string{"inorder": "reliablemsging", "anyorder": "reliablemsging", "stream": "faststreaming"} {
		flags := []string{"-mode=" + mode, "-work=both", "-ip=127.0.0.1", "-connections=1", "-bytes=500000", "-size=1700"}
		t.Run(protocol+" server/"+mode, func(t *testing.T) {
			l := cook(t, fmt.Sprintf(udtEcho, "server", "0", protocol))
			p := start(t, program, append(flags, "-open=dial", "-peer="+l.port("/echo"))...)
			wantEchoed(p)
			l.stop()
		})
		t.Run(protocol+" client/"+mode, func(t *testing.T) {
			p := start(t, program, append(flags, "-open=listen", "-peer=0")...)
			port := strings.TrimPrefix(p.out.any(), "port ")
			l := cook(t, fmt.Sprintf(udtEcho, "client", port, protocol))
			wantEchoed(p)
			l.stop()
		})
	}
}

// wantEchoed compares the sums of what the library sent and of what it received.
func wantEchoed(p *process) {
	p.t.Helper()
	sum := func() string {
		return p.out.next("sum", func(line string) bool { return strings.HasPrefix(line, "sum 500000 ") })
	}
	if a, b := sum(), sum(); a != b {
		p.t.Errorf("the library says %q and %q of what it sent and received", a, b)
	}
	if code := p.exit(); code != 0 {
		p.t.Errorf("the library's end: exit code %d: %s", code, p.errs)
	}
}
