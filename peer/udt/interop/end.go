package interop

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"sync"

	"linecook.dev/linecook/peer/udt"
)

// isEnd is in the environment of a process that is an end.
const isEnd = "LINECOOK_UDT_END"

// BeEnd makes this process our end, and ends it, if [Start] has started it.
func BeEnd() {
	if os.Getenv(isEnd) == "" {
		return
	}
	if err := run(context.Background(), os.Args[1:], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// run does the task in args and says its lines to out.
func run(ctx context.Context, args []string, in io.Reader, out io.Writer) error {
	t, err := parse(args)
	if err != nil {
		return err
	}
	e, err := bind(t)
	if err != nil {
		return err
	}
	_, port, err := net.SplitHostPort(e.addr)
	if err != nil {
		return err
	}
	fmt.Fprintln(out, "port", port)
	if t.Work == "idle" {
		return errors.Join(idle(ctx, t, e, in, out), e.close())
	}
	var wg sync.WaitGroup
	fail := make(chan error, max(1, t.Connections))
	for range t.Connections {
		c, err := e.open(ctx)
		if err != nil {
			fail <- err
			break
		}
		wg.Go(func() { fail <- errors.Join(t.work(c, out), c.Close()) })
	}
	wg.Wait()
	close(fail)
	for e := range fail {
		err = errors.Join(err, e)
	}
	return errors.Join(err, e.close())
}

// An end is what connections come from.
type end struct {
	addr  string
	open  func(context.Context) (net.Conn, error)
	close func() error
}

func bind(t Task) (end, error) {
	local, peer := net.JoinHostPort(t.IP, "0"), net.JoinHostPort(t.IP, strconv.Itoa(t.Peer))
	if t.Mode == "tcp" {
		return bindTCP(t, local, peer)
	}
	port, err := udt.Open("udp", local, t.config())
	if err != nil {
		return end{}, err
	}
	e := end{addr: port.Addr().String(), close: port.Close}
	switch t.Open {
	case "listen":
		l, err := port.Listen()
		if err != nil {
			return end{}, errors.Join(err, port.Close())
		}
		e.open = func(context.Context) (net.Conn, error) { return l.Accept() }
	case "dial":
		e.open = func(ctx context.Context) (net.Conn, error) { return port.Dial(ctx, peer) }
	default:
		e.open = func(ctx context.Context) (net.Conn, error) { return port.Rendezvous(ctx, peer) }
	}
	return e, nil
}

func (t Task) config() *udt.Config {
	if t.Mode == "stream" {
		return nil
	}
	return &udt.Config{Mode: udt.Messages, Backlog: 1024}
}

func bindTCP(t Task, local, peer string) (end, error) {
	if t.Open == "dial" {
		var d net.Dialer
		return end{local, func(ctx context.Context) (net.Conn, error) { return d.DialContext(ctx, "tcp", peer) }, func() error { return nil }}, nil
	}
	l, err := net.Listen("tcp", local)
	if err != nil {
		return end{}, err
	}
	return end{l.Addr().String(), func(context.Context) (net.Conn, error) { return l.Accept() }, l.Close}, nil
}
