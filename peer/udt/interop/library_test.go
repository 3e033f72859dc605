package interop_test

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		if path, err := program(); err == nil {
			os.RemoveAll(filepath.Dir(path))
		}
		os.Exit(code)
	}))
}

// program builds testdata/peer.cpp, once.
var program = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "udt")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "peer")
	out, err := exec.Command("g++", "-O2", "-o", path, "testdata/peer.cpp", "-ludt", "-lpthread").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("install libudt-dev and g++: %w\n%s", err, out)
	}
	return path, nil
})

// A task is what both ends are to do.
type task struct {
	mode        string // stream, anyorder, inorder
	bytes, size int    // in all, and of each message
	connections int
}

// A library is one end, of the reference library, in a process of its own.
type library struct {
	port    string // where it is bound
	command *exec.Cmd
	lines   *bufio.Scanner
	errors  strings.Builder
}

const patience = 60 * time.Second // after which a test has failed

// start runs the library: how is listen, dial or rendezvous; what is send, recv or echo.
func start(t testing.TB, how, what, ip, peer string, k task) *library {
	t.Helper()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	_, port, err := net.SplitHostPort(peer)
	if err != nil {
		port = "0"
	}
	l := &library{command: exec.CommandContext(t.Context(), path, how, k.mode, what, ip, "0", port,
		strconv.Itoa(k.bytes), strconv.Itoa(k.size), strconv.Itoa(max(1, k.connections)))}
	out, err := l.command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	l.command.Stderr = &l.errors
	l.lines = bufio.NewScanner(out)
	if err := l.command.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(patience, func() { l.command.Process.Kill() })
	t.Cleanup(func() {
		timer.Stop()
		l.command.Process.Kill()
		l.command.Wait()
	})
	l.port = strings.TrimPrefix(l.line(t, "port "), "port ")
	return l
}

// line returns the next line that begins with prefix.
func (l *library) line(t testing.TB, prefix string) string {
	t.Helper()
	for l.lines.Scan() {
		if strings.HasPrefix(l.lines.Text(), prefix) {
			return l.lines.Text()
		}
	}
	l.command.Wait()
	t.Fatalf("the library's end is over before it said %q: %v %s", prefix, l.command.ProcessState, l.errors.String())
	return ""
}

// wait waits for the process to end well.
func (l *library) wait(t testing.TB) {
	t.Helper()
	if err := l.command.Wait(); err != nil {
		t.Errorf("the library's end: %v %s", err, l.errors.String())
	}
}
