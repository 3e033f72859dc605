package peer

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"github.com/hashicorp/go-multierror"
)

// ListenAddress returns the address that a listening socket binds to: localaddress, or loopback if
// that is empty.
func ListenAddress(localaddress string) (netip.Addr, error) {
	if localaddress == "" {
		return netip.AddrFrom4([4]byte{127, 0, 0, 1}), nil
	}
	return parseLocal(localaddress)
}

// SendAddress returns the address that a connecting or sending socket binds to: localaddress, or the
// zero Addr, which is any, if that is empty.
func SendAddress(localaddress string) (netip.Addr, error) {
	if localaddress == "" {
		return netip.Addr{}, nil
	}
	return parseLocal(localaddress)
}

func parseLocal(s string) (netip.Addr, error) {
	if s == "localhost" {
		return netip.AddrFrom4([4]byte{127, 0, 0, 1}), nil
	}
	a, err := netip.ParseAddr(s)
	switch {
	case err != nil:
		return a, fmt.Errorf("localaddress %q is not an IP address; this machine has %s", s, localAddrs())
	case a.IsMulticast():
		return a, fmt.Errorf("localaddress %s is a multicast group; it says by which interface: one of %s", s, localAddrs())
	}
	return a.Unmap(), nil
}

// localAddrs names the addresses of this machine, for people.
func localAddrs() string {
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return "no addresses that can be told: " + err.Error()
	}
	var names []string
	for _, a := range addrs {
		if p, err := netip.ParsePrefix(a.String()); err == nil {
			names = append(names, p.Addr().String())
		}
	}
	return strings.Join(names, ", ")
}

// interfaceOf returns the interface that has the address a; nil, the system's choice, if a is any.
func interfaceOf(a netip.Addr) (*net.Interface, error) {
	if !a.IsValid() || a.IsUnspecified() {
		return nil, nil
	}
	all, err := net.Interfaces()
	if err != nil {
		return nil, err
	}
	for _, ifi := range all {
		addrs, _ := ifi.Addrs() // an interface that has just gone has none
		if slices.ContainsFunc(addrs, func(b net.Addr) bool { return isAddr(b, a) }) {
			return &ifi, nil
		}
	}
	return nil, fmt.Errorf("no interface of this machine has localaddress %s; it has %s", a, localAddrs())
}

func isAddr(b net.Addr, a netip.Addr) bool {
	p, err := netip.ParsePrefix(b.String())
	return err == nil && p.Addr() == a.WithZone("")
}

// An AddressError is a socket that could not be had at an address.
type AddressError struct {
	Proto string // "udp", "tcp" or "udt"
	Addr  string // "127.0.0.1:9000"
	Err   error  // what the system said
}

func (e *AddressError) Error() string {
	head := fmt.Sprintf("address %s (%s) ", e.Addr, e.Proto)
	switch {
	case errors.Is(e.Err, syscall.EADDRINUSE):
		return head + "is in use already, by another node or another program; choose another port, or stop it"
	case errors.Is(e.Err, syscall.EADDRNOTAVAIL):
		return head + "is not on this machine, which has " + localAddrs()
	case errors.Is(e.Err, syscall.EACCES):
		return head + "is not allowed; ports below 1024 need privileges (CAP_NET_BIND_SERVICE)"
	}
	return head + "cannot be opened: " + e.Err.Error()
}

func (e *AddressError) Unwrap() error { return e.Err }

// ParseAllow returns the networks that a list of CIDRs ("192.168.1.0/24") and single addresses
// names. Its error has every entry that is wrong.
func ParseAllow(list []string) ([]netip.Prefix, error) {
	var errs *multierror.Error
	var out []netip.Prefix
	for _, s := range list {
		p, err := netip.ParsePrefix(s)
		if a, e := netip.ParseAddr(s); e == nil {
			p, err = netip.PrefixFrom(a.Unmap().WithZone(""), a.Unmap().BitLen()), nil
		}
		if err != nil {
			errs = multierror.Append(errs, fmt.Errorf("%q is neither a network as 192.168.1.0/24 nor an address", s))
			continue
		}
		out = append(out, p.Masked())
	}
	return out, errs.ErrorOrNil()
}

// allows reports whether a may send to us: it is in one of the networks, or there are none.
func allows(networks []netip.Prefix, a netip.Addr) bool {
	if len(networks) == 0 {
		return true
	}
	a = a.WithZone("")
	return slices.ContainsFunc(networks, func(p netip.Prefix) bool { return p.Contains(a) })
}

func checkPort(port int) error {
	if port < 0 || port > 65535 {
		return fmt.Errorf("port %d is not from 0 to 65535", port)
	}
	return nil
}

func joinHostPort(host string, port int) string { return net.JoinHostPort(host, strconv.Itoa(port)) }
