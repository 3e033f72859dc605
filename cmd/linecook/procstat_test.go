package main_test

import (
	"fmt"
	"os"
	"strings"
	"time"
)

// rss returns how much memory the process has, in bytes.
func (p *process) rss() int {
	p.t.Helper()
	var size, resident int
	if _, err := fmt.Sscan(p.proc("statm"), &size, &resident); err != nil {
		p.t.Fatal(err)
	}
	return resident * os.Getpagesize()
}

// clockTick is the unit of times in /proc/PID/stat (proc_pid_stat(5)), which is this on every Linux that Go runs on.
const clockTick = 10 * time.Millisecond

// cpu returns how long the process has used a processor.
func (p *process) cpu() time.Duration {
	p.t.Helper()
	stat := p.proc("stat")
	fields := strings.Fields(stat[strings.LastIndexByte(stat, ')')+1:]) // the 3rd field is first
	var user, system time.Duration
	if _, err := fmt.Sscan(fields[11]+" "+fields[12], (*int64)(&user), (*int64)(&system)); err != nil {
		p.t.Fatal(err)
	}
	return (user + system) * clockTick
}

func (p *process) proc(name string) string {
	p.t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", p.cmd.Process.Pid, name))
	if err != nil {
		p.t.Fatal(err)
	}
	return string(text)
}
