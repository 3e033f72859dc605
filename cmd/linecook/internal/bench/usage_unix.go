//go:build unix

package bench

import (
	"syscall"
	"time"
)

// processorTime returns how long this process has been computing, in user and in system mode.
func processorTime() (time.Duration, error) {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0, err
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()), nil
}
