//go:build unix

package main_test

import (
	"os"
	"syscall"
	"testing"
	"time"
)

// TestSendInVain ends soon after SIGINT, although the other end has stopped and takes nothing.
func TestSendInVain(t *testing.T) {
	d, host, port := dump(t, "udt", "0")
	p := live{start(t, "linecook", "send", "udt", "--count", "0", host, port, "x")}
	d.wantLines(`"x"`)
	d.signal(syscall.SIGSTOP)
	began := time.Now()
	p.signal(os.Interrupt)
	if code := p.exit(); code != 0 || time.Since(began) > 5*time.Second {
		t.Errorf("send ended with %d, %v after SIGINT, want 0 within half a second: %s", code, time.Since(began), p.errs)
	}
}
