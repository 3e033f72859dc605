package monitor

import (
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"time"
)

// Limits of what is served (reliability R63).
const (
	headerTime  = 5 * time.Second
	headerBytes = 16 << 10
	bodyTime    = 10 * time.Second
	answerTime  = 30 * time.Second
	idleTime    = 60 * time.Second
	maxConns    = 1024
	shutTime    = 200 * time.Millisecond // that answers have when serving ends
)

// Listen opens the socket of a monitor, and reports whether other machines can reach it. An address
// without a host is on loopback.
func Listen(addr string) (l net.Listener, public bool, err error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, false, fmt.Errorf("monitor address %q: %w; write HOST:PORT, as 127.0.0.1:7700", addr, err)
	}
	if host == "" {
		host = "127.0.0.1"
	}
	if l, err = net.Listen("tcp", net.JoinHostPort(host, port)); err != nil {
		return nil, false, fmt.Errorf("monitor: %w; give --monitor another address, or port 0 for one that is free", err)
	}
	bound, err := netip.ParseAddrPort(l.Addr().String())
	return l, err != nil || !bound.Addr().IsLoopback(), nil
}

// Serve answers what comes to l, which it closes, until ctx ends. It returns when nothing is served any more.
func (m *Monitor) Serve(ctx context.Context, l net.Listener) error {
	s := &http.Server{
		Handler: m, ReadHeaderTimeout: headerTime, ReadTimeout: bodyTime, WriteTimeout: answerTime, IdleTimeout: idleTime,
		MaxHeaderBytes: headerBytes, ErrorLog: log.New(errorLog{m.config.Logger}, "", 0),
	}
	shutDown := make(chan struct{})
	ended := context.AfterFunc(ctx, func() {
		defer close(shutDown)
		m.stop()
		shut, cancel := context.WithTimeout(context.Background(), shutTime)
		defer cancel()
		if s.Shutdown(shut) != nil {
			_ = s.Close() // its connections are all there is left
		}
	})
	err := s.Serve(&limitedListener{Listener: l, refused: func() { m.gate.counts.add("connections") }})
	if !ended() {
		<-shutDown // Serve returns before the answers that are under way are written
		if errors.Is(err, http.ErrServerClosed) {
			return nil
		}
	}
	return err
}

// errorLog takes what package http says.
type errorLog struct{ to *slog.Logger }

func (l errorLog) Write(text []byte) (int, error) {
	l.to.Warn("monitor", "http", strings.TrimSpace(string(text)))
	return len(text), nil
}

// A limitedListener closes connections at once that are too many.
type limitedListener struct {
	net.Listener
	open    atomic.Int64
	refused func()
}

// Accept implements [net.Listener].
func (l *limitedListener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if l.open.Add(1) <= maxConns {
			return &limitedConn{Conn: c, open: &l.open}, nil
		}
		l.open.Add(-1)
		l.refused()
		_ = c.Close() // it was not used
	}
}

type limitedConn struct {
	net.Conn
	open   *atomic.Int64
	closed atomic.Bool
}

// Close implements [net.Conn].
func (c *limitedConn) Close() error {
	if !c.closed.Swap(true) {
		c.open.Add(-1)
	}
	return c.Conn.Close()
}
