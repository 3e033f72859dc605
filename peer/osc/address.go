package osc

import "strings"

// plainAddress reports whether an address is right and so short that its parts need no counting.
func plainAddress[T string | []byte](address T) bool {
	return len(address) > 0 && len(address) <= MaxParts && address[0] == '/' && !containsNUL(address)
}

// checkAddress returns what is wrong with an address, or nil.
func checkAddress(address string) *ValueError {
	e := &ValueError{Address: address[:min(len(address), MaxAddress)], Argument: -1}
	switch {
	case address == "" || address[0] != '/':
		e.Kind, e.Reason = KindAddress, "address does not begin with '/'"
	case len(address) > MaxAddress || strings.Count(address, "/") > MaxParts:
		e.Kind, e.Reason = KindLimit, "address is too long"
	case strings.IndexByte(address, 0) >= 0:
		e.Kind, e.Reason = KindNUL, "address contains a NUL"
	default:
		return nil
	}
	return e
}

func containsNUL[T string | []byte](s T) bool {
	for i := range len(s) {
		if s[i] == 0 {
			return true
		}
	}
	return false
}
