//go:build linux

package main

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if os.Getenv(isEnd) != "" {
		main()
		return
	}
	goleak.VerifyTestMain(m)
}

// TestSmallRun measures a little of what needs nothing but a C compiler.
func TestSmallRun(t *testing.T) {
	var out, log strings.Builder
	args := []string{"-rounds", "1", "-seconds", "0.05", "-pin=false", "-only", "(sendmmsg|SEGMENT|wait).*(counts|oscin)"}
	if err := run(t.Context(), args, &out, &log); err != nil {
		t.Fatal(err)
	}
	for _, f := range floods[1:] {
		for _, r := range receivers[:4] {
			want := f.name + ` *\|` + r.name + ` *\|\d+ .*\|\d+\.\d .*\|\d+ .*\|\d+\.\d\d `
			if !regexp.MustCompile(want).MatchString(out.String()) {
				t.Errorf("no row is like %s", want)
			}
		}
	}
	if t.Failed() {
		t.Logf("%s\n%s", out.String(), log.String())
	}
}
