package mmsg_test

import (
	"fmt"
	"log"
	"net"

	"linecook.dev/linecook/peer/internal/mmsg"
)

func Example() {
	pc, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		log.Fatal(err)
	}
	conn, err := mmsg.New(pc)
	if err != nil {
		log.Fatal(err)
	}
	defer conn.Close()

	self := pc.LocalAddr().(*net.UDPAddr).AddrPort()
	out := []mmsg.Message{{Buf: []byte("one"), N: 3, Addr: self}, {Buf: []byte("two"), N: 3, Addr: self}}
	if _, err := conn.Write(out); err != nil {
		log.Fatal(err)
	}
	in := []mmsg.Message{{Buf: make([]byte, 1500)}, {Buf: make([]byte, 1500)}}
	n, err := conn.Read(in)
	for _, m := range in[:n] {
		fmt.Printf("%s from myself: %t\n", m.Buf[:m.N], m.Addr == self)
	}
	fmt.Println(err)
	// Output:
	// one from myself: true
	// two from myself: true
	// <nil>
}
