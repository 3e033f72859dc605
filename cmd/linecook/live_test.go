package main_test

import (
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

const udpIn = "linecook: v1\nnodes:\n  in: {udpin: {port: 0}}\n"

func TestLogRecords(t *testing.T) {
	t.Run("text", func(t *testing.T) {
		l := cook(t, udpIn, "--log-format", "text")
		listening := regexp.MustCompile(`^time=\S+ level=INFO msg=listening node=/in proto=udp addr=127\.0\.0\.1:\d+( |$)`)
		l.errs.next("listening", listening.MatchString)
		l.errs.next("ready", regexp.MustCompile(`^time=\S+ level=INFO msg=ready( |$)`).MatchString)
		l.stop()
	})
	t.Run("json", func(t *testing.T) {
		l := cook(t, udpIn)
		record := l.log("listening", "/in")
		if addr, ok := record["addr"].(string); record["proto"] != "udp" || !ok || !strings.HasPrefix(addr, "127.0.0.1:") {
			t.Errorf("listening record: %v, want strings proto udp and addr 127.0.0.1:port", record)
		}
		l.ready()
		l.stop()
	})
}

// TestArrivalMode expects a frame for each message, and none between.
func TestArrivalMode(t *testing.T) {
	l := cook(t, "linecook: v1\ntimeline: {mode: arrival}\nnodes:\n  in: {udpin: {port: 0}}\n")
	conn := dial(t, "udp", l.addr("/in"))
	l.ready()
	last := 0
	for i := range 5 {
		write(t, conn, "x")
		line := l.out.any()
		frame, err := strconv.Atoi(regexp.MustCompile(`"frame":(\d+),`).FindStringSubmatch(line)[1])
		if err != nil || i > 0 && frame != last+1 {
			t.Errorf("message %d came in frame %d (%v), want %d", i, frame, err, last+1)
		}
		last = frame
	}
	l.stop()
}

// TestStopDrains stops right after sending, with frames too rare to see it otherwise.
func TestStopDrains(t *testing.T) {
	l := cook(t, "linecook: v1\ntimeline: {fps: 1}\nnodes:\n  in: {udpin: {port: 0}}\n", "--set", "in.maxlines=10")
	conn := dial(t, "udp", l.addr("/in"))
	l.ready()
	const messages = 100
	for i := range messages {
		write(t, conn, strconv.Itoa(i))
	}
	awaitRead(t, conn)
	l.stop()
	for i := range messages {
		l.wantRows(fmt.Sprintf(`{"node":"/in","row":%d,"cells":{"message":"%[1]d"}}`, i))
	}
}

// awaitRead waits until the program at the other end has read all that was sent by UDP.
func awaitRead(t *testing.T, conn net.Conn) {
	t.Helper()
	port := conn.RemoteAddr().(*net.UDPAddr).Port
	waits := regexp.MustCompile(fmt.Sprintf(`(?m)^ *\d+: [0-9A-F]+:%04X .* [0-9A-F]{8}:0*[1-9A-F][0-9A-F]* `, port))
	for end := time.Now().Add(patience); time.Now().Before(end); {
		sockets, err := os.ReadFile("/proc/net/udp")
		if err != nil {
			t.Fatal(err)
		}
		if !waits.Match(sockets) {
			return
		}
	}
	t.Fatalf("what was sent to port %d is not read within %v", port, patience)
}

// TestStopWithPeers stops while many are connected: each sees its connection end in good order,
// behind what was sent to it.
func TestStopWithPeers(t *testing.T) {
	l := cook(t, lineEcho, "--print", "echo")
	addr := l.addr("/echo")
	conns := make([]net.Conn, 200)
	for i := range conns {
		conns[i] = dial(t, "tcp", addr)
		write(t, conns[i], "hello\n")
	}
	for range conns {
		l.out.any() // it was cooked
	}
	l.stop()
	for i, conn := range conns {
		if got, err := io.ReadAll(conn); err != nil || string(got) != "<hello>\n" {
			t.Errorf("connection %d had %q, %v, want <hello> and the end", i, got, err)
		}
	}
}

// TestSecondSignal ends a drain that waits for a reader who does not read.
func TestSecondSignal(t *testing.T) {
	cmd := exec.Command("linecook", "run", "--log-format", "json", writePatch(t, udpIn))
	cmd.Stdout = fullPipe(t)
	l := live{spawn(t, cmd)}
	conn := dial(t, "udp", l.addr("/in"))
	write(t, conn, "x")
	awaitRead(t, conn)
	l.ready()
	began := time.Now()
	l.signal(syscall.SIGTERM)
	l.signal(os.Interrupt) // another one: two of the same kind may become one
	if code := l.exit(); code != 3 {
		t.Errorf("exit code after two signals: %d, want 3", code)
	}
	if took := time.Since(began); took > time.Second {
		t.Errorf("linecook ended %v after two signals", took)
	}
}

// fullPipe returns the writing end of a pipe that has no room left and that nobody reads.
func fullPipe(t *testing.T) *os.File {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	if err := w.SetWriteDeadline(time.Now().Add(100 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	for err == nil {
		_, err = w.Write(make([]byte, 4096))
	}
	return w
}

const relay = `
linecook: v1
timeline: {mode: arrival}
nodes:
  in: {udpin: {port: 0}}
  out:
    udpout: {port: %s}
    in: in
`

// TestDeadReaders expects linecook to go on, and to end well in time, whatever happens to its
// outputs.
func TestDeadReaders(t *testing.T) {
	tests := []struct {
		name   string
		stdout func(*testing.T) *os.File
		stderr func(*testing.T) *os.File
		code   int
		log    string // that is there once
	}{
		{"nobody reads the rows", fullPipe, nil, 0, "rows were not printed: standard output was not read in time"},
		{"nobody reads the log", nil, fullPipe, 0, ""},
		{"the rows' reader has gone", brokenPipe, nil, 0, "rows are not printed any more: nobody reads standard output"},
		{"the log's reader has gone", nil, brokenPipe, 0, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			to, port := listenUDP(t), freePort(t)
			patch := writePatch(t, fmt.Sprintf(relay, portOf(to)))
			cmd := exec.Command("linecook", "run", "--set", "in.port="+port, "--print", "in", patch)
			if tt.stdout != nil {
				cmd.Stdout = tt.stdout(t)
			}
			if tt.stderr != nil {
				cmd.Stderr = tt.stderr(t)
			}
			p := spawn(t, cmd)
			conn := dial(t, "udp", "127.0.0.1:"+port)
			knockThrough(t, conn, to)
			for i := range 100 {
				write(t, conn, strconv.Itoa(i))
				for readDatagram(t, to) != strconv.Itoa(i) { // a late knock
				}
			}
			began := time.Now()
			live{p}.signal(syscall.SIGTERM)
			if code := p.exit(); code != tt.code {
				t.Errorf("exit code: %d, want %d; log:\n%s", code, tt.code, p.errs)
			}
			if took := time.Since(began); took > 2*time.Second {
				t.Errorf("linecook ended %v after SIGTERM, want 2 s at most", took)
			}
			if log := p.errs.String(); strings.Count(log, tt.log) != 1 && tt.log != "" {
				t.Errorf("log does not say once %q:\n%s", tt.log, log)
			}
		})
	}
}

// TestReaderHasEnough ends when the rows' reader has gone, and nothing else is left to do.
func TestReaderHasEnough(t *testing.T) {
	patch := writePatch(t, udpIn)
	cmd := exec.Command("linecook", "run", patch)
	cmd.Stdout = brokenPipe(t)
	l := live{spawn(t, cmd)}
	write(t, dial(t, "udp", l.addr("/in")), "x")
	if code := l.exit(); code != 0 {
		t.Errorf("exit code: %d, want 0; log:\n%s", code, l.errs)
	}
	if log := l.errs.String(); strings.Contains(log, "rows") || strings.Contains(log, "pipe") {
		t.Errorf("log speaks of rows that nobody wants any more:\n%s", log)
	}
}

// brokenPipe returns the writing end of a pipe that nobody can read.
func brokenPipe(t *testing.T) *os.File {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	return w
}

// TestBusyPort expects one node in error, the others at work, and all ready once the port is free.
func TestBusyPort(t *testing.T) {
	for _, proto := range []string{"udp", "tcp"} {
		t.Run(proto, func(t *testing.T) {
			t.Parallel()
			port, free := occupy(t, proto)
			node := map[string]string{"udp": "oscin: {port: " + port + "}", "tcp": "tcpip: {mode: server, port: " + port + "}"}[proto]
			began := time.Now()
			l := cook(t, udpIn+"  busy: {"+node+"}\n", "--print", "in")
			conn := dial(t, "udp", l.addr("/in"))
			fault := l.log("fault", "/busy")
			if took := time.Since(began); took > time.Second {
				t.Errorf("the fault came after %v, want 1 s at most", took)
			}
			if err := fault["err"].(string); fault["op"] != "start" || !strings.Contains(err, port) || !strings.Contains(err, "choose another") {
				t.Errorf("fault: %v, want op start, and an err that names port %s and says what to do", fault, port)
			}
			write(t, conn, "x")
			l.wantRows(`{"node":"/in","row":0,"cells":{"message":"x"}}`)
			free()
			l.log("listening", "/busy")
			l.ready()
			l.stop()
		})
	}
}

// occupy takes a port.
func occupy(t *testing.T, proto string) (port string, free func()) {
	t.Helper()
	if proto == "udp" {
		conn := listenUDP(t)
		return portOf(conn), func() { _ = conn.Close() }
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ = net.SplitHostPort(l.Addr().String())
	return port, func() { _ = l.Close() }
}
