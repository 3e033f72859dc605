package main

import (
	"context"
	"io"
	"log/slog"
	"sync"

	"linecook.dev/linecook/cmd/linecook/internal/top"
	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/cook/monitor"
)

// A topScreen shows the engine that runs in this process, by a monitor of its own. A nil one does nothing.
type topScreen struct {
	lines  top.Log
	served *monitoring
	stop   context.CancelFunc
	wg     sync.WaitGroup
	err    error // of the screen, once it has ended
}

// log returns where the log goes that is to go to w: to the screen, and to w if that is another one.
func (s *topScreen) log(w io.Writer) io.Writer {
	switch {
	case s == nil:
		return w
	case isTerminal(w):
		return &s.lines
	}
	return io.MultiWriter(&s.lines, w)
}

// show begins to show an engine. end is called when the user has enough.
func (s *topScreen) show(ctx context.Context, e *cook.Engine, info monitor.Info, rec *recording, log *slog.Logger, end context.CancelFunc) {
	if s == nil {
		return
	}
	pipe := top.NewPipe()
	s.served = &monitoring{l: pipe, config: monitor.Config{Logger: log, Peers: peersOf, NumPeers: numPeers, Listening: listeningAt, Describe: describeMessage}}
	s.served.serve(e, info, rec)
	ctx, s.stop = context.WithCancel(ctx)
	s.wg.Go(func() {
		defer end()
		s.err = topEnded(top.Config{Client: top.NewLocalClient(pipe.Dial), Log: &s.lines}.Run(ctx))
	})
}

// close ends the screen, once the engine has ended, and returns what went wrong with it.
func (s *topScreen) close() error {
	if s == nil {
		return nil
	}
	s.stop()
	s.wg.Wait()
	s.served.close()
	return s.err
}
