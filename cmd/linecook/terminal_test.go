package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// A terminal is one of tmux, with a shell in it.
type terminal struct {
	t      *testing.T
	socket string
	last   string // what it showed when it was looked at last
}

// newTerminal opens a terminal of that size, in which variables are set.
func newTerminal(t *testing.T, width, height string, env ...string) *terminal {
	t.Helper()
	dir, err := os.MkdirTemp("", "tmux") // the test's own may be too long for a socket
	if err != nil {
		t.Fatal(err)
	}
	term := &terminal{t: t, socket: filepath.Join(dir, "s")}
	t.Cleanup(func() {
		_ = term.command("kill-server").Run() // it may have ended
		_ = os.RemoveAll(dir)
	})
	env = append([]string{"env", "LC_ALL=C.UTF-8", "PS1=$ ", "ENV="}, env...)
	term.tmux(append([]string{"-f", "/dev/null", "new-session", "-d", "-x", width, "-y", height}, append(env, "sh")...)...)
	term.until(`(?m)^\$`)
	return term
}

func (term *terminal) command(args ...string) *exec.Cmd {
	return exec.Command("tmux", append([]string{"-u", "-S", term.socket}, args...)...)
}

// tmux runs a command of tmux, and returns what it says.
func (term *terminal) tmux(args ...string) string {
	term.t.Helper()
	cmd := term.command(args...)
	if cmd.Err != nil {
		term.t.Fatalf("%v: install the Debian package %s (or all that .ci/run installs)", cmd.Err, installed["tmux"])
	}
	out, err := cmd.CombinedOutput()
	if err != nil {
		term.t.Fatalf("tmux %q: %v: %s", args, err, out)
	}
	return string(out)
}

// press presses keys, each a character or a name of tmux's.
func (term *terminal) press(keys ...string) {
	term.t.Helper()
	term.tmux(append([]string{"send-keys"}, keys...)...)
}

// enter writes a line to the shell.
func (term *terminal) enter(line string) {
	term.t.Helper()
	term.tmux("send-keys", "-l", line)
	term.press("Enter")
}

// screen returns what is shown, without what tells colours.
func (term *terminal) screen() string {
	term.t.Helper()
	term.last = term.tmux("capture-pane", "-p")
	return term.last
}

// until waits until the screen matches, and returns what the pattern's groups match.
func (term *terminal) until(pattern string) []string {
	term.t.Helper()
	want := regexp.MustCompile(pattern)
	look := time.NewTicker(50 * time.Millisecond)
	defer look.Stop()
	for late := time.After(patience); ; {
		if found := want.FindStringSubmatch(term.screen()); found != nil {
			return found
		}
		select {
		case <-look.C:
		case <-late:
			term.t.Fatalf("the terminal never showed %q; it shows:\n%s", pattern, term.last)
		}
	}
}

// state returns what tmux knows of the terminal.
func (term *terminal) state(format string) string {
	term.t.Helper()
	return strings.TrimSpace(term.tmux("display-message", "-p", format))
}

// child returns the process that the shell runs.
func (term *terminal) child() string {
	term.t.Helper()
	shell := term.state("#{pane_pid}")
	children, err := os.ReadFile("/proc/" + shell + "/task/" + shell + "/children")
	if err != nil {
		term.t.Fatal(err)
	}
	return strings.TrimSpace(string(children))
}
