package bench

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"os/exec"
	"strconv"
)

// Load does what an experiment asks for, in a process of its own: "lines ADDRESS COUNT", "ping COUNT" or
// "hold ADDRESS COUNT". What it has to say and is told goes by out and in.
func Load(in io.Reader, out io.Writer, args ...string) error {
	if len(args) < 2 {
		return fmt.Errorf("%q is no load", args)
	}
	count, err := strconv.Atoi(args[len(args)-1])
	if err != nil {
		return err
	}
	switch args[0] {
	case "lines":
		return sendLines(args[1], count)
	case "ping":
		return ping(in, out, count)
	case "hold":
		return hold(in, args[1], count)
	}
	return fmt.Errorf("%q is no load", args)
}

// hold keeps connections open until in ends.
func hold(in io.Reader, addr string, count int) error {
	for range count {
		c, err := net.Dial("tcp", addr)
		if err != nil {
			return err
		}
		defer c.Close()
	}
	_, err := io.Copy(io.Discard, in)
	return err
}

// line returns a line of about 55 bytes: a name, two numbers, a count and a text.
func line(b []byte, i int) []byte {
	b = fmt.Appendf(b, "/sensor/%02d %.3f %d %.2f the-text-of-this-line-%02d\n",
		i%32, float64(i%1000)/1000, 1_700_000+i, float64(i%4000)/100, i%50)
	return b
}

// sendLines sends so many lines, in writes of 64 KiB.
func sendLines(addr string, count int) error {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		return err
	}
	defer c.Close()
	var all []byte
	for i := range 10_000 {
		all = line(all, i)
	}
	w := bufio.NewWriterSize(c, 64<<10)
	for ; count >= 10_000; count -= 10_000 {
		if _, err := w.Write(all); err != nil {
			return err
		}
	}
	for i := range count {
		if _, err := w.Write(line(nil, i)); err != nil {
			return err
		}
	}
	return w.Flush()
}

// startLoad starts a load.
func (c *Config) startLoad(ctx context.Context, args ...string) (*exec.Cmd, error) {
	cmd := c.Load(ctx, args...)
	return cmd, cmd.Start()
}
