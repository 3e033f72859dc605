package bench

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"unsafe"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops"
)

const (
	lineCount = 1_000_000
	lineRows  = 10_000 // that are kept
)

// linesOurs keeps of the lines, split, those that are over a bound.
func linesOurs(ctx context.Context, c *Config) (float64, error) {
	in := &ops.TcpIp{Mode: "server", Window: ops.Window{MaxLines: lineRows}}
	var split, over *graph.Node
	r, err := start(ctx, cook.Config{Mode: cook.ArrivalMode}, func(e *graph.Edit) {
		split = e.Add("split", &ops.Convert{Columns: []string{"name", "value", "count", "heat", "text"}, Keep: graph.Off})
		over = e.Add("over", &ops.Select{Where: "value > 0.5"})
		e.Wire(e.Add("in", in), split)
		e.Wire(split, over)
	})
	if err != nil {
		return 0, err
	}
	count := c.times(lineCount)
	seen, all := 0, make(chan struct{})
	r.e.Observe(over, func(int64, table.Delta) {})
	r.e.Observe(split, func(_ int64, d table.Delta) {
		for rows := range d.News() {
			seen += rows.Len()
		}
		if seen == count {
			close(all)
		}
	})
	spent, err := c.receive(ctx, in.LocalAddr(), count, func() error {
		select {
		case <-all:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	return spent, r.end(err)
}

// receive returns the processor time, in nanoseconds, that it takes for each line of a load until wait returns.
func (c *Config) receive(ctx context.Context, addr netip.AddrPort, count int, wait func() error) (float64, error) {
	before, err := processorTime()
	if err != nil {
		return 0, err
	}
	load, err := c.startLoad(ctx, "lines", addr.String(), strconv.Itoa(count))
	if err != nil {
		return 0, err
	}
	if err := wait(); err != nil {
		return 0, err
	}
	after, err := processorTime()
	if err != nil {
		return 0, err
	}
	return float64(after-before) / float64(count), load.Wait()
}

// linesByHand does the same as one would write it for this one task: it reads, splits, compares and appends in one
// loop.
func linesByHand(ctx context.Context, c *Config) (float64, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer ln.Close()
	count := c.times(lineCount)
	return c.receive(ctx, ln.Addr().(*net.TCPAddr).AddrPort(), count, func() error {
		conn, err := ln.Accept()
		if err != nil {
			return err
		}
		defer conn.Close()
		if got := newHandTable().readAll(conn); got != count {
			return fmt.Errorf("%d of %d lines came", got, count)
		}
		return nil
	})
}

// A handTable is the last rows, column by column. Texts are in a buffer each.
type handTable struct {
	value, heat []float64
	count       []int64
	name, text  [][]byte
	next        int
}

func newHandTable() *handTable {
	return &handTable{
		value: make([]float64, lineRows), heat: make([]float64, lineRows), count: make([]int64, lineRows),
		name: make([][]byte, lineRows), text: make([][]byte, lineRows),
	}
}

// readAll reads lines to the end, and returns how many were whole.
func (t *handTable) readAll(conn net.Conn) (lines int) {
	buf, have := make([]byte, 64<<10), 0
	for {
		n, err := conn.Read(buf[have:])
		if err != nil {
			return lines
		}
		have += n
		rest := buf[:have]
		for {
			i := bytes.IndexByte(rest, '\n')
			if i < 0 {
				break
			}
			if t.add(rest[:i]) {
				lines++
			}
			rest = rest[i+1:]
		}
		have = copy(buf, rest)
	}
}

// add appends a line if it is over the bound, and reports whether it was good.
func (t *handTable) add(line []byte) bool {
	name, line, _ := bytes.Cut(line, []byte{' '})
	value, line, _ := bytes.Cut(line, []byte{' '})
	count, line, _ := bytes.Cut(line, []byte{' '})
	heat, text, ok := bytes.Cut(line, []byte{' '})
	v, err := strconv.ParseFloat(alias(value), 64)
	n, err2 := strconv.ParseInt(alias(count), 10, 64)
	h, err3 := strconv.ParseFloat(alias(heat), 64)
	if !ok || err != nil || err2 != nil || err3 != nil {
		return false
	}
	if v > 0.5 {
		i := t.next % lineRows
		t.value[i], t.count[i], t.heat[i] = v, n, h
		t.name[i] = append(t.name[i][:0], name...)
		t.text[i] = append(t.text[i][:0], text...)
		t.next++
	}
	return true
}

// alias returns b as a string without copying it.
func alias(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
