package udt_test

import (
	"encoding/binary"
	"net"
	"runtime"
	"testing"

	"linecook.dev/linecook/peer/udt"
)

// heap returns the bytes that are in use.
func heap() int {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

// request returns a handshake as a client without a valid cookie sends it.
func request(kind int32, id uint32) []byte {
	b := binary.BigEndian.AppendUint32(nil, 1<<31)
	for _, w := range []uint32{0, 0, 0, 4, 1, 77, 1500, 8192, uint32(kind), id, 12345, 0, 0, 0, 0} {
		b = binary.BigEndian.AppendUint32(b, w)
	}
	return b
}

func TestFloodOfHandshakesLeavesNothing(t *testing.T) {
	l, err := udt.Listen("udp", "127.0.0.1:0", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	flood, err := net.Dial("udp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer flood.Close()
	const packets = 20_000
	wave := func() {
		for i := range uint32(packets / 2) {
			flood.Write(request(1, i+1))
			flood.Write(request(-1, i+1))
		}
	}
	wave() // the buffers that the port reads into are now what they will be
	before := heap()
	wave()
	if grown := heap() - before; grown > 256<<10 {
		t.Errorf("%d handshakes without a cookie cost %d bytes", packets, grown)
	}
	c, err := udt.Dial(t.Context(), "udp", l.Addr().String(), nil)
	if err != nil {
		t.Fatalf("Dial after a flood: %v", err)
	}
	defer c.Close()
	server, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	if server.RemoteAddr().(*net.UDPAddr).Port != c.LocalAddr().(*net.UDPAddr).Port {
		t.Errorf("Accept gives a connection from %v, want %v", server.RemoteAddr(), c.LocalAddr())
	}
}

// TestIdleConnectionsCostLittle: no goroutines, and 8 KiB for each end.
func TestIdleConnectionsCostLittle(t *testing.T) {
	l, err := udt.Listen("udp", "127.0.0.1:0", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	port, err := udt.Open("udp", "127.0.0.1:0", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer port.Close()
	const count = 200
	before, goroutines := heap(), runtime.NumGoroutine()
	conns := make([]*udt.Conn, 0, 2*count)
	for range count {
		c, err := port.Dial(t.Context(), l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		s, err := l.AcceptUDT()
		if err != nil {
			t.Fatal(err)
		}
		conns = append(conns, c, s)
		for _, end := range conns[len(conns)-2:] { // each was in use before
			end.Write([]byte("x"))
		}
		for _, end := range conns[len(conns)-2:] {
			end.Read(make([]byte, 1))
		}
	}
	each := (heap() - before) / len(conns)
	if each > 8<<10 {
		t.Errorf("an idle end costs %d bytes, want at most 8 KiB", each)
	}
	if n := runtime.NumGoroutine() - goroutines; n > 2 {
		t.Errorf("%d connections have %d goroutines, want none", len(conns), n)
	}
	t.Logf("%d bytes each", each)
	for _, c := range conns {
		c.Close()
	}
}
