package main

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// exitTime is how long the program lives after the first signal (reliability R90).
const exitTime = 2 * time.Second

// A stopSignal is the cause of a context that a signal ended.
type stopSignal struct{ at time.Time }

func (stopSignal) Error() string { return "stopped by a signal" }

// untilSignal returns a context that ends with SIGINT or SIGTERM. A second one ends the program at
// once, and so does exitTime. A broken pipe ends nothing: writing to it fails.
func untilSignal(ctx context.Context) context.Context {
	ctx, stop := context.WithCancelCause(ctx)
	signal.Ignore(syscall.SIGPIPE)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() { // until the program ends
		<-signals
		stop(stopSignal{time.Now()})
		select {
		case <-signals:
		case <-time.After(exitTime):
		}
		os.Exit(exitFailure)
	}()
	return ctx
}

// untilInterrupt returns a context that ends with SIGINT or SIGTERM. A second one ends the program.
func untilInterrupt(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}

// timeLeft returns how long what is printed may still take to go out: little after a signal.
func timeLeft(ctx context.Context) (left time.Duration, signalled bool) {
	s, signalled := errors.AsType[stopSignal](context.Cause(ctx))
	if !signalled {
		return 10 * time.Second, false
	}
	return max(exitTime-200*time.Millisecond-time.Since(s.at), 50*time.Millisecond), true
}
