package mmsg

import (
	"net"
	"net/netip"
	"testing"

	"golang.org/x/sys/unix"
	"pgregory.net/rapid"
)

// The kernel reports a zone only for addresses that loopback does not have, so these tests stand
// inside the package.

func drawAddrPort(t *rapid.T, zones []string) netip.AddrPort {
	port := rapid.Uint16().Draw(t, "port")
	if rapid.Bool().Draw(t, "IPv4") {
		return netip.AddrPortFrom(netip.AddrFrom4([4]byte(rapid.SliceOfN(rapid.Byte(), 4, 4).Draw(t, "address"))), port)
	}
	addr := netip.AddrFrom16([16]byte(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "address"))).Unmap()
	return netip.AddrPortFrom(addr.WithZone(rapid.SampledFrom(zones).Draw(t, "zone")), port)
}

func TestAddressesComeBack(t *testing.T) {
	interfaces, err := net.Interfaces()
	if err != nil {
		t.Fatal(err)
	}
	zones := []string{"", "4294967295"} // none, and one that is no interface
	for _, i := range interfaces {
		zones = append(zones, i.Name)
	}
	names, indexes := zoneNames{}, zoneIndexes{}
	rapid.Check(t, func(t *rapid.T) {
		want := drawAddrPort(t, zones)
		var name unix.RawSockaddrInet6
		size, err := indexes.putAddrPort(&name, want, !want.Addr().Is4() || rapid.Bool().Draw(t, "IPv6 socket"))
		if err != nil || size == 0 {
			t.Fatalf("putAddrPort(%v) = %d, %v", want, size, err)
		}
		if got := names.addrPort(&name); got != want {
			t.Fatalf("%v comes back as %v", want, got)
		}
	})
}

func TestKnownZonesDoNotAllocate(t *testing.T) {
	want := netip.MustParseAddrPort("[fe80::1%lo]:9000")
	names, indexes := zoneNames{}, zoneIndexes{}
	var name unix.RawSockaddrInet6
	allocs := testing.AllocsPerRun(100, func() {
		if _, err := indexes.putAddrPort(&name, want, true); err != nil {
			t.Error(err)
		}
		if got := names.addrPort(&name); got != want {
			t.Errorf("%v comes back as %v", want, got)
		}
	})
	if allocs != 0 {
		t.Errorf("an address with a known zone allocates %v times, want 0", allocs)
	}
}

func TestCounterWraps(t *testing.T) {
	var w wrapped
	for _, tt := range []struct {
		now  uint32
		want uint64
	}{{5, 5}, {5, 5}, {1<<32 - 1, 1<<32 - 1}, {0, 1 << 32}, {7, 1<<32 + 7}, {6, 2<<32 + 6}} {
		if got := w.see(tt.now); got != tt.want {
			t.Errorf("see(%d) = %d, want %d", tt.now, got, tt.want)
		}
	}
}
