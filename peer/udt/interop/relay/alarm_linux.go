package relay

import (
	"errors"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// An alarm waits more exactly than the runtime does, whose idle processors sleep whole milliseconds.
type alarm struct {
	file *os.File // a timerfd(2)
	raw  syscall.RawConn
}

func newAlarm() (*alarm, error) {
	fd, err := unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_NONBLOCK|unix.TFD_CLOEXEC)
	if err != nil {
		return nil, os.NewSyscallError("timerfd_create", err)
	}
	file := os.NewFile(uintptr(fd), "timerfd")
	raw, err := file.SyscallConn()
	return &alarm{file, raw}, err
}

// wait returns after d, which is more than 0, or when the alarm is closed.
func (a *alarm) wait(d time.Duration) {
	spec := unix.ItimerSpec{Value: unix.NsecToTimespec(d.Nanoseconds())}
	var err error
	closed := a.raw.Control(func(fd uintptr) { err = unix.TimerfdSettime(int(fd), 0, &spec, nil) })
	if errors.Join(closed, err) == nil {
		var expirations [8]byte
		_, _ = a.file.Read(expirations[:]) // fails when it is closed
	}
}

func (a *alarm) close() error { return a.file.Close() }
