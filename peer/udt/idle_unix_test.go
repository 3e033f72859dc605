//go:build unix

package udt_test

import (
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"linecook.dev/linecook/peer/udt"
)

// BenchmarkIdle lets both ends of 1,000 connections be idle for a second, and tells what that costs.
func BenchmarkIdle(b *testing.B) {
	l, err := udt.Listen("udp", "127.0.0.1:0", nil)
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	port, err := udt.Open("udp", "127.0.0.1:0", nil)
	if err != nil {
		b.Fatal(err)
	}
	defer port.Close()
	const count = 1000
	before, conns := heap(), make([]*udt.Conn, 0, 2*count)
	for range count {
		c, err := port.Dial(b.Context(), l.Addr().String())
		if err != nil {
			b.Fatal(err)
		}
		s, err := l.AcceptUDT()
		if err != nil {
			b.Fatal(err)
		}
		c.Write([]byte{1}) // each was in use before
		s.Read(make([]byte, 1))
		conns = append(conns, c, s)
	}
	each, used := (heap()-before)/len(conns), cpu(b)
	for b.Loop() {
		<-time.After(time.Second)
	}
	b.ReportMetric(float64(each), "B/end")
	b.ReportMetric(100*float64(cpu(b)-used)/float64(b.Elapsed()), "%core")
	for _, c := range conns {
		c.SetLinger(0)
		c.Close()
	}
}

// cpu returns what the process has used of it so far.
func cpu(b *testing.B) time.Duration {
	var used unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
