package interop

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"runtime/debug"
	"time"
)

// idle opens connections that are used once, and tells what they cost.
func idle(ctx context.Context, t Task, e end, in io.Reader, out io.Writer) error {
	before := measure()
	conns := make([]net.Conn, 0, t.Connections)
	for range t.Connections {
		c, err := e.open(ctx)
		if err != nil {
			return err
		}
		use := c.Write
		if t.Open == "listen" {
			use = c.Read
		}
		if _, err := use([]byte{1}); err != nil {
			return err
		}
		conns = append(conns, c)
	}
	opened := measure()
	cpu := cpuTime()
	select {
	case <-time.After(t.Last):
	case <-ctx.Done():
	}
	cpu = cpuTime() - cpu
	_, err := fmt.Fprintln(out, "idle", opened.resident-before.resident, opened.heap-before.heap, cpu.Seconds())
	if err == nil {
		_, err = io.Copy(io.Discard, in)
	}
	runtime.KeepAlive(conns)
	return err
}

type memory struct{ resident, heap int } // in bytes

// measure returns what the process has in use; resident memory is known on Linux only.
func measure() memory {
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	var size, pages int
	if b, err := os.ReadFile("/proc/self/statm"); err == nil {
		_, _ = fmt.Sscan(string(b), &size, &pages)
	}
	return memory{pages * os.Getpagesize(), int(m.HeapAlloc + m.StackInuse)}
}
