package main

import (
	"io"
	"net"

	"linecook.dev/linecook/peer"
	"linecook.dev/linecook/peer/framing"
)

// A messageReader has messages, each whole: UDT in message mode.
type messageReader interface {
	ReadMessage(b []byte) ([]byte, error)
}

// receive hands on every message of nc, or what is wrong with it, until the connection ends. more is
// called when no further one is there yet. The error is nil if the other end closed it.
func (l *link) receive(nc net.Conn, message func(data []byte, err error), more func()) error {
	err := l.receiveAll(nc, message, more)
	if err == io.EOF {
		return nil
	}
	return err
}

func (l *link) receiveAll(nc net.Conn, message func([]byte, error), more func()) error {
	if l.isStream() {
		return l.receiveStream(nc, message, more)
	}
	read := func(b []byte) ([]byte, error) {
		n, err := nc.Read(b[:cap(b)])
		return b[:n], err
	}
	if r, ok := nc.(messageReader); ok {
		read = r.ReadMessage
	}
	buf := make([]byte, 0, peer.MaxDatagram)
	for {
		var err error
		if buf, err = read(buf[:0]); err != nil {
			return err
		}
		message(buf, nil)
		more()
	}
}

func (l *link) receiveStream(nc net.Conn, message func([]byte, error), more func()) error {
	s := framing.NewSplitter(framing.Config{Format: l.framing})
	buf := make([]byte, 64<<10)
	for {
		n, err := nc.Read(buf)
		for frame, err := range s.Feed(buf[:n]) {
			message(frame, err)
		}
		if err != nil {
			if frame, cut := s.Flush(); len(frame) > 0 || cut != nil {
				message(frame, cut)
			}
		}
		more()
		if err == nil {
			err = s.Err()
		}
		if err != nil {
			return err
		}
	}
}
