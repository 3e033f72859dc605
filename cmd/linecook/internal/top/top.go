package top

import (
	"context"
	"fmt"
	"os"
	"sync"

	"github.com/gdamore/tcell/v2"

	"linecook.dev/linecook/graph"
)

// A Config says what is shown and where.
type Config struct {
	Client *Client
	Screen tcell.Screen // nil is the terminal's
	Log    *Log         // of the engine, if it runs in this process; else nil
}

// A TerminalError is why there is no terminal to show anything in.
type TerminalError struct{ Err error }

func (e *TerminalError) Error() string { return e.Err.Error() }
func (e *TerminalError) Unwrap() error { return e.Err }

// Open returns the screen of the terminal, begun. Its Fini gives the terminal back as it was.
func Open() (tcell.Screen, error) {
	s, err := tcell.NewScreen()
	if err == nil {
		err = s.Init()
	}
	if err != nil {
		return nil, &TerminalError{fmt.Errorf("there is no screen for TERM=%s: %w; set TERM to what the terminal is, as xterm-256color", os.Getenv("TERM"), err)}
	}
	for r, instead := range map[rune]string{'µ': "u", '×': "x", '…': "~"} { // where there is no UTF-8
		s.RegisterRuneFallback(r, instead)
	}
	return s, nil
}

// Run shows an engine until the user has enough or ctx ends. When it returns, or panics, the terminal is
// as it was before. The error is a [RefusedError], an [UnreachableError] or a [TerminalError] if nothing was ever shown.
func (c Config) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	changes := make(chan func(*Model))
	f := newFollower(c.Client, func(ctx context.Context, change func(*Model)) {
		select {
		case changes <- change:
		case <-ctx.Done():
		}
	})
	if _, err := f.graph(ctx); err != nil && isFinal(err) {
		return err
	}
	screen := c.Screen
	if screen == nil {
		var err error
		if screen, err = Open(); err != nil {
			return err
		}
	}
	var wg sync.WaitGroup
	defer wg.Wait()
	defer screen.Fini()
	defer cancel()
	ended, events := make(chan error, 1), make(chan tcell.Event)
	wg.Go(func() { ended <- graph.Guard(func() error { return f.run(ctx) }) })
	wg.Go(func() { screen.ChannelEvents(events, ctx.Done()) })
	u := newUI(screen, f, c.Log)
	return graph.Guard(func() error { return u.loop(ctx, sources{events, changes, ended}) })
}
