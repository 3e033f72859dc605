package bench

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/ops"
)

const pingCount = 4000

// forwardOurs forwards datagrams by two nodes.
func forwardOurs(ctx context.Context, c *Config) (float64, error) {
	return c.converse(ctx, func(port int) (netip.AddrPort, func() error, error) {
		in := &ops.UdpIn{}
		r, err := start(ctx, cook.Config{Mode: cook.ArrivalMode}, func(e *graph.Edit) {
			e.Wire(e.Add("in", in), e.Add("out", &ops.UdpOut{Port: port}))
		})
		if err != nil {
			return netip.AddrPort{}, nil, err
		}
		return in.LocalAddr(), func() error { return r.end(nil) }, nil
	})
}

// forwardByHand forwards them by a loop.
func forwardByHand(ctx context.Context, c *Config) (float64, error) {
	return c.converse(ctx, func(port int) (netip.AddrPort, func() error, error) {
		conn, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
		if err != nil {
			return netip.AddrPort{}, nil, err
		}
		to := netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), uint16(port))
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			b := make([]byte, 64<<10)
			for {
				n, _, err := conn.ReadFromUDPAddrPort(b)
				if err != nil {
					return
				}
				_, _ = conn.WriteToUDPAddrPort(b[:n], to) // what is lost shows at the other end
			}
		}()
		return conn.LocalAddr().(*net.UDPAddr).AddrPort(), func() error {
			err := conn.Close()
			<-ended
			return err
		}, nil
	})
}

// converse has a load ping what open opens, which forwards to a port, and returns the time that it tells.
func (c *Config) converse(ctx context.Context, open func(port int) (netip.AddrPort, func() error, error)) (figure float64, err error) {
	cmd := c.Load(ctx, "ping", strconv.Itoa(c.times(pingCount)))
	in, err := cmd.StdinPipe()
	if err != nil {
		return 0, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return 0, err
	}
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	said := bufio.NewReader(out)
	port, err := readNumber(said)
	if err != nil {
		return 0, err
	}
	addr, end, err := open(int(port))
	if err != nil {
		return 0, err
	}
	fmt.Fprintln(in, addr)
	figure, err = readNumber(said)
	if e := end(); err == nil {
		err = e
	}
	if e := cmd.Wait(); err == nil {
		err = e
	}
	return figure, err
}

func readNumber(r *bufio.Reader) (float64, error) {
	text, err := r.ReadString('\n')
	if err != nil {
		return 0, err
	}
	return strconv.ParseFloat(strings.TrimSpace(text), 64)
}
