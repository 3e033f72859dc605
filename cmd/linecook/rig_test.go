package main_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// patience is how long a test waits for what must come.
const patience = 20 * time.Second

// A lines keeps the lines of a stream, and hands out each once.
type lines struct {
	t    *testing.T
	name string

	mu    sync.Mutex
	all   []string
	left  []string      // not handed out yet
	news  chan struct{} // rings after a line
	ended chan struct{} // is closed at the end
}

func readLines(t *testing.T, name string, r io.Reader) *lines {
	l := &lines{t: t, name: name, news: make(chan struct{}, 1), ended: make(chan struct{})}
	go func() {
		defer close(l.ended)
		in := bufio.NewScanner(r)
		in.Buffer(nil, 1<<20)
		for in.Scan() {
			l.add(in.Text())
		}
	}()
	return l
}

func (l *lines) add(line string) {
	l.mu.Lock()
	l.all, l.left = append(l.all, line), append(l.left, line)
	l.mu.Unlock()
	select {
	case l.news <- struct{}{}:
	default:
	}
}

// next returns the first line that matches and was not handed out yet.
func (l *lines) next(what string, match func(line string) bool) string {
	l.t.Helper()
	late := time.After(patience)
	for ended := false; ; {
		if line, ok := l.look(match); ok {
			return line
		}
		if ended {
			l.t.Fatalf("%s ended without %s; it was:\n%s", l.name, what, l)
		}
		select {
		case <-l.news:
		case <-l.ended:
			ended = true
		case <-late:
			l.t.Fatalf("%s had no %s within %v; it was:\n%s", l.name, what, patience, l)
		}
	}
}

func (l *lines) look(match func(string) bool) (line string, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	i := slices.IndexFunc(l.left, match)
	if i < 0 {
		return "", false
	}
	line = l.left[i]
	l.left = slices.Delete(l.left, i, i+1)
	return line, true
}

// within reports whether a line with that text comes within the given time.
func (l *lines) within(d time.Duration, text string) bool {
	late := time.After(d)
	for {
		if _, ok := l.look(func(line string) bool { return strings.Contains(line, text) }); ok {
			return true
		}
		select {
		case <-l.news:
		case <-l.ended:
			return false
		case <-late:
			return false
		}
	}
}

// any returns the next line.
func (l *lines) any() string {
	l.t.Helper()
	return l.next("further line", func(string) bool { return true })
}

// String returns all lines so far.
func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Join(l.all, "\n")
}

// A process is a program that a test started. It is killed when the test ends.
type process struct {
	t         *testing.T
	cmd       *exec.Cmd
	out, errs *lines
	ended     chan error
}

// installed says which package has a program that tests start.
var installed = map[string]string{
	"oscsend": "liblo-tools", "oscdump": "liblo-tools", "pd": "puredata-core", "socat": "socat",
	"nc": "netcat-openbsd", "curl": "curl",
}

// start runs a program. One that is not there fails the test.
func start(t *testing.T, program string, args ...string) *process {
	t.Helper()
	return spawn(t, exec.Command(program, args...))
}

// startFed runs a program that is given a text to read.
func startFed(t *testing.T, stdin, program string, args ...string) *process {
	t.Helper()
	cmd := exec.Command(program, args...)
	cmd.Stdin = strings.NewReader(stdin)
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

// A live is a running linecook.
type live struct{ *process }

// cook runs a patch; the log is JSON.
func cook(t *testing.T, patch string, args ...string) live {
	t.Helper()
	return cookFile(t, writePatch(t, patch), args...)
}

func cookFile(t *testing.T, file string, args ...string) live {
	t.Helper()
	return live{start(t, "linecook", append([]string{"run", "--log-format", "json", file}, args...)...)}
}

func writePatch(t *testing.T, patch string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "patch.yaml")
	if err := os.WriteFile(file, []byte(patch), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// log waits for a record with that message, of that node if it is not empty.
func (l live) log(msg, node string) map[string]any {
	l.t.Helper()
	var record map[string]any
	l.errs.next(fmt.Sprintf("record %q of %q", msg, node), func(line string) bool {
		record = nil
		if err := json.Unmarshal([]byte(line), &record); err != nil {
			l.t.Errorf("a log line is not JSON: %s", line)
		}
		return record["msg"] == msg && (node == "" || record["node"] == node)
	})
	return record
}

// addr waits until a node listens, and returns where.
func (l live) addr(node string) string {
	l.t.Helper()
	return l.log("listening", node)["addr"].(string)
}

// port waits until a node listens, and returns its port.
func (l live) port(node string) string {
	l.t.Helper()
	_, port, _ := strings.Cut(l.addr(node), ":")
	return port
}

func (l live) ready() { l.t.Helper(); l.log("ready", "") }

var frameNumber = regexp.MustCompile(`"frame":\d+,`)

// wantRows compares the rows that come next, without their frame's number.
func (l live) wantRows(want ...string) {
	l.t.Helper()
	for _, w := range want {
		if got := frameNumber.ReplaceAllString(l.out.any(), ""); got != w {
			l.t.Fatalf("printed row:\n got %s\nwant %s", got, w)
		}
	}
}

// stop ends linecook as a service manager does. It must end well, and within 2 seconds.
func (l live) stop() {
	l.t.Helper()
	began := time.Now()
	l.signal(syscall.SIGTERM)
	if code := l.exit(); code != 0 {
		l.t.Errorf("exit code after SIGTERM: %d, want 0; the log:\n%s", code, l.errs)
	}
	if took := time.Since(began); took > 2*time.Second {
		l.t.Errorf("linecook ended %v after SIGTERM, want 2 s at most", took)
	}
}

func (l live) signal(s os.Signal) {
	l.t.Helper()
	if err := l.cmd.Process.Signal(s); err != nil {
		l.t.Fatal(err)
	}
}
