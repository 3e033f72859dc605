package peer_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/peer"
	"linecook.dev/linecook/peer/osc"
)

// udpFrom sends from a loopback address of its own.
func udpFrom(t testing.TB, from string, to netip.AddrPort) *net.UDPConn {
	t.Helper()
	d := net.Dialer{LocalAddr: &net.UDPAddr{IP: net.ParseIP(from)}}
	c, err := d.Dial("udp", to.String())
	return closing(t, c, err).(*net.UDPConn)
}

func TestDatagramsThatAreRefused(t *testing.T) {
	r := newRig(t, nil)
	allow, err := peer.ParseAllow([]string{"127.0.0.2", "127.1.0.0/16"})
	if err != nil {
		t.Fatal(err)
	}
	d, err := peer.OpenDatagram(peer.DatagramConfig{Owner: r.node, Allow: allow, MaxMessage: 10})
	closing(t, d, err)
	good, inNet, bad := udpFrom(t, "127.0.0.2", d.LocalAddr()), udpFrom(t, "127.1.2.3", d.LocalAddr()), dialUDP(t, d.LocalAddr())
	write(t, bad, "refused")
	write(t, good, "ten bytes!")
	write(t, good, "eleven byte")
	write(t, inNet, "good")
	r.expect(graph.Message, "ten bytes!")
	r.expect(graph.Message, "good")
	for name, want := range map[string]uint64{"refused": 1, "toolong": 1} {
		if got := r.node.Counter(name).Load(); got != want {
			t.Errorf("counter %s is %d, want %d", name, got, want)
		}
	}
}

func TestRegularDatagramPeersAreNotEvicted(t *testing.T) {
	r := newRig(t, nil)
	d, err := peer.OpenDatagram(peer.DatagramConfig{Owner: r.node, MaxPeers: 3})
	closing(t, d, err)
	send := func(i int) *peer.Peer {
		t.Helper()
		c := udpFrom(t, fmt.Sprintf("127.0.1.%d", i), d.LocalAddr())
		write(t, c, "x")
		p := remote(r.expect(graph.Message, "x"))
		write(t, c, "x")
		if again := remote(r.expect(graph.Message, "x")); again != p {
			t.Errorf("the second message of %v is from another peer", p)
		}
		return p
	}
	regular := []*peer.Peer{send(1), send(2)}
	for i := range 20 {
		c := udpFrom(t, fmt.Sprintf("127.0.2.%d", i+1), d.LocalAddr())
		write(t, c, "spoofed")
		r.expect(graph.Message, "spoofed")
	}
	if got := d.Peers(); len(got) != 3 || got[0] != regular[0] || got[1] != regular[1] {
		t.Errorf("Peers() = %v, want %v and the last of those that sent once", got, regular)
	}
	if got := r.node.Counter("evicted").Load(); got != 19 {
		t.Errorf("counter evicted is %d, want 19", got)
	}
	send(3)
	c := udpFrom(t, "127.0.3.1", d.LocalAddr())
	write(t, c, "one too many")
	p := remote(r.expect(graph.Message, "one too many"))
	if got := r.node.Counter("peersfull").Load(); got != 1 || len(d.Peers()) != 3 {
		t.Errorf("with all peers regular, counter peersfull is %d with %d peers; want 1 with 3", got, len(d.Peers()))
	}
	if _, err := p.Send("", "yes?"); err != nil {
		t.Errorf("Send to a peer that is not remembered: %v", err)
	}
	if got := receive(t, c); got != "yes?" {
		t.Errorf("it received %q", got)
	}
}

func TestClosedDatagramPeerIsForgotten(t *testing.T) {
	r := newRig(t, nil)
	d, err := peer.OpenDatagram(peer.DatagramConfig{Owner: r.node})
	closing(t, d, err)
	c := dialUDP(t, d.LocalAddr())
	write(t, c, "one")
	p := remote(r.expect(graph.Message, "one"))
	if _, err := p.Send("", "last words"); err != nil {
		t.Fatal(err)
	}
	if first, second := p.Close(), p.Close(); !first || second {
		t.Errorf("Close() = %t, then %t; want true, then false", first, second)
	}
	if _, err := p.Send("", "more"); !errors.Is(err, peer.ErrClosed) || p.Alive() || len(d.Peers()) != 0 {
		t.Errorf("after Close: Send error %v, Alive %t, Peers %v; want %v, false, none", err, p.Alive(), d.Peers(), peer.ErrClosed)
	}
	if got := receive(t, c); got != "last words" {
		t.Errorf("received %q, want what was sent before Close", got)
	}
	write(t, c, "two")
	if again := remote(r.expect(graph.Message, "two")); again == p || again.ID() == p.ID() {
		t.Error("a message after Close is from the peer that was closed")
	}
}

func TestAddressErrors(t *testing.T) {
	r := newRig(t, nil)
	d, err := peer.OpenDatagram(peer.DatagramConfig{Owner: r.node})
	closing(t, d, err)
	l := listen(t, peer.StreamConfig{Owner: r.node})
	udp := func(cfg peer.DatagramConfig) error {
		cfg.Owner = r.node
		_, err := peer.OpenDatagram(cfg)
		return err
	}
	tcp := func(cfg peer.StreamConfig) error {
		cfg.Owner = r.node
		_, err := peer.Listen(cfg)
		return err
	}
	dial := func(cfg peer.DatagramConfig) error {
		cfg.Owner = r.node
		_, err := peer.DialDatagram(cfg)
		return err
	}
	tests := []struct {
		name string
		err  error
		want string // in the error's text
	}{
		{"busy UDP port", udp(peer.DatagramConfig{Port: int(d.LocalAddr().Port())}), fmt.Sprintf("address %v (udp) is in use", d.LocalAddr())},
		{"busy TCP port", tcp(peer.StreamConfig{Port: int(l.LocalAddr().Port())}), fmt.Sprintf("address %v (tcp) is in use", l.LocalAddr())},
		{"not on this machine, UDP", udp(peer.DatagramConfig{LocalAddress: "198.51.100.7"}), "198.51.100.7:0 (udp) is not on this machine, which has 127.0.0.1"},
		{"not on this machine, TCP", tcp(peer.StreamConfig{LocalAddress: "198.51.100.7"}), "198.51.100.7:0 (tcp) is not on this machine"},
		{"not on this machine, dialling", dial(peer.DatagramConfig{Address: "127.0.0.1", Port: 9, LocalAddress: "198.51.100.7"}), "is not on this machine"},
		{"no address", udp(peer.DatagramConfig{LocalAddress: "eth7"}), `localaddress "eth7" is not an IP address`},
		{"a group as local address", udp(peer.DatagramConfig{LocalAddress: "239.0.0.1"}), "is a multicast group"},
		{"an address that is no group", udp(peer.DatagramConfig{Address: "127.0.0.1"}), "is no multicast group"},
		{"interface of a group", udp(peer.DatagramConfig{Address: "239.0.0.1", LocalAddress: "198.51.100.7"}), "no interface of this machine has localaddress 198.51.100.7"},
		{"port too high", udp(peer.DatagramConfig{Port: 65536}), "port 65536 is not"},
		{"no destination", dial(peer.DatagramConfig{Port: 9}), "needs an address and a port"},
		{"two families", dial(peer.DatagramConfig{Address: "::1", Port: 9, LocalAddress: "127.0.0.1"}), "not of the same family"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.err == nil || !strings.Contains(tt.err.Error(), tt.want) {
				t.Errorf("error is %v, want it to have %q", tt.err, tt.want)
			}
		})
	}
	if _, err := peer.ParseAllow([]string{"10.0.0.0/33", "::/0", "x"}); err == nil || strings.Count(err.Error(), "is neither") != 2 {
		t.Errorf("ParseAllow of two bad entries: %v", err)
	}
}

func TestMulticast(t *testing.T) {
	r := newRig(t, echo)
	d, err := peer.OpenDatagram(peer.DatagramConfig{Owner: r.node, Address: "239.7.7.7", LocalAddress: "127.0.0.1"})
	closing(t, d, err)
	out := newRig(t, nil)
	o, err := peer.DialDatagram(peer.DatagramConfig{
		Owner: out.node, Address: "239.7.7.7", Port: int(d.LocalAddr().Port()), LocalAddress: "127.0.0.1",
	})
	closing(t, o, err)
	if _, err := o.Peer().Send("", "to all"); err != nil {
		t.Fatal(err)
	}
	e := r.expect(graph.Message, "to all")
	if got := remote(e).AddrPort(); got != o.LocalAddr() {
		t.Errorf("message is from %v, want the sender's %v", got, o.LocalAddr())
	}
	out.expect(graph.Message, "to all")
}

func TestBroadcast(t *testing.T) {
	r := newRig(t, nil)
	d, err := peer.OpenDatagram(peer.DatagramConfig{Owner: r.node, LocalAddress: "0.0.0.0"})
	closing(t, d, err)
	o, err := peer.DialDatagram(peer.DatagramConfig{
		Owner: r.node, Address: "127.255.255.255", Port: int(d.LocalAddr().Port()), LocalAddress: "127.0.0.1",
	})
	closing(t, o, err)
	if _, err := o.Peer().Send("", "to all"); err != nil {
		t.Fatal(err)
	}
	r.expect(graph.Message, "to all")
}

func TestAnswersToOneUnprovenMessageAreLimited(t *testing.T) {
	r := newRig(t, nil)
	d, err := peer.OpenDatagram(peer.DatagramConfig{Owner: r.node, LocalAddress: "0.0.0.0"})
	closing(t, d, err)
	c := dialUDP(t, netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), d.LocalAddr().Port()))
	write(t, c, "four")
	p := remote(r.expect(graph.Message, "four"))
	if n, err := p.Send("", "twelve bytes"); n != 12 || err != nil {
		t.Errorf("Send of three times what came = %d, %v", n, err)
	}
	if _, err := p.Send("", "1"); !errors.Is(err, peer.ErrUnproven) {
		t.Errorf("Send of one byte more: %v, want %v", err, peer.ErrUnproven)
	}
	write(t, c, "proof")
	r.expect(graph.Message, "proof")
	if _, err := p.Send("", strings.Repeat("x", 1000)); err != nil {
		t.Errorf("Send after the peer's second message: %v", err)
	}
}

func TestAnswersToAStrangerAreLimited(t *testing.T) {
	r := newCooker(t)
	d, err := peer.OpenDatagram(peer.DatagramConfig{Owner: r.node, LocalAddress: "0.0.0.0"})
	closing(t, d, err)
	c := dialUDP(t, netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), d.LocalAddr().Port()))
	write(t, c, "one")
	p := remote(r.next()[0])
	write(t, c, "two")
	eventually(t, "the second message", func() bool { return p.Stats().MessagesIn == 2 })
	start, sent := time.Now(), 0
	for err == nil {
		if _, err = p.Send("", "x"); err == nil {
			sent++
		}
	}
	most := 2001 + int(1000*time.Since(start).Seconds())
	if !errors.Is(err, peer.ErrTooFast) || sent < 2000 || sent > most {
		t.Errorf("%d messages were accepted in %v, then %v; want 2000 to %d, then %v", sent, time.Since(start), err, most, peer.ErrTooFast)
	}
}

// A slowResolver answers when it is told to.
type slowResolver struct {
	names, addrs chan []string
	asked        chan string
}

func newSlowResolver() *slowResolver {
	return &slowResolver{make(chan []string), make(chan []string), make(chan string, 100)}
}

var errNoName = errors.New("no such name")

func (r *slowResolver) LookupAddr(ctx context.Context, addr string) ([]string, error) {
	r.asked <- addr
	select {
	case names := <-r.names:
		if names == nil {
			return nil, errNoName
		}
		return names, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (r *slowResolver) LookupNetIP(ctx context.Context, _, host string) (addrs []netip.Addr, err error) {
	r.asked <- host
	select {
	case texts := <-r.addrs:
		for _, s := range texts {
			addrs = append(addrs, netip.MustParseAddr(s))
		}
		if texts == nil {
			err = errNoName
		}
		return addrs, err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func TestDestinationByName(t *testing.T) {
	r := newRig(t, nil)
	d, err := peer.OpenDatagram(peer.DatagramConfig{Owner: r.node})
	closing(t, d, err)
	resolver := newSlowResolver()
	o, err := peer.DialDatagram(peer.DatagramConfig{
		Owner: r.node, Address: "desk.example", Port: int(d.LocalAddr().Port()), Resolver: resolver,
	})
	closing(t, o, err)
	if got, want := o.Peer().String(), fmt.Sprintf("desk.example:%d", d.LocalAddr().Port()); got != want {
		t.Errorf("destination is %q, want %q", got, want)
	}
	if p := o.Peer(); p.Address() != "desk.example" || p.Hostname() != "desk.example" || p.AddrPort().IsValid() {
		t.Errorf("Address() = %q, Hostname() = %q, AddrPort() = %v", p.Address(), p.Hostname(), p.AddrPort())
	}
	if _, err := o.Peer().Send("", "sent before the name is known"); err != nil {
		t.Fatal(err)
	}
	resolver.addrs <- nil
	resolver.addrs <- []string{"127.0.0.1"}
	r.expect(graph.Message, "sent before the name is known")
	if err := o.Err(); err != nil {
		t.Errorf("Err() = %v once the name is known", err)
	}
	if got := r.node.Counter("lookuperrors").Load(); got != 1 {
		t.Errorf("counter lookuperrors is %d, want 1", got)
	}
}

func TestDatagramsThatCannotBeSentAreCounted(t *testing.T) {
	r := newRig(t, nil)
	// The system refuses to send from loopback to elsewhere.
	o, err := peer.DialDatagram(peer.DatagramConfig{Owner: r.node, Address: "198.51.100.7", Port: 9, LocalAddress: "127.0.0.1"})
	closing(t, o, err)
	for range 3 {
		if _, err := o.Peer().Send("", "x"); err != nil {
			t.Errorf("Send: %v", err)
		}
	}
	r.count("senderrors", 3)
	eventually(t, "the queue to be empty", func() bool { return o.Peer().Stats().Queued == 0 })
	if got := o.Peer().Stats().Failed; got != 3 {
		t.Errorf("Stats().Failed = %d, want 3", got)
	}
}

func TestCloseWithoutDestination(t *testing.T) {
	r := newRig(t, nil)
	o, err := peer.DialDatagram(peer.DatagramConfig{Owner: r.node, Address: "desk.example", Port: 9, Resolver: newSlowResolver()})
	if err != nil {
		t.Fatal(err)
	}
	p := o.Peer()
	if _, err := p.Send("", "x"); err != nil {
		t.Fatal(err)
	}
	if err := o.Close(); err != nil {
		t.Errorf("Close() = %v", err)
	}
	if _, err := p.Send("", "x"); !errors.Is(err, peer.ErrClosed) || p.Alive() {
		t.Errorf("after Close: Send error %v, Alive %t; want %v, false", err, p.Alive(), peer.ErrClosed)
	}
	if got := r.node.Counter("senderrors").Load(); got != 1 || p.Stats().Failed != 2 {
		t.Errorf("counter senderrors is %d, Stats().Failed %d; want 1 and 2", got, p.Stats().Failed)
	}
}

func TestDatagramQueueIsBounded(t *testing.T) {
	r := newCooker(t)
	resolver := newSlowResolver()
	o, err := peer.DialDatagram(peer.DatagramConfig{Owner: r.node, Address: "desk.example", Port: 9, Resolver: resolver})
	closing(t, o, err)
	<-resolver.asked
	big := strings.Repeat("x", 60_000)
	fill := func(s peer.Sender) (accepted int, err error) {
		for err == nil {
			if _, err = s.Send("", big); err == nil {
				accepted++
			}
		}
		return accepted, err
	}
	const fits = 16 << 20 / 60_000
	r.cook(func(c *graph.Cook) {
		accepted, err := fill(o.Peer().In(c))
		if q, ok := errors.AsType[*peer.QueueError](err); accepted != fits || !ok || !errors.Is(err, peer.ErrQueueFull) {
			t.Errorf("a cook could send %d times 60,000 bytes, then %v (%v); want %d, then a QueueError", accepted, err, q, fits)
		}
	})
	if accepted, err := fill(o.Peer()); accepted != 0 || !errors.Is(err, peer.ErrQueueFull) {
		t.Errorf("after that, %d sends were accepted, then %v; want none", accepted, err)
	}
	if s := o.Peer().Stats(); s.Queued != fits || s.Failed != 2 || s.BytesOut != fits*60_000 {
		t.Errorf("Stats() = %+v, want %d queued, 2 failed", s, fits)
	}
	if got := r.node.Counter("sendfull").Load(); got != 1 {
		t.Errorf("counter sendfull is %d, want 1: a cook is told before it posts", got)
	}
	_, err = o.Peer().SendOSC(osc.Options{}, osc.Pair{Address: "/a"})
	if err != nil {
		t.Errorf("SendOSC of 8 bytes into what room is left: %v", err)
	}
}

func TestHostname(t *testing.T) {
	r := newRig(t, nil)
	resolver := newSlowResolver()
	d, err := peer.OpenDatagram(peer.DatagramConfig{Owner: r.node, Resolver: resolver})
	closing(t, d, err)
	c := dialUDP(t, d.LocalAddr())
	write(t, c, "hi")
	p := remote(r.expect(graph.Message, "hi"))
	for range 3 {
		if got := p.Hostname(); got != "127.0.0.1" {
			t.Errorf("Hostname() before it is known = %q, want the address", got)
		}
	}
	if got := <-resolver.asked; got != "127.0.0.1" {
		t.Errorf("the resolver was asked for %q", got)
	}
	resolver.names <- []string{"desk.example."}
	eventually(t, "the host's name", func() bool { return p.Hostname() == "desk.example" })
	if n := len(resolver.asked); n != 0 {
		t.Errorf("the resolver was asked %d times more", n)
	}
}

func TestHostsLooksUpSixteenAtOnce(t *testing.T) {
	resolver := newSlowResolver()
	h := peer.NewHosts(resolver)
	for i := range 40 {
		a := netip.AddrFrom4([4]byte{127, 0, 0, byte(i)})
		if got := h.Name(a); got != a.String() {
			t.Errorf("Name(%v) = %q before it is known", a, got)
		}
	}
	if err := h.Close(); err != nil {
		t.Error(err)
	}
	if n := len(resolver.asked); n != 16 {
		t.Errorf("40 names were asked for, and %d look-ups were begun; want 16", n)
	}
}
