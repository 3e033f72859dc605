package main_test

import (
	"bufio"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestSendToNetcat has netcat receive lines, and prints what netcat answers.
func TestSendToNetcat(t *testing.T) {
	_, port, free := freeTCP(t)
	free()
	nc := startFed(t, "answer\n", "nc", "-l", "127.0.0.1", port)
	var p *process
	for sent := false; !sent; { // netcat does not say when it listens
		p = start(t, "linecook", "send", "tcp", "--wait", "20s", "127.0.0.1", port, "one", "two")
		sent = p.exit() == 0
	}
	if one, two := nc.out.any(), nc.out.any(); one != "one" || two != "two" {
		t.Errorf("netcat received %q and %q, want one and two", one, two)
	}
	if got := p.out.any(); got != "answer" {
		t.Errorf("send printed %q, want netcat's answer", got)
	}
}

func TestSendLines(t *testing.T) {
	conn := listenUDP(t)
	p := startFed(t, "one\r\ntwo\n\nlast", "linecook", "send", "udp", "127.0.0.1", portOf(conn))
	for _, want := range []string{"one", "two", "", "last"} {
		wantDatagram(t, conn, want)
	}
	if code := p.exit(); code != 0 {
		t.Errorf("send ended with %d: %s", code, p.errs)
	}
}

// TestSendGoesOnAfterMistakes sends the lines that are right, says which are not, and ends with 1.
func TestSendGoesOnAfterMistakes(t *testing.T) {
	conn := listenUDP(t)
	p := startFed(t, "# a comment\n/a i x\n\n/b\n{\"address\":7}\n/c", "linecook", "send", "osc", "127.0.0.1", portOf(conn))
	wantDatagram(t, conn, padded("/b")+padded(","))
	wantDatagram(t, conn, padded("/c")+padded(","))
	if code := p.exit(); code != 1 {
		t.Errorf("send ended with %d, want 1", code)
	}
	for _, want := range []string{`line 2: /a: "x" is no value of type i: an integer is wanted`, "line 5: not the JSON of a message: "} {
		p.errs.next(want, func(line string) bool { return strings.HasPrefix(line, want) })
	}
}

// TestSendRate expects messages no faster than asked for, and all of them.
func TestSendRate(t *testing.T) {
	conn := listenUDP(t)
	began := time.Now()
	p := start(t, "linecook", "send", "udp", "--count", "11", "--rate", "100", "127.0.0.1", portOf(conn), "x")
	for range 11 {
		wantDatagram(t, conn, "x")
	}
	if took := time.Since(began); took < 100*time.Millisecond {
		t.Errorf("11 messages at 100 a second took %v, want 100 ms at least", took)
	}
	if code := p.exit(); code != 0 {
		t.Errorf("send ended with %d: %s", code, p.errs)
	}
}

// TestSendEndsWell ends with 0 at SIGINT, while it sends for ever and while it waits for input.
func TestSendEndsWell(t *testing.T) {
	conn := listenUDP(t)
	for _, args := range [][]string{{"--count", "0", "--rate", "100"}, nil} {
		args = append(append([]string{"send", "udp"}, args...), "127.0.0.1", portOf(conn))
		in, feed, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		defer feed.Close()
		if len(args) > 4 {
			args = append(args, "x")
		} else {
			_, _ = feed.WriteString("x\n") // a pipe has room for that
		}
		p := spawnFed(t, in, "linecook", args...)
		wantDatagram(t, conn, "x")
		live{p}.signal(os.Interrupt)
		if code := p.exit(); code != 0 {
			t.Errorf("linecook %q ended with %d after SIGINT: %s", args, code, p.errs)
		}
	}
}

// TestSendRaw sends what comes as it comes, whatever lines it has, and loses nothing of it.
func TestSendRaw(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	want := strings.Repeat("a\x00\r\n", 1<<20)
	_, port, _ := net.SplitHostPort(ln.Addr().String())
	p := startFed(t, want, "linecook", "send", "tcp", "--raw", "127.0.0.1", port)
	conn, err := ln.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if got, err := io.ReadAll(bufio.NewReader(conn)); err != nil || string(got) != want {
		t.Errorf("received %d bytes, %v; want the %d that were sent", len(got), err, len(want))
	}
	conn.Close()
	if code := p.exit(); code != 0 {
		t.Errorf("send ended with %d: %s", code, p.errs)
	}
}

// TestSendServes waits for a client to send to.
func TestSendServes(t *testing.T) {
	for _, network := range []string{"tcp", "udt"} {
		p := live{start(t, "linecook", "send", network, "--listen", "127.0.0.1", "0", "hello")}
		_, port, _ := net.SplitHostPort(p.log("listening", "")["addr"].(string))
		d := live{start(t, "linecook", "dump", network, "--connect", "127.0.0.1", port)}
		d.wantLines(map[string]string{"tcp": `"hello\n"`, "udt": `"hello"`}[network])
		if code := p.exit(); code != 0 {
			t.Errorf("send %s --listen ended with %d: %s", network, code, p.errs)
		}
		if code := d.exit(); code != 0 {
			t.Errorf("dump %s --connect ended with %d: %s", network, code, d.errs)
		}
	}
}

// TestSendIsRefused says what a refusal may mean, which the other end does not.
func TestSendIsRefused(t *testing.T) {
	_, host, port := dump(t, "udt", "0")
	p := run(t, 3, "linecook", "send", "udt", "--stream", host, port, "x")
	p.errs.next("why", func(line string) bool {
		return strings.Contains(line, "connection refused (the other end has messages where this one has a stream")
	})
}

// TestSendFromBusyPort names the port that is busy, and not only that which is to be connected to.
func TestSendFromBusyPort(t *testing.T) {
	port, _ := occupy(t, "udp")
	p := run(t, 3, "linecook", "send", "udt", "--localaddress", "127.0.0.1", "--localport", port, "127.0.0.1", "9", "x")
	p.errs.next("the port", func(line string) bool {
		return strings.Contains(line, "address 127.0.0.1:"+port+" (udt) is in use")
	})
}

// TestSendToNobody fails where that can be known, and says so by UDP if it is told.
func TestSendToNobody(t *testing.T) {
	port := freePort(t)
	p := run(t, 3, "linecook", "send", "tcp", "127.0.0.1", port, "x")
	p.errs.next("why", func(line string) bool {
		return line == "cannot connect to 127.0.0.1:"+port+": connect: connection refused"
	})
	u := live{start(t, "linecook", "send", "udp", "--count", "0", "--rate", "50", "127.0.0.1", port, "x")}
	u.log("nobody listens there", "")
}

// TestSendToFile writes what oscsend writes, and with a framing what would go by TCP.
func TestSendToFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.osc")
	message := []string{"/a", "isTb", "7", "x", "00ff"}
	packet := padded("/a") + padded(",isTb") + "\x00\x00\x00\x07" + padded("x") + "\x00\x00\x00\x02\x00\xff\x00\x00"
	for _, tt := range []struct {
		name, to, want string
		flags          []string
	}{
		{"a file", "file://" + file, packet, nil},
		{"a file that is there already", "file://" + file, "\x00\x00\x00\x1c" + packet, []string{"--framing", "size"}},
		{"standard output", "-", packet + packet, []string{"--count", "2"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			args := slices.Concat([]string{"send", "osc"}, tt.flags, []string{tt.to}, message)
			out, err := exec.Command("linecook", args...).Output()
			if err != nil {
				t.Fatalf("linecook %q: %v", args, err)
			}
			if tt.to != "-" {
				if out, err = os.ReadFile(file); err != nil {
					t.Fatal(err)
				}
			}
			if string(out) != tt.want {
				t.Errorf("linecook %q has written %q, want %q", args, out, tt.want)
			}
		})
	}
}

// TestSendToFileAsLiblo writes the same as oscsend, of all types that it knows.
func TestSendToFileAsLiblo(t *testing.T) {
	args := append([]string{"-"}, libloTypes...)
	ours, err := exec.Command("linecook", append([]string{"send", "osc"}, args...)...).Output()
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := exec.Command("oscsend", args...).Output()
	if err != nil {
		t.Fatalf("oscsend (of the Debian package %s): %v", installed["oscsend"], err)
	}
	if string(ours) != string(theirs) {
		t.Errorf("linecook send osc %q has written\n%q, oscsend\n%q", args, ours, theirs)
	}
}
