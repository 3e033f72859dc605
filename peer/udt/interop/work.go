package interop

import (
	"fmt"
	"io"
	"net"
	"slices"
	"time"

	"linecook.dev/linecook/peer/udt"
)

// work does what t says on one connection.
func (t Task) work(c net.Conn, out io.Writer) error {
	switch t.Work {
	case "fill":
		return t.fill(c, out)
	case "drain":
		return t.drain(c, out)
	case "ping":
		return t.ping(c, out)
	case "echo":
		return t.echo(c)
	}
	return fmt.Errorf("our end does not know the work %q", t.Work)
}

func (t Task) fill(c net.Conn, out io.Writer) error {
	b := make([]byte, t.Size)
	for done := 0; done < t.Bytes; done += t.Size {
		if err := t.send(c, b); err != nil {
			if t.Last > 0 { // the other end has enough
				return nil
			}
			return err
		}
		if done == 0 {
			fmt.Fprintln(out, "begun", t.Size)
		}
	}
	return nil
}

func (t Task) drain(c net.Conn, out io.Writer) error {
	begin, done, b := time.Now(), 0, make([]byte, 1<<20)
	for done < t.Bytes && (t.Last == 0 || time.Since(begin) < t.Last) {
		var n int
		var err error
		if n, b, err = t.receive(c, b); err != nil {
			return err
		}
		if done == 0 {
			fmt.Fprintln(out, "begun", n)
		}
		done += n
	}
	_, err := fmt.Fprintln(out, "rate", done, time.Since(begin).Seconds())
	return err
}

func (t Task) ping(c net.Conn, out io.Writer) error {
	b, times := make([]byte, t.Size), []time.Duration(nil)
	for done := 0; done < t.Bytes; done += t.Size {
		begin := time.Now()
		if err := t.send(c, b); err != nil {
			return err
		}
		for got := 0; got < t.Size; {
			n, _, err := t.receive(c, b)
			if err != nil {
				return err
			}
			got += n
		}
		times = append(times, time.Since(begin))
	}
	slices.Sort(times)
	_, err := fmt.Fprintln(out, "rtt", times[len(times)/2].Seconds())
	return err
}

func (t Task) echo(c net.Conn) error {
	b := make([]byte, 1<<16)
	for done := 0; done < t.Bytes; {
		n, into, err := t.receive(c, b)
		if err != nil {
			return err
		}
		if err := t.send(c, into[:n]); err != nil {
			return err
		}
		b, done = into, done+n
	}
	return nil
}

func (t Task) send(c net.Conn, b []byte) error {
	if u, ok := c.(*udt.Conn); ok && t.Mode != "stream" {
		return u.WriteMessage(b, udt.MessageOptions{AnyOrder: t.Mode == "anyorder"})
	}
	_, err := c.Write(b)
	return err
}

// receive returns how many bytes it has read into b, which may have moved.
func (t Task) receive(c net.Conn, b []byte) (n int, into []byte, err error) {
	if u, ok := c.(*udt.Conn); ok && t.Mode != "stream" {
		into, err = u.ReadMessage(b[:0])
		return len(into), into[:cap(into)], err
	}
	n, err = c.Read(b)
	return n, b, err
}
