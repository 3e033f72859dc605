package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"linecook.dev/linecook/peer"
	"linecook.dev/linecook/peer/framing"
	"linecook.dev/linecook/peer/udt"
)

// A link is the way to another program, as send and dump are told by their flags and arguments.
type link struct {
	network    string // udp, tcp, udt, or file: what is sent is written there
	host       string
	port       int
	role       role
	local      string // address to bind to; empty for any
	localPort  int    // 0 for any
	stream     bool   // udt: bytes, not messages
	framing    framing.Format
	framed     bool     // --framing was given
	framedText string   // --framing
	usual      string   // --framing, if nothing is said
	framings   []string // that it may be
}

// A role says how a connection comes about.
type role int

const (
	client role = iota
	server
	rendezvous
)

// protocols are what links go by.
var protocols = []string{"udp", "tcp", "udt"}

// flags adds the flags of a link. network is what it goes by; empty lets a flag choose.
func (l *link) flags(cmd *cobra.Command, network, framing string, framings []string) {
	l.usual, l.framings = framing, framings
	f := cmd.Flags()
	if network == "" {
		f.StringVar(&l.network, "protocol", "udp", "udp, tcp or udt")
		complete(cmd, "protocol", protocols...)
	}
	if network != "udp" {
		f.StringVar(&l.framedText, "framing", framing, "how a stream is cut into messages: "+strings.Join(framings, ", "))
		complete(cmd, "framing", framings...)
	}
	if network != "udp" && network != "tcp" {
		f.BoolVar(&l.stream, "stream", false, "UDT carries a stream of bytes, not messages")
	}
	f.StringVar(&l.local, "localaddress", "", "`ADDRESS` of this machine to send from, or the interface's for multicast")
	f.IntVar(&l.localPort, "localport", 0, "`PORT` to send from")
}

// complete offers the values of a flag to a shell.
func complete(cmd *cobra.Command, flag string, values ...string) {
	if err := cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)); err != nil {
		panic(err) // there is no such flag, or it is completed already
	}
}

// setRole says how the connection comes about, of flags of which one may be given.
func (l *link) setRole(other role, isOther, meet bool) {
	switch {
	case meet:
		l.role = rendezvous
	case isOther:
		l.role = other
	}
}

// target takes the address that the arguments begin with: HOST PORT, or liblo's osc.udp://HOST:PORT.
// Without needHost, HOST may be left out. It returns the other arguments.
func (l *link) target(args []string, needHost bool) (rest []string, err error) {
	if len(args) > 0 && (args[0] == stdoutName || strings.Contains(args[0], "://")) {
		return args[1:], l.url(args[0])
	}
	if !needHost && len(args) == 1 {
		args = append([]string{""}, args...)
	}
	switch {
	case len(args) < 2 && needHost:
		return nil, errors.New("expected HOST PORT")
	case len(args) < 2:
		return nil, errors.New("expected [HOST] PORT")
	}
	l.host = args[0]
	return args[2:], l.setPort(args[1])
}

func (l *link) setPort(s string) (err error) {
	if l.port, err = strconv.Atoi(s); err != nil || l.port < 0 || l.port > 65535 {
		return fmt.Errorf("port %q is not a number from 0 to 65535", s)
	}
	return nil
}

func (l *link) url(s string) error {
	u, err := url.Parse(s)
	if err != nil {
		return err
	}
	if s == stdoutName || u.Scheme == "file" {
		return l.file(s, u)
	}
	network, ok := strings.CutPrefix(u.Scheme, "osc.")
	if !ok || !slices.Contains(protocols, network) {
		return fmt.Errorf("%s: the scheme is not osc.udp, osc.tcp or osc.udt", s)
	}
	l.network, l.host = network, u.Hostname()
	return l.setPort(u.Port())
}

// check reports what does not go together.
func (l *link) check() error {
	if l.network != toFile && !slices.Contains(protocols, l.network) {
		return fmt.Errorf("--protocol %s is not udp, tcp or udt", l.network)
	}
	if l.framedText != "" {
		if err := l.framing.UnmarshalText([]byte(l.framedText)); err != nil || !slices.Contains(l.framings, l.framedText) {
			return fmt.Errorf("--framing %s is not one of %s", l.framedText, strings.Join(l.framings, ", "))
		}
	}
	switch {
	case l.role == rendezvous && l.network != "udt":
		return errors.New("--rendezvous is for udt")
	case l.role == rendezvous && l.localPort == 0:
		return errors.New("--rendezvous needs --localport, the port that the other end meets")
	case l.role != server && l.port == 0 && l.network != toFile:
		return errors.New("port 0 cannot be connected to")
	case l.stream && l.network != "udt":
		return errors.New("--stream is for udt")
	case l.framedText != "" && l.framedText != l.usual && !l.isStream():
		return errors.New("--framing is for streams: those of tcp, and of udt with --stream")
	case l.role == server && l.localPort != 0:
		return errors.New("--localport is for what connects; where to listen is HOST PORT")
	case l.role == server && l.local != "" && !l.multicast():
		return errors.New("--localaddress is for what connects and for multicast; where to listen is HOST PORT")
	}
	return nil
}

// multicast reports whether the host is a multicast group.
func (l *link) multicast() bool {
	ip, err := netip.ParseAddr(l.host)
	return err == nil && ip.IsMulticast()
}

// isStream reports whether messages have to be told apart by framing.
func (l *link) isStream() bool {
	return l.network == "tcp" || l.network == "udt" && l.stream || l.network == toFile && l.framed
}

// to returns the address to connect to or to listen at.
func (l *link) to() string { return net.JoinHostPort(l.host, strconv.Itoa(l.port)) }

// from returns the local address of a connection that is dialled to an address.
func (l *link) from(to netip.Addr) (netip.AddrPort, error) {
	local, err := peer.SendAddress(l.local)
	if err == nil && !local.IsValid() {
		local = netip.IPv6Unspecified()
		if to.Is4() {
			local = netip.IPv4Unspecified()
		}
	}
	return netip.AddrPortFrom(local, uint16(l.localPort)), err
}

// resolve returns the address of the host: for UDP, which never learns that it was the wrong one, that
// is rather an IPv4 address, as what listens has by default.
func (l *link) resolve(ctx context.Context) (netip.Addr, error) {
	host := cmp.Or(l.host, "localhost")
	addrs, err := net.DefaultResolver.LookupNetIP(ctx, "ip4", host)
	if err != nil {
		addrs, err = net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	}
	if err != nil {
		return netip.Addr{}, err
	}
	return addrs[0].Unmap(), nil
}

func (l *link) udtConfig() *udt.Config {
	if l.stream {
		return nil
	}
	return &udt.Config{Mode: udt.Messages}
}

// dial connects as a client, or meets the other end.
func (l *link) dial(ctx context.Context) (nc net.Conn, err error) {
	switch l.network {
	case toFile:
		return l.create()
	case "tcp":
		nc, err = l.dialTCP(ctx)
	default:
		nc, err = l.dialUDP(ctx)
	}
	if err != nil {
		return nil, &peer.ConnectError{To: l.to(), Err: err}
	}
	return nc, nil
}

func (l *link) dialTCP(ctx context.Context) (net.Conn, error) {
	local, err := peer.SendAddress(l.local)
	if err != nil {
		return nil, err
	}
	var d net.Dialer
	if local.IsValid() || l.localPort != 0 {
		d.LocalAddr = net.TCPAddrFromAddrPort(netip.AddrPortFrom(local, uint16(l.localPort)))
	}
	return d.DialContext(ctx, "tcp", l.to())
}

// dialUDP is for UDP and UDT.
func (l *link) dialUDP(ctx context.Context) (net.Conn, error) {
	to, err := l.resolve(ctx)
	if err != nil {
		return nil, err
	}
	from, err := l.from(to)
	if err != nil {
		return nil, err
	}
	remote := netip.AddrPortFrom(to, uint16(l.port))
	if l.network == "udt" {
		return l.dialUDT(ctx, from, remote)
	}
	d := net.Dialer{LocalAddr: net.UDPAddrFromAddrPort(from)}
	return d.DialContext(ctx, "udp", remote.String())
}

// listen waits for connections.
func (l *link) listen(ctx context.Context) (net.Listener, error) {
	at, err := peer.ListenAddress(l.host)
	if err != nil {
		return nil, err
	}
	addr := netip.AddrPortFrom(at, uint16(l.port)).String()
	var ln net.Listener
	if l.network == "udt" {
		ln, err = udt.Listen("udp", addr, l.udtConfig())
	} else {
		ln, err = (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	}
	if err != nil {
		return nil, &peer.AddressError{Proto: l.network, Addr: addr, Err: err}
	}
	return ln, nil
}
