package bench

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strings"
	"time"
)

const (
	pingEvery = 500 * time.Microsecond // from one datagram to the next: 2,000 a second
	pingText  = "ping %020d 50 bytes, give or take a few"
	pongWait  = time.Second // for what is still on its way at the end
)

// ping says its port, is told where to send, sends count datagrams, one at a time, and says the median time until
// one came back to the port, in microseconds.
func ping(in io.Reader, out io.Writer, count int) error {
	c, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return err
	}
	defer c.Close()
	fmt.Fprintln(out, c.LocalAddr().(*net.UDPAddr).Port)
	told, err := bufio.NewReader(in).ReadString('\n')
	if err != nil {
		return err
	}
	to, err := netip.ParseAddrPort(strings.TrimSpace(told))
	if err != nil {
		return err
	}
	p := &pinger{c: c, began: time.Now(), took: make(chan []float64)}
	go p.hear(count)
	if err := p.send(to, count); err != nil {
		return err
	}
	took := <-p.took
	if len(took) < count/2 {
		return fmt.Errorf("%d of %d datagrams came back", len(took), count)
	}
	_, err = fmt.Fprintln(out, median(took))
	return err
}

// A pinger is both ends of what goes through a forwarder.
type pinger struct {
	c     *net.UDPConn
	began time.Time
	took  chan []float64 // microseconds, of each that came
}

func (p *pinger) send(to netip.AddrPort, count int) error {
	tick := time.NewTicker(pingEvery)
	defer tick.Stop()
	for range count {
		<-tick.C
		if _, err := p.c.WriteToUDPAddrPort(fmt.Appendf(nil, pingText, time.Since(p.began)), to); err != nil {
			return err
		}
	}
	return p.c.SetReadDeadline(time.Now().Add(pongWait))
}

// hear takes what comes until there are count, or no more.
func (p *pinger) hear(count int) {
	var took []float64
	b := make([]byte, 1500)
	for len(took) < count {
		n, _, err := p.c.ReadFromUDPAddrPort(b)
		now := time.Since(p.began)
		if errors.Is(err, net.ErrClosed) || err != nil && n == 0 && now > pongWait {
			break
		}
		var sent time.Duration
		if _, err := fmt.Sscanf(string(b[:n]), pingText, &sent); err == nil {
			took = append(took, float64(now-sent)/1000)
		}
	}
	p.took <- took
}
