package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"syscall"
	"time"

	"linecook.dev/linecook/peer"
)

const (
	halfTime  = 500 * time.Millisecond // for a TCP peer to end its side, or for a UDT peer to have all after a signal
	maxBehind = 100 * time.Millisecond // by which messages are sent faster than their rate, after a delay
)

// A sender sends messages by one connection, and prints what is answered.
type sender struct {
	*sendOptions
	nc    net.Conn
	log   *slog.Logger
	heard chan struct{} // closed when nothing more can be answered

	next          time.Time // when the next message is due
	packet, frame []byte
}

// open connects, or waits for the other end to.
func (o *sendOptions) open(ctx context.Context, log *slog.Logger) (net.Conn, error) {
	if o.role != server {
		return o.dial(ctx)
	}
	ln, err := o.listen(ctx)
	if err != nil {
		return nil, err
	}
	defer ln.Close()
	log.Info("listening", slog.String("proto", o.network), slog.String("addr", ln.Addr().String()))
	defer context.AfterFunc(ctx, func() { _ = ln.Close() })() // Accept has the error
	return ln.Accept()
}

// hear prints what is answered.
func (s *sender) hear(d *dumper) {
	defer close(s.heard)
	from := s.nc.RemoteAddr().String()
	told := false
	for {
		err := s.receive(s.nc, func(data []byte, err error) { d.message(time.Now(), from, data, err) }, d.flush)
		if s.network != "udp" || !errors.Is(err, syscall.ECONNREFUSED) {
			return
		}
		if !told {
			s.log.Warn("nobody listens there", "peer", from, "err", err)
		}
		told = true
	}
}

// repeat sends messages as often as --count says.
func (s *sender) repeat(ctx context.Context, messages []message) error {
	for i := 0; s.count == 0 || i < s.count; i++ {
		for _, m := range messages {
			if err := s.send(ctx, m); err != nil {
				return err
			}
		}
	}
	return nil
}

// A mistake is a message that cannot be sent; the next one can.
type mistake struct{ error }

// send sends a message when it is due. The error is a mistake, or one of the connection.
func (s *sender) send(ctx context.Context, m message) (err error) {
	if err := s.pace(ctx); err != nil {
		return err
	}
	if s.packet, err = m(s.packet[:0]); err == nil {
		err = s.sendable(s.packet)
	}
	if err != nil {
		return mistake{err}
	}
	data := s.packet
	if s.isStream() {
		s.frame = s.framing.Append(s.frame[:0], data)
		data = s.frame
	} else if most := s.longest(); len(data) > most {
		return mistake{&peer.SizeError{Bytes: len(data), Max: most}}
	}
	defer context.AfterFunc(ctx, func() { _ = s.nc.SetWriteDeadline(time.Now()) })() // it fails if nc is closed already
	if _, err = s.nc.Write(data); errors.Is(err, syscall.ECONNREFUSED) && s.network == "udp" {
		_, err = s.nc.Write(data) // that was about the one before
	}
	return err
}

func (s *sender) longest() int {
	if c, ok := s.nc.(interface{ MaxMessage() int }); ok {
		return c.MaxMessage()
	}
	return peer.MaxDatagram
}

// pace waits until the next message is due.
func (s *sender) pace(ctx context.Context) error {
	if s.rate == 0 {
		return ctx.Err()
	}
	now := time.Now()
	if oldest := now.Add(-maxBehind); s.next.Before(oldest) {
		s.next = now
	}
	due := time.NewTimer(s.next.Sub(now))
	defer due.Stop()
	s.next = s.next.Add(time.Duration(float64(time.Second) / s.rate))
	select {
	case <-due.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// end waits for answers, and closes the connection. It returns how the program ends after err.
func (s *sender) end(ctx context.Context, err error) error {
	wait := s.wait
	if half, ok := s.nc.(interface{ CloseWrite() error }); ok && err == nil {
		err = half.CloseWrite()
		wait = max(wait, halfTime)
	}
	late := time.NewTimer(wait)
	defer late.Stop()
	if wait > 0 {
		select {
		case <-s.heard:
		case <-late.C:
		case <-ctx.Done():
		}
	}
	if c, ok := s.nc.(interface{ SetLinger(time.Duration) }); ok && ctx.Err() != nil {
		c.SetLinger(halfTime)
	}
	failed := failure(ctx, errors.Join(err, s.nc.Close()))
	<-s.heard
	return failed
}
