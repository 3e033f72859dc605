package main_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

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
	l.take.check(l)
}

func (l live) signal(s os.Signal) {
	l.t.Helper()
	if err := l.cmd.Process.Signal(s); err != nil {
		l.t.Fatal(err)
	}
}
