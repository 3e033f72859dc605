package peer_test

import (
	"fmt"
	"net"
	"net/netip"
	"strings"
	"testing"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/peer"
)

// A socket of a group hears neither another group at the same port nor what is sent to this machine.
func TestMulticastHearsItsGroupOnly(t *testing.T) {
	group, other := newRig(t, nil), newRig(t, nil)
	d, err := peer.OpenDatagram(peer.DatagramConfig{Owner: group.node, Address: "239.7.7.8", LocalAddress: "127.0.0.1"})
	closing(t, d, err)
	port := d.LocalAddr().Port()
	od, err := peer.OpenDatagram(peer.DatagramConfig{
		Owner: other.node, Address: "239.7.7.9", Port: int(port), LocalAddress: "127.0.0.1",
	})
	closing(t, od, err)
	if got, want := group.log.String(), fmt.Sprintf("addr=239.7.7.8:%d", port); !strings.Contains(got, want) {
		t.Errorf("log is %q, want it to have %q", got, want)
	}
	sendTo := func(address, message string) {
		o, err := peer.DialDatagram(peer.DatagramConfig{
			Owner: newSilentRig(t).node, Address: address, Port: int(port), LocalAddress: "127.0.0.1",
		})
		closing(t, o, err)
		if _, err := o.Peer().Send("", message); err != nil {
			t.Fatal(err)
		}
	}
	c, err := net.Dial("udp", netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), port).String())
	write(t, closing(t, c, err), "to this machine")
	sendTo("239.7.7.9", "to the other")
	other.expect(graph.Message, "to the other")
	sendTo("239.7.7.8", "to the group")
	group.expect(graph.Message, "to the group")
}
