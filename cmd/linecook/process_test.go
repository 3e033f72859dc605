package main_test

import (
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// A process is a program that a test started. It is killed when the test ends.
type process struct {
	t         *testing.T
	cmd       *exec.Cmd
	out, errs *lines
	ended     chan error
	take      *takeCheck // nil if it is not recorded
}

// installed says which package has a program that tests start.
var installed = map[string]string{
	"oscsend": "liblo-tools", "oscdump": "liblo-tools", "pd": "puredata-core", "socat": "socat",
	"nc": "netcat-openbsd", "curl": "curl", "tmux": "tmux",
}

// start runs a program. One that is not there fails the test.
func start(t *testing.T, program string, args ...string) *process {
	t.Helper()
	return spawn(t, exec.Command(program, args...))
}

// startFed runs a program that is given a text to read.
func startFed(t *testing.T, stdin, program string, args ...string) *process {
	t.Helper()
	return spawnFed(t, strings.NewReader(stdin), program, args...)
}

func spawnFed(t *testing.T, stdin io.Reader, program string, args ...string) *process {
	t.Helper()
	cmd := exec.Command(program, args...)
	cmd.Stdin = stdin
	return spawn(t, cmd)
}

// spawn starts cmd. An output that has no place to go yet is read.
func spawn(t *testing.T, cmd *exec.Cmd) *process {
	t.Helper()
	if cmd.Err != nil {
		t.Fatalf("%v: install the Debian package %s (or all that .ci/run installs)", cmd.Err, installed[cmd.Args[0]])
	}
	p := &process{t: t, cmd: cmd, ended: make(chan error, 1)}
	p.out = readLines(t, cmd.Args[0]+"'s standard output", outlet(t, &cmd.Stdout))
	p.errs = readLines(t, cmd.Args[0]+"'s standard error", outlet(t, &cmd.Stderr))
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for _, w := range []io.Writer{cmd.Stdout, cmd.Stderr} {
		if err := w.(*os.File).Close(); err != nil {
			t.Error(err)
		}
	}
	go func() {
		p.ended <- cmd.Wait()
	}()
	t.Cleanup(func() { _ = cmd.Process.Kill() }) // most have ended by now
	return p
}

// outlet returns what reads the output w of a program.
func outlet(t *testing.T, w *io.Writer) io.Reader {
	t.Helper()
	if *w != nil {
		return strings.NewReader("")
	}
	r, pipe, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	*w = pipe
	t.Cleanup(func() { _ = r.Close() })
	return r
}

// exit waits for the end and returns the exit code; -1 if a signal killed the process.
func (p *process) exit() int {
	p.t.Helper()
	select {
	case <-p.ended:
		<-p.out.ended
		<-p.errs.ended
		return p.cmd.ProcessState.ExitCode()
	case <-time.After(patience):
		p.t.Fatalf("%v still runs after %v; its standard error was:\n%s", p.cmd.Args, patience, p.errs)
		return 0
	}
}
