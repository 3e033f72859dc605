package main_test

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"testing"

	"golang.org/x/sys/unix"
)

// TestABarIsForATerminal cooks with standard error on a terminal, and on something else.
func TestABarIsForATerminal(t *testing.T) {
	file := writePatch(t, long)
	args := []string{"cook", file, "--frames", "1-60000", "--out", t.TempDir()}
	if p := start(t, "linecook", args...); p.exit() != 0 || regexp.MustCompile("\x1b|frames/s").MatchString(p.errs.String()) {
		t.Errorf("linecook cook, not on a terminal, writes %q", p.errs)
	}
	screen, terminal := openTerminal(t)
	cmd := exec.Command("linecook", args...)
	cmd.Stderr = terminal
	p := spawn(t, cmd)
	seen, _ := io.ReadAll(screen) // it fails when the program has closed its end
	if code := p.exit(); code != 0 {
		t.Errorf("linecook cook on a terminal: exit code %d", code)
	}
	bar := regexp.MustCompile(`\rframe \d+, \d+ %, \d+ frames/s, \d+\.\dx real time, \d+s left\x1b\[K`)
	if !bar.Match(seen) || !regexp.MustCompile(`\r\x1b\[K[^\r\x1b]*$`).Match(seen) {
		t.Errorf("the terminal shows %q, want a bar that is taken away in the end", seen)
	}
}

// openTerminal returns both ends of a new terminal.
func openTerminal(t *testing.T) (screen, terminal *os.File) {
	t.Helper()
	screen, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = screen.Close() })
	fd := int(screen.Fd())
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	terminal, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	return screen, terminal
}
