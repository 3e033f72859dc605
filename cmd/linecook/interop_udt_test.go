package main_test

import (
	"bytes"
	"errors"
	"fmt"
	"hash/fnv"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestUDTWithTheLibrary has send and dump talk with the reference library.
func TestUDTWithTheLibrary(t *testing.T) {
	l := library(filepath.Join(t.TempDir(), "peer"))
	source := filepath.Join("..", "..", "peer", "udt", "interop", "testdata", "peer.cpp")
	if out, err := exec.Command("g++", "-O1", "-o", string(l), source, "-ludt", "-lpthread").CombinedOutput(); err != nil {
		t.Fatalf("install libudt-dev and g++: %v\n%s", err, out)
	}
	t.Run("dump a stream", l.dumpStream)
	t.Run("send a stream", l.sendStream)
	t.Run("dump messages", l.dumpMessages)
	t.Run("send messages", l.sendMessages)
}

// A library is a program that is one end of a UDT connection, by the reference library.
type library string

// What the library moves in these tests: that many bytes, in calls or messages of that size.
const udtBytes, udtSize = 1_000_000, 1000

// start has the library listen, dial or rendezvous, and then send or recv. It returns the
// port that it has.
func (l library) start(t *testing.T, how, mode, what, peerPort string) (*process, string) {
	t.Helper()
	p := start(t, string(l), how, mode, what, "127.0.0.1", "0", peerPort, strconv.Itoa(udtBytes), strconv.Itoa(udtSize), "1")
	line := p.out.next("its port", func(line string) bool { return strings.HasPrefix(line, "port ") })
	return p, strings.TrimPrefix(line, "port ")
}

// udtContent is what the library sends, and expects.
func udtContent() []byte {
	b := make([]byte, udtBytes)
	for i := range b {
		b[i] = byte(uint64(i) * 2654435761 >> 13)
	}
	return b
}

// wantSum waits until the library says that it received what udtContent is.
func wantSum(t *testing.T, l *process, sum uint64) {
	t.Helper()
	got := l.out.next("the sum", func(line string) bool { return strings.HasPrefix(line, "sum ") })
	if want := fmt.Sprintf("sum %d %d", udtBytes, sum); got != want {
		t.Errorf("the library received %s, want %s", got, want)
	}
}

func fnv1a(b []byte) uint64 {
	h := fnv.New64a()
	h.Write(b)
	return h.Sum64()
}

func (l library) dumpStream(t *testing.T) {
	file := filepath.Join(t.TempDir(), "dumped")
	out, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	_, port := l.start(t, "listen", "stream", "send", "0")
	cmd := exec.Command("linecook", "dump", "udt", "--stream", "--raw", "--connect", "127.0.0.1", port)
	cmd.Stdout = out
	if d := spawn(t, cmd); d.exit() != 0 {
		t.Errorf("dump failed: %s", d.errs)
	}
	if got, err := os.ReadFile(file); err != nil || !bytes.Equal(got, udtContent()) {
		t.Errorf("dumped %d bytes, %v, which are not the %d that the library sent", len(got), err, udtBytes)
	}
}

func (l library) sendStream(t *testing.T) {
	p, port := l.start(t, "listen", "stream", "recv", "0")
	sending := startFed(t, string(udtContent()), "linecook", "send", "udt", "--stream", "--raw", "127.0.0.1", port)
	wantSum(t, p, fnv1a(udtContent()))
	if code := sending.exit(); code != 0 {
		t.Errorf("send ended with %d: %s", code, sending.errs)
	}
}

// udtMessages are the content in messages, and the sum that the library makes of them.
func udtMessages() (lines []string, sum uint64) {
	b := udtContent()
	for i := 0; i < len(b); i += udtSize {
		lines = append(lines, fmt.Sprintf("%x", b[i:i+udtSize]))
		sum += fnv1a(b[i : i+udtSize])
	}
	return lines, sum
}

func (l library) dumpMessages(t *testing.T) {
	lines, _ := udtMessages()
	t.Run("server", func(t *testing.T) {
		d, _, port := dump(t, "udt", "--hex", "--count", strconv.Itoa(len(lines)), "0")
		l.start(t, "dial", "inorder", "send", port)
		d.wantLines(lines...)
	})
	t.Run("rendezvous", func(t *testing.T) {
		local := freePort(t)
		_, port := l.start(t, "rendezvous", "inorder", "send", local)
		d := live{start(t, "linecook", "dump", "udt", "--hex", "--rendezvous", "--localport", local, "127.0.0.1", port)}
		d.wantLines(lines...)
	})
}

// sendMessages keeps the connections open until the library has read all: it loses the message that it
// is reading when the other end closes.
func (l library) sendMessages(t *testing.T) {
	lines, sum := udtMessages()
	in := strings.Join(lines, "\n") + "\n"
	t.Run("client", func(t *testing.T) {
		p, port := l.start(t, "listen", "inorder", "recv", "0")
		_, end := startOpen(t, in, "linecook", "send", "udt", "--hex", "127.0.0.1", port)
		wantSum(t, p, sum)
		end()
	})
	t.Run("rendezvous", func(t *testing.T) {
		local := freePort(t)
		p, port := l.start(t, "rendezvous", "inorder", "recv", local)
		_, end := startOpen(t, in, "linecook", "send", "udt", "--hex", "--rendezvous", "--localport", local, "127.0.0.1", port)
		wantSum(t, p, sum)
		end()
	})
	t.Run("server", func(t *testing.T) {
		s, end := startOpen(t, in, "linecook", "send", "udt", "--hex", "--listen", "127.0.0.1", "0")
		addr := live{s}.log("listening", "")["addr"].(string)
		p, _ := l.start(t, "dial", "inorder", "recv", addr[strings.LastIndexByte(addr, ':')+1:])
		wantSum(t, p, sum)
		end()
	})
}

// startOpen runs a program that is given a text to read, and has to end well when there is no more.
func startOpen(t *testing.T, text, program string, args ...string) (p *process, end func()) {
	t.Helper()
	in, feed, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	p = spawnFed(t, in, program, args...)
	_ = in.Close()
	written := make(chan error, 1)
	go func() {
		_, err := feed.WriteString(text)
		written <- err
	}()
	return p, func() {
		if err := errors.Join(<-written, feed.Close()); err != nil {
			t.Error(err)
		}
		if code := p.exit(); code != 0 {
			t.Errorf("%s %q ended with %d: %s", program, args, code, p.errs)
		}
	}
}
