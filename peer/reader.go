package peer

import "net"

// A reader reads a connection into memory that it holds only while there is something in it.
type reader interface {
	// read waits for bytes. Its error is io.EOF at the end of the stream.
	read() ([]byte, error)
	// release gives back what the last read returned.
	release()
}

const readBytes = 16 << 10 // of one read

type readBuffer = [readBytes]byte

// A plainReader works with any connection, and holds its buffer while it waits.
type plainReader struct {
	nc   net.Conn
	pool pool[readBuffer]
	buf  *readBuffer
}

func (r *plainReader) read() ([]byte, error) {
	if r.buf == nil {
		r.buf = r.pool.get()
	}
	n, err := r.nc.Read(r.buf[:])
	if n > 0 {
		err = nil // it comes again
	}
	return r.buf[:n], err
}

func (r *plainReader) release() {
	r.pool.put(r.buf)
	r.buf = nil
}
