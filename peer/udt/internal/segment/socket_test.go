package segment_test

import (
	"bytes"
	"fmt"
	"net"
	"net/netip"
	"testing"
	"time"

	"linecook.dev/linecook/peer/internal/mmsg"
	"linecook.dev/linecook/peer/udt/internal/segment"
)

const (
	longest  = 1472 // bytes of a packet
	patience = 10 * time.Second
)

// kinds are the ways to open a socket.
var kinds = map[string]func(pc *net.UDPConn) (*segment.Socket, error){
	"segments": func(pc *net.UDPConn) (*segment.Socket, error) {
		c, err := mmsg.New(pc)
		return segment.New(c, longest), err
	},
	"batches": func(pc *net.UDPConn) (*segment.Socket, error) {
		c, err := mmsg.NewPortable(pc)
		return segment.New(c, longest), err
	},
	"plain": func(pc *net.UDPConn) (*segment.Socket, error) { return segment.NewPlain(pc, longest), nil },
}

func open(t *testing.T, kind string) (s *segment.Socket, at netip.AddrPort) {
	t.Helper()
	pc, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { pc.Close() })
	pc.SetDeadline(time.Now().Add(patience))
	if s, err = kinds[kind](pc); err != nil {
		t.Fatal(err)
	}
	return s, pc.LocalAddr().(*net.UDPAddr).AddrPort()
}

// packetsTo returns packets of those sizes, one behind the other in memory.
func packetsTo(to netip.AddrPort, sizes []int) (ms []mmsg.Message, memory []byte) {
	memory = make([]byte, 0, 1<<20)
	for i, size := range sizes {
		from := len(memory)
		memory = append(memory, bytes.Repeat([]byte{byte(i)}, size)...)
		ms = append(ms, mmsg.Message{Buf: memory[from:], N: size, Addr: to})
	}
	return ms, memory
}

// TestPacketsStayWhatTheyWere: nobody sees how packets were put together on their way.
func TestPacketsStayWhatTheyWere(t *testing.T) {
	alike := make([]int, 70) // more than go at once
	for i := range alike {
		alike[i] = longest
	}
	for name, sizes := range map[string][]int{
		"one": {5}, "alike": alike, "shorter last": {longest, longest, 20}, "growing": {1, 2, 3, 4},
		"mixed": {longest, longest, 16, longest, 40, 40, 40, 8, longest},
	} {
		for from := range kinds {
			for to := range kinds {
				t.Run(fmt.Sprintf("%s/%s to %s", name, from, to), func(t *testing.T) {
					out, source := open(t, from)
					in, at := open(t, to)
					ms, memory := packetsTo(at, sizes)
					out.WritePackets(ms, memory)
					for i := 0; i < len(sizes); {
						got, err := in.ReadPackets()
						if err != nil {
							t.Fatalf("after %d of %d packets: %v", i, len(sizes), err)
						}
						for _, m := range got {
							if want := bytes.Repeat([]byte{byte(i)}, sizes[i]); !bytes.Equal(m.Buf[:m.N], want) || m.Addr != source {
								t.Fatalf("packet %d has %d bytes from %v, want %d from %v", i, m.N, m.Addr, len(want), source)
							}
							i++
						}
					}
				})
			}
		}
	}
}

// TestPacketsToManyAddresses: what goes together goes to one of them.
func TestPacketsToManyAddresses(t *testing.T) {
	out, _ := open(t, "segments")
	var memory []byte
	var ms []mmsg.Message
	var ins []*segment.Socket
	for i := range 4 {
		in, at := open(t, "segments")
		ins = append(ins, in)
		more, bytes := packetsTo(at, []int{10 + i, 10 + i, 10 + i})
		ms, memory = append(ms, more...), append(memory, bytes...)
	}
	out.WritePackets(ms, memory)
	for i, in := range ins {
		for got := 0; got < 3; {
			packets, err := in.ReadPackets()
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range packets {
				if m.N != 10+i {
					t.Errorf("address %d gets a packet of %d bytes, want %d", i, m.N, 10+i)
				}
			}
			got += len(packets)
		}
	}
}
