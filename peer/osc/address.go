package osc

import "strings"

// plainAddress reports whether an address is right and so short that its parts need no counting.
func plainAddress[T string | []byte](address T) bool {
	return len(address) > 0 && len(address) <= MaxParts && address[0] == '/' && !containsNUL(address)
}

// checkAddress returns what is wrong with an address; a Kind of 0 is nothing.
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

func containsNUL[T string | []byte](s T) bool {
	for i := range len(s) {
		if s[i] == 0 {
			return true
		}
	}
	return false
}
