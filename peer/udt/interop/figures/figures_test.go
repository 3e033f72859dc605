package main

import (
	"regexp"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"linecook.dev/linecook/peer/udt/interop"
)

func TestMain(m *testing.M) {
	interop.BeEnd()
	goleak.VerifyTestMain(m)
}

// TestSmallRun measures little of each kind of experiment.
func TestSmallRun(t *testing.T) {
	var out, log strings.Builder
	const only = "stream: (ours|library) to library|stream: tcp|messages: ours|loss 1 %: ours|bottleneck: ours$|shared bottleneck: ours and ours|echo|idle"
	if err := run(t.Context(), []string{"-rounds", "1", "-scale", "0.005", "-only", only}, &out, &log); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`ours to library +\|Mbit/s +\|\d+ .*\|\d+ .*\|\d+\.\d\d +\|>= 1\.2x +\|(yes|no)`,
		`loss 1 %, ours to library +\|Mbit/s +\|\d+ `,
		`bottleneck of 100 Mbit/s +\|Mbit/s +\|\d+\.\d .*\|>= 90 +\|no`, // it has no time for more
		`Jain index +\|  +\|(1\.00|0\.\d\d) `,
		`echo of 1000 B, .*\|us +\|\d+\.\d .*\|\d+\.\d `,
		`idle connections, .*\|bytes +\|\d+ .*\|\d+ `,
	} {
		if !regexp.MustCompile(want).MatchString(out.String()) {
			t.Errorf("no row is like %s", want)
		}
	}
	if t.Failed() {
		t.Logf("%s\n%s", out.String(), log.String())
	}
}
