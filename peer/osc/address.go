package osc

import "strings"

// checkAddress returns what is wrong with an address to be written; a Kind of 0 is nothing.
func checkAddress(address string) (kind Kind, reason string) {
	switch {
	case address == "" || address[0] != '/':
		return KindAddress, "address does not begin with '/'"
	case len(address) > MaxAddress || strings.Count(address, "/") > MaxParts:
		return KindLimit, "address is too long"
	case strings.IndexByte(address, 0) >= 0:
		return KindNUL, "address contains a NUL"
	}
	return 0, ""
}
