package main_test

import (
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/ipv4"
)

// freePort returns a UDP port of this machine that nobody uses now, for programs that cannot say
// which one they got.
func freePort(t *testing.T) string {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_, port, _ := net.SplitHostPort(conn.LocalAddr().String())
	return port
}

// padded returns s as an OSC string.
func padded(s string) string { return s + strings.Repeat("\x00", 4-len(s)%4) }

func dial(t *testing.T, network, addr string) net.Conn {
	t.Helper()
	conn, err := net.Dial(network, addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	return conn
}

func write(t *testing.T, conn net.Conn, s string) {
	t.Helper()
	if _, err := conn.Write([]byte(s)); err != nil {
		t.Fatal(err)
	}
}

// multicaster returns a socket that sends to multicast groups by the loopback.
func multicaster(t *testing.T) net.PacketConn {
	t.Helper()
	conn := listenUDP(t)
	lo, err := net.InterfaceByName("lo")
	if err != nil {
		t.Fatal(err)
	}
	if err := ipv4.NewPacketConn(conn).SetMulticastInterface(lo); err != nil {
		t.Fatal(err)
	}
	return conn
}

func listenUDP(t *testing.T) net.PacketConn {
	t.Helper()
	conn, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	return conn
}

func portOf(conn net.PacketConn) string {
	_, port, _ := strings.Cut(conn.LocalAddr().String(), ":")
	return port
}

func wantDatagram(t *testing.T, conn net.PacketConn, want string) {
	t.Helper()
	if got := readDatagram(t, conn); got != want {
		t.Errorf("received datagram %q, want %q", got, want)
	}
}

func readDatagram(t *testing.T, conn net.PacketConn) string {
	t.Helper()
	b := make([]byte, 1<<16)
	n, _, err := conn.ReadFrom(b)
	if err != nil {
		t.Fatal(err)
	}
	return string(b[:n])
}

// wantRead reads as many bytes as are wanted.
func wantRead(t *testing.T, r io.Reader, want string) {
	t.Helper()
	b := make([]byte, len(want))
	n, err := io.ReadFull(r, b)
	if got := string(b[:n]); err != nil || got != want {
		t.Errorf("received %q, %v; want %q", got, err, want)
	}
}

// knock sends /hello to a UDP port until the program behind shows it, for those that do not say
// when they listen.
func knock(t *testing.T, shown *lines, port string) {
	t.Helper()
	conn := dial(t, "udp", "127.0.0.1:"+port)
	for range 200 {
		_, _ = conn.Write([]byte(padded("/hello") + padded(","))) // refused while nobody listens
		if shown.within(100*time.Millisecond, "hello") {
			return
		}
	}
	t.Fatalf("%s does not show what is sent to port %s; it was:\n%s", shown.name, port, shown)
}

// knockThrough sends until something comes out, for a program that cannot say when it listens.
func knockThrough(t *testing.T, in net.Conn, out net.PacketConn) {
	t.Helper()
	for range 200 {
		_, _ = in.Write([]byte("knock")) // refused while nobody listens
		_ = out.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
		if _, _, err := out.ReadFrom(make([]byte, 10)); err == nil {
			_ = out.SetReadDeadline(time.Now().Add(patience))
			return
		}
	}
	t.Fatal("nothing comes out of linecook")
}
