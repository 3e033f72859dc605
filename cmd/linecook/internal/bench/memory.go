package bench

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strconv"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops"
	"linecook.dev/linecook/peer"
)

const (
	memoryRows  = 500_000
	memoryPeers = 1000
)

// used returns the bytes of heap and stacks that are in use.
func used() float64 {
	for range 3 { // what pools keep goes with the second
		runtime.GC()
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc + m.StackInuse)
}

// rowMemory returns the bytes that a stored row takes.
func rowMemory(context.Context, *Config) (float64, error) {
	before := used()
	t, w := table.New(table.Limits{}), table.NewWriter()
	w.AddCols("a", "b", "c", "d")
	for i := range memoryRows {
		w.Row()
		for col := range 4 {
			w.SetFloat64(col, float64(i+col))
		}
		if i%1000 == 999 {
			t.Commit(w)
		}
	}
	after := used()
	rows := t.NumRows()
	runtime.KeepAlive(w)
	if rows != memoryRows {
		return 0, fmt.Errorf("%d of %d rows are there", rows, memoryRows)
	}
	return (after - before) / memoryRows, nil
}

// peerMemory returns the bytes that a TCP peer takes at a server when nothing is going on. The clients are in another
// process.
func peerMemory(ctx context.Context, c *Config) (float64, error) {
	count := c.times(memoryPeers)
	open, all := 0, make(chan struct{})
	in := &ops.TcpIp{Mode: "server", Access: ops.Access{MaxPeers: memoryPeers}, MaxPerSource: memoryPeers}
	in.OnConnect = func(*ops.Dat, peer.Handle) error {
		if open++; open == count {
			close(all)
		}
		return nil
	}
	r, err := start(ctx, cook.Config{Mode: cook.ArrivalMode}, func(e *graph.Edit) { e.Add("in", in) })
	if err != nil {
		return 0, err
	}
	before := used()
	cmd := c.Load(ctx, "hold", in.LocalAddr().String(), strconv.Itoa(count))
	end, err := cmd.StdinPipe()
	if err != nil {
		return 0, r.end(err)
	}
	if err := cmd.Start(); err != nil {
		return 0, r.end(err)
	}
	select {
	case <-all:
	case <-ctx.Done():
		return 0, r.end(ctx.Err())
	}
	figure := (used() - before) / float64(count)
	return figure, errors.Join(end.Close(), cmd.Wait(), r.end(nil))
}
