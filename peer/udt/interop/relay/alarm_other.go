//go:build !linux

package relay

import "time"

type alarm struct{ closed chan struct{} }

func newAlarm() (*alarm, error) { return &alarm{make(chan struct{})}, nil }

func (a *alarm) wait(d time.Duration) {
	select {
	case <-time.After(d):
	case <-a.closed:
	}
}

func (a *alarm) close() error {
	close(a.closed)
	return nil
}
