package ops

import (
	"errors"
	"net/netip"
	"reflect"
	"slices"
	"strings"

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

// flatten returns each error of which err consists.
func flatten(err error) []error {
	if many, ok := errors.AsType[*multierror.Error](err); ok {
		return many.Errors
	}
	return []error{err}
}

// ofParam blames a parameter for err, or for each error of which err consists.
func ofParam(name string, err error) error {
	if err == nil {
		return nil
	}
	many, ok := err.(*multierror.Error)
	if !ok {
		msg := strings.TrimPrefix(strings.TrimPrefix(err.Error(), name+" "), "osc: ")
		return &graph.ParamError{Param: name, Msg: msg}
	}
	errs := make([]error, len(many.Errors))
	for i, err := range many.Errors {
		errs[i] = ofParam(name, err)
	}
	return checkAll(errs...)
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
	_, allowErr := peer.ParseAllow(a.Allow)
	_, localErr := peer.ListenAddress(a.LocalAddress)
	return checkAll(ofParam("allow", allowErr), ofParam("localaddress", localErr))
}

// misplaced reports parameters of op that differ from their defaults although they only apply to what where
// names, which is not what op does.
func misplaced(op graph.Operator, where string, params ...string) error {
	typ, err := graph.Describe(op)
	if err != nil {
		return err
	}
	var errs []error
	usual := typ.New()
	for _, p := range typ.Params {
		if slices.Contains(params, p.Name) && !reflect.DeepEqual(p.Get(op), p.Get(usual)) {
			errs = append(errs, &graph.ParamError{Param: p.Name, Msg: "it is for " + where})
		}
	}
	return checkAll(errs...)
}
