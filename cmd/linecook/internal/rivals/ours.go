//go:build linux

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"sync/atomic"

	"golang.org/x/sys/unix"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/ops"
)

// isEnd is in the environment of a process that receives.
const isEnd = "LINECOOK_RIVALS_END"

// A rowCounter counts the rows that reach it.
type rowCounter struct{ rows atomic.Uint64 }

func (*rowCounter) Describe() graph.Description {
	return graph.Description{Name: "rowcounter", Inputs: graph.Arity{Min: 1, Max: 1}, Class: graph.ClassEffect}
}

func (*rowCounter) Effect() bool { return true }

func (r *rowCounter) Cook(c *graph.Cook) error {
	for rows := range c.In(0).News() {
		r.rows.Add(uint64(rows.Len()))
	}
	return nil
}

// receive is an engine with an oscin as it is without any parameters, and a node that wants its rows.
func receive(mode string, in io.Reader, out io.Writer) error {
	g, op, rows := graph.New(), &ops.OscIn{}, &rowCounter{}
	err := g.Edit(func(e *graph.Edit) { e.Wire(e.Add("in", op), e.Add("rows", rows)) })
	if err != nil {
		return err
	}
	config := cook.Config{}
	if mode == "arrival" {
		config.Mode = cook.ArrivalMode
	}
	e, err := cook.New(g, config)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- e.Run(ctx) }()
	<-e.Ready()
	fmt.Fprintln(out, "port", op.LocalAddr().Port())
	err = answer(rows, in, out)
	stop()
	return errors.Join(err, <-ended)
}

// answer says for each line what has come so far.
func answer(r *rowCounter, in io.Reader, out io.Writer) error {
	for lines := bufio.NewScanner(in); lines.Scan(); {
		var u unix.Rusage
		if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
			return err
		}
		fmt.Fprintf(out, "count %d %.6f\n", r.rows.Load(), float64(u.Utime.Nano()+u.Stime.Nano())/1e9)
	}
	return nil
}
