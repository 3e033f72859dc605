//go:build unix

package peer_test

import (
	"fmt"
	"net"
	"syscall"
	"testing"
	"time"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/peer"
)

// BenchmarkSend sends a TUIO message in bursts of 512, one call for each datagram, and by peers: to one
// destination, and in turns to 64 that have asked, as replies are. Nobody reads what arrives.
func BenchmarkSend(b *testing.B) {
	payload := make([]byte, 52)
	for _, destinations := range []int{1, 64} {
		b.Run(fmt.Sprintf("sendto/destinations=%d", destinations), func(b *testing.B) {
			from, sinks := sink(b), sinks(b, destinations)
			begun := used(b)
			for b.Loop() {
				for i := range flight {
					if _, err := from.WriteToUDPAddrPort(payload, sinks[i%destinations].AddrPort()); err != nil {
						b.Fatal(err)
					}
				}
			}
			reportSent(b, begun)
		})
		b.Run(fmt.Sprintf("peers/destinations=%d", destinations), func(b *testing.B) {
			d, peers := askers(b, destinations)
			begun := used(b)
			for b.Loop() {
				for i := range flight {
					for {
						if _, err := peers[i%destinations].SendBytes(payload); err == nil {
							break
						}
						time.Sleep(time.Millisecond) // the queue is full
					}
				}
			}
			if err := d.Close(); err != nil { // sends what is queued
				b.Error(err)
			}
			reportSent(b, begun)
		})
	}
}

// used returns the processor time that this process has used.
func used(b *testing.B) time.Duration {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		b.Fatal(err)
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

func reportSent(b *testing.B, begun time.Duration) {
	b.ReportMetric(float64(used(b)-begun)/float64(b.N*flight), "CPUns/datagram")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*flight), "ns/datagram")
}

func sink(b *testing.B) *net.UDPConn {
	c, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	return closing(b, c, err)
}

func sinks(b *testing.B, n int) (all []*net.UDPAddr) {
	for range n {
		all = append(all, sink(b).LocalAddr().(*net.UDPAddr))
	}
	return all
}

// askers returns the peers of a socket to which n others have sent.
func askers(b *testing.B, n int) (d *peer.Datagram, peers []*peer.Peer) {
	r := newRig(b, nil)
	d, err := peer.OpenDatagram(peer.DatagramConfig{Owner: r.node})
	closing(b, d, err)
	for range n {
		c := sink(b)
		if _, err := c.WriteToUDPAddrPort([]byte("ask"), d.LocalAddr()); err != nil {
			b.Fatal(err)
		}
		peers = append(peers, remote(r.expect(graph.Message, "ask")))
	}
	return d, peers
}
