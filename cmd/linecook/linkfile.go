package main

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"time"
)

// toFile is the network of what is written to a file instead of being sent, as oscsend can.
const (
	toFile     = "file"
	stdoutName = "-" // the file that is standard output
)

// file takes the name of a file.
func (l *link) file(s string, u *url.URL) error {
	l.network, l.host = toFile, u.Path
	if u.Host != "" || u.Path == "" {
		return fmt.Errorf("%s: expected file:///PATH", s)
	}
	return nil
}

// create makes the file, and returns what writes to it.
func (l *link) create() (net.Conn, error) {
	if l.host == stdoutName {
		return fileConn{nopCloser{os.Stdout}}, nil
	}
	f, err := os.Create(l.host)
	if err != nil {
		return nil, err
	}
	return fileConn{f}, nil
}

// A fileConn is a connection that is only written to: a file.
type fileConn struct{ io.WriteCloser }

func (fileConn) Read([]byte) (int, error)         { return 0, io.EOF }
func (fileConn) LocalAddr() net.Addr              { return fileAddr{} }
func (fileConn) RemoteAddr() net.Addr             { return fileAddr{} }
func (fileConn) SetDeadline(time.Time) error      { return errors.ErrUnsupported }
func (fileConn) SetReadDeadline(time.Time) error  { return errors.ErrUnsupported }
func (fileConn) SetWriteDeadline(time.Time) error { return errors.ErrUnsupported }

type fileAddr struct{}

func (fileAddr) Network() string { return toFile }
func (fileAddr) String() string  { return toFile }

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }
