package ops

import (
	"net/netip"

	"github.com/hashicorp/go-multierror"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/peer"
)

// checkAll returns what is wrong, each mistake by itself.
func checkAll(errs ...error) error {
	var all *multierror.Error
	for _, err := range errs {
		if err != nil {
			all = multierror.Append(all, err)
		}
	}
	return all.ErrorOrNil()
}

// multicastGroup reports an address that is not empty and no multicast group.
func multicastGroup(address string) error {
	if address == "" {
		return nil
	}
	if a, err := netip.ParseAddr(address); err != nil || !a.IsMulticast() {
		return &graph.ParamError{
			Param: "address",
			Msg:   address + " is no multicast group, as 239.255.0.1 is; the address to listen on is localaddress",
		}
	}
	return nil
}

func (a *Access) check() error {
	_, allowErr := a.allowed()
	_, err := peer.ListenAddress(a.LocalAddress)
	if err != nil {
		err = &graph.ParamError{Param: "localaddress", Msg: err.Error()}
	}
	return checkAll(allowErr, err)
}
