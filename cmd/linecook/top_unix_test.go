//go:build unix

package main_test

import (
	"fmt"
	"net"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// topPatch has a node that receives, two that read it, and one whose port is taken.
const topPatch = `
linecook: v1
nodes:
  in:
    oscin: {port: 0}
    callbacks: |
      def onReceiveOSC(dat, rowIndex, message, bytes, timeStamp, address, args, peer):
          if address == '/bad':
              fail(args[0])
  loud:
    select: {where: arg1 > 0.5}
    in: in
  quiet:
    select: {where: arg1 <= 0.5}
    in: in
  busy: {udpin: {port: %s}}
`

// A toptest is top in a terminal, which shows topPatch.
type toptest struct {
	*terminal
	run  string // the command line
	osc  net.Conn
	free func() // the port of busy
}

// TestTop looks at a patch that top runs itself, and at one that runs elsewhere.
func TestTop(t *testing.T) {
	t.Run("patch", func(t *testing.T) {
		t.Parallel()
		busy, free := occupy(t, "udp")
		tt := toptest{terminal: newTerminal(t, "100", "30"), free: free}
		tt.run = "linecook top " + writePatch(t, fmt.Sprintf(topPatch, busy))
		tt.begin()
		tt.osc = dial(t, "udp", tt.until(`msg=listening node=/in proto=udp addr=(\S+)`)[1])
		tt.press("l")
		tt.until(`msg=fault node=/busy op=start`)
		tt.press("Escape")
		tt.look()
		tt.press("q")
		tt.wantEnd(0)
	})
	t.Run("url", func(t *testing.T) {
		t.Parallel()
		busy, free := occupy(t, "udp")
		l := cook(t, fmt.Sprintf(topPatch, busy), "--monitor", "127.0.0.1:0")
		addr := l.addr("/in")
		url := l.log("monitor", "")["url"].(string)
		tt := toptest{terminal: newTerminal(t, "100", "30"), run: "linecook top '" + url + "'", osc: dial(t, "udp", addr), free: free}
		tt.begin()
		tt.look()
		tt.lose(l)
		tt.press("q")
		tt.wantEnd(0)
	})
}

// begin runs top in the terminal.
func (tt *toptest) begin() {
	tt.t.Helper()
	const modes = `echo "modes $(stty -a | cksum)"`
	tt.enter(modes)
	tt.until(`(?m)^modes \d`)
	tt.enter(tt.run + `; echo "ended with $?"; ` + modes)
	tt.until(`patch\.yaml .*connected`)
}

// wantEnd expects top to have ended with a code, and the terminal to be as it was.
func (tt *toptest) wantEnd(code int) {
	tt.t.Helper()
	tt.until(fmt.Sprintf(`(?m)^ended with %d\nmodes \d`, code))
	modes := regexp.MustCompile(`(?m)^modes \d.*$`).FindAllString(tt.screen(), -1)
	if len(modes) != 2 || modes[0] != modes[1] {
		tt.t.Errorf("the terminal's modes before and after top are %q", modes)
	}
	if state := tt.state("alternate #{alternate_on} cursor #{cursor_flag}"); state != "alternate 0 cursor 1" {
		tt.t.Errorf("the terminal is left with %s", state)
	}
}

// flood sends messages until stop is called.
func (tt *toptest) flood() (stop func()) {
	_ = tt.osc.SetDeadline(time.Time{}) // it is over when the test is
	end, every := make(chan struct{}), time.NewTicker(5*time.Millisecond)
	var wg sync.WaitGroup
	wg.Go(func() {
		defer every.Stop()
		for {
			_, err := tt.osc.Write([]byte(padded("/fader/\x1b[31m") + padded(",f") + "\x3f\x40\x00\x00")) // 0.75
			if err != nil {
				tt.t.Error(err)
			}
			select {
			case <-end:
				return
			case <-every.C:
			}
		}
	})
	return func() { close(end); wg.Wait() }
}

// look tries what top has, while messages arrive.
func (tt *toptest) look() {
	tt.t.Helper()
	stop := tt.flood()
	defer stop()
	tt.until(`(?m)^/in +oscin +ok +[1-9]\d* +[1-9]\d* `)
	tt.until(`(?m)^/loud +select +ok +[1-9]\d* +[1-9]\d* `)
	tt.until(`(?m)^/busy +udpin +error `)
	tt.until(`errors 1 `)
	tt.press("O")
	tt.until(`out/s↓(?s:.*)\n/(in|loud) (?s:.*)\n/quiet `)
	tt.press("r")
	tt.until(`out/s↑(?s:.*)\n/quiet (?s:.*)\n/(in|loud) `)
	tt.press("/", "l", "o", "*", "Enter")
	if tt.until(`nodes 1 of 4: lo\*`); strings.Contains(tt.screen(), "\n/quiet ") {
		tt.t.Errorf("/quiet is shown with the filter lo*:\n%s", tt.last)
	}
	tt.press("Enter")
	tt.lookAtTail()
	tt.press("Escape")
	tt.until(`nodes 1 of 4`)
	tt.press("Escape")
	tt.until(`nodes 4 `)
	tt.lookAtErrors()
}

// lookAtTail expects the open table to move on, until it is stopped.
func (tt *toptest) lookAtTail() {
	tt.t.Helper()
	row := regexp.MustCompile(`(?m)^ *(\d+) /fader/\\x1b\[31m 0\.75 *$`)
	newest := func() int {
		found := row.FindAllStringSubmatch(tt.screen(), -1)
		if len(found) == 0 {
			return -1
		}
		n, err := strconv.Atoi(found[len(found)-1][1])
		if err != nil {
			tt.t.Fatal(err)
		}
		return n
	}
	tt.until(`/loud +select +ok(?s:.*)following\nrow +address +arg1`)
	first := newest()
	for late := time.Now().Add(patience); newest() <= first || first < 0; first = max(first, 0) {
		if time.Now().After(late) {
			tt.t.Fatalf("the tail does not move on from row %d:\n%s", first, tt.last)
		}
	}
	tt.press("Space")
	tt.until("PAUSED")
	at := newest()
	tt.until(`0:00:\d\d`)
	if now := newest(); now != at {
		tt.t.Errorf("the tail moved from row %d to %d while it was paused", at, now)
	}
	tt.press("4")
	tt.until(`where +arg1 > 0\.5`)
}

// lookAtErrors expects an error that is there, one that has passed, and none when its cause has gone.
func (tt *toptest) lookAtErrors() {
	tt.t.Helper()
	tt.press("e")
	tt.until(`(?m)^ACTIVE /busy +start +\d+ `)
	write(tt.t, tt.osc, padded("/bad")+padded(",s")+padded("\x1b]0;x\a wrong"))
	tt.until(`(?m)^\w+ +/in +row +1 `)
	tt.press("Down")
	tt.until(`/in, row, ×1 since frame \d+:(?s:.*)fail: \\x1b\]0;x\\a wrong`)
	tt.free()
	tt.until(`(?m)^over +/busy +start `)
	tt.press("Up")
	tt.until(`/busy, start, `)
	tt.press("Enter")
	tt.until(`/busy +udpin +ok(?s:.*)start  over  ×\d+, first in frame`)
	tt.press("2")
	tt.until(`no peers`)
	tt.press("Escape")
	tt.until(`the faults of all nodes`)
	tt.press("Escape")
	tt.until(`(?m)^/busy +udpin +ok `)
	tt.until(`errors 0 `)
}

// lose ends the engine, and expects top to say so and to wait for it.
func (tt *toptest) lose(l live) {
	tt.t.Helper()
	l.stop()
	tt.until(`NOT CONNECTED(?s:.*)tried again in \d s: http://127\.0\.0\.1:\d+: connection refused`)
}

// TestTopEndsWithASignal gives the terminal back, and ends in time.
func TestTopEndsWithASignal(t *testing.T) {
	t.Parallel()
	tt := toptest{terminal: newTerminal(t, "80", "24"), run: "linecook top " + writePatch(t, udpIn)}
	tt.begin()
	pid, err := strconv.Atoi(tt.child())
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if err := syscall.Kill(pid, syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	tt.wantEnd(0)
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("top ended %v after SIGTERM", took)
	}
}

// TestTopWithoutColours shows states by words, and no colours where these are not wanted.
func TestTopWithoutColours(t *testing.T) {
	t.Parallel()
	port, _ := occupy(t, "udp")
	patch := writePatch(t, "linecook: v1\nnodes:\n  busy: {udpin: {port: "+port+"}}\n")
	for env, want := range map[string]bool{"NO_COLOR=1": false, "A=b": true} { //nolint:misspell // that is its name
		tt := toptest{terminal: newTerminal(t, "80", "24", env), run: "linecook top " + patch}
		tt.begin()
		tt.until(`(?m)^/busy +error `)
		coloured := regexp.MustCompile(`\x1b\[[\d;]*3[0-7]m`).MatchString(tt.tmux("capture-pane", "-p", "-e"))
		if coloured != want {
			t.Errorf("with %s top has colours: %t, want %t", env, coloured, want)
		}
		tt.press("C-c")
		tt.wantEnd(0)
	}
}

// TestTopKeepsTheLog writes it to a file, too, where standard error is one.
func TestTopKeepsTheLog(t *testing.T) {
	t.Parallel()
	log := t.TempDir() + "/log"
	tt := toptest{terminal: newTerminal(t, "80", "24"), run: "linecook top " + writePatch(t, udpIn) + " 2>" + log}
	tt.begin()
	tt.until(`"msg":"ready"`)
	tt.press("q")
	tt.wantEnd(0)
	text, err := os.ReadFile(log)
	if err != nil || !strings.Contains(string(text), `"msg":"ready"`) || !strings.Contains(string(text), `"msg":"ended"`) {
		t.Errorf("the log is %q, %v, want what top did until its end", text, err)
	}
}
