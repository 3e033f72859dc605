package mmsg_test

import (
	"errors"
	"net"
	"net/netip"
	"os"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"linecook.dev/linecook/peer/internal/mmsg"
)

func TestEveryDatagramIsReadOrCounted(t *testing.T) {
	forEach(t, func(t *testing.T, open opener) {
		from, to := open.listen(t), open.listen(t)
		if _, err := to.SetReadBuffer(8 << 10); err != nil {
			t.Fatal(err)
		}
		const sent = 500
		for range sent / 10 {
			write(t, from, outgoing(addrOf(to), make([][]byte, 10)...))
		}
		ms, arrived := messages(16, 4), 0
		for begin := time.Now(); arrived+int(to.Drops()) < sent && time.Since(begin) < patience; {
			to.SetReadDeadline(time.Now().Add(10 * time.Millisecond))
			n, err := to.Read(ms)
			if err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Fatal(err)
			}
			arrived += n
		}
		to.Close()
		drops := int(to.Drops())
		if arrived+drops != sent || drops == 0 || arrived == 0 {
			t.Errorf("of %d datagrams %d arrived and %d were dropped", sent, arrived, drops)
		}
	})
}

// mapped opens an IPv6 socket that carries IPv4, on loopback only.
func mapped(t *testing.T) (*net.UDPConn, error) {
	t.Helper()
	fd, err := unix.Socket(unix.AF_INET6, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	f := os.NewFile(uintptr(fd), "udp")
	defer f.Close()
	local := &unix.SockaddrInet6{Addr: netip.MustParseAddr("::ffff:127.0.0.1").As16()}
	if err := unix.Bind(fd, local); err != nil {
		return nil, err
	}
	pc, err := net.FilePacketConn(f)
	if err != nil {
		return nil, err
	}
	return pc.(*net.UDPConn), nil
}

func TestMappedAddressesAreIPv4(t *testing.T) {
	for way, wrap := range map[string]func(*net.UDPConn) (*mmsg.Conn, error){"batched": mmsg.New, "portable": mmsg.NewPortable} {
		t.Run(way, func(t *testing.T) {
			open := opener{wrap, net.IPv4(127, 0, 0, 1)}
			pc, err := mapped(t)
			both, four := open.conn(t, pc, err), open.listen(t)
			bothAddr := netip.AddrPortFrom(addrOf(four).Addr(), addrOf(both).Port())
			write(t, both, outgoing(addrOf(four), []byte("a")))
			ms := messages(1, 4)
			read(t, four, ms)
			if ms[0].Addr != bothAddr {
				t.Errorf("the IPv4 socket reads from %v, want %v", ms[0].Addr, bothAddr)
			}
			write(t, four, ms)
			read(t, both, ms)
			if ms[0].Addr != addrOf(four) {
				t.Errorf("the IPv6 socket reads from %v, want %v", ms[0].Addr, addrOf(four))
			}
		})
	}
}

func TestWriteToTheWrongFamily(t *testing.T) {
	open := opener{mmsg.New, net.IPv4(127, 0, 0, 1)}
	to := open.listen(t)
	from := open.dial(t, addrOf(to)) // so that a message without its address would go out
	ms := outgoing(netip.AddrPort{}, []byte("a"), []byte("b"))
	ms[1].Addr = netip.MustParseAddrPort("[::1]:9")
	if n, err := from.Write(ms); n != 1 || !errors.Is(err, syscall.EAFNOSUPPORT) {
		t.Errorf("Write to IPv4 and then IPv6 on an IPv4 socket = %d, %v; want 1, EAFNOSUPPORT", n, err)
	}
	read(t, to, messages(1, 4))
}

func TestWriteToUnknownZone(t *testing.T) {
	open := opener{mmsg.New, net.IPv6loopback}
	c := open.listen(t)
	n, err := c.Write(outgoing(netip.MustParseAddrPort("[fe80::1%no such]:9"), []byte("a")))
	if _, ok := errors.AsType[*net.AddrError](err); n != 0 || !ok {
		t.Errorf("Write to an unknown zone = %d, %v; want 0 and a net.AddrError", n, err)
	}
}
