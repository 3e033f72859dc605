package interop_test

import (
	"context"
	"flag"
	"net"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"linecook.dev/linecook/peer/udt/interop"
)

func TestMain(m *testing.M) {
	interop.BeEnd()
	flag.Parse()
	flag.Set("test.parallel", "4") // the library waits most of the time
	dir, err := os.MkdirTemp("", "udt")
	if err != nil {
		panic(err)
	}
	library = sync.OnceValues(func() (string, error) { return interop.Build(context.Background(), dir) })
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		os.RemoveAll(dir)
		os.Exit(code)
	}))
}

// library builds the reference library's end, once.
var library func() (path string, err error)

const patience = 150 * time.Second // after which a test has failed

// A process is an end whose test fails when it does.
type process struct {
	*interop.Process
	t testing.TB
}

// start runs the library's end.
func start(t testing.TB, k interop.Task) process {
	t.Helper()
	path, err := library()
	if err != nil {
		t.Fatal(err)
	}
	return startProgram(t, path, k)
}

// startOurs runs our end in a process of its own.
func startOurs(t testing.TB, k interop.Task) process {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return startProgram(t, path, k)
}

func startProgram(t testing.TB, path string, k interop.Task) process {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	p, err := interop.Start(ctx, path, k)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Kill)
	return process{p, t}
}

// line returns the rest of the next line of that name.
func (p process) line(name string) string {
	p.t.Helper()
	line, err := p.Line(name)
	if err != nil {
		p.t.Fatal(err)
	}
	return line
}

// wait waits for the process to end well.
func (p process) wait() {
	p.t.Helper()
	if err := p.Wait(); err != nil {
		p.t.Errorf("the library's end: %v", err)
	}
}

// portOf returns the port of an address.
func portOf(t testing.TB, address string) int {
	t.Helper()
	_, service, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	port, err := strconv.Atoi(service)
	if err != nil {
		t.Fatal(err)
	}
	return port
}
