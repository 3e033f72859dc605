package osc

// checkAddress returns what is wrong with an address to be written; a Kind of 0 is nothing.
func checkAddress[T string | []byte](address T) (kind Kind, reason string) {
	switch {
	case len(address) == 0 || address[0] != '/':
		return KindAddress, "address does not begin with '/'"
	case len(address) > MaxAddress || count(address, '/') > MaxParts:
		return KindLimit, "address is too long"
	case count(address, 0) > 0:
		return KindNUL, "address contains a NUL"
	}
	return 0, ""
}

func count[T string | []byte](s T, c byte) (n int) {
	for i := range len(s) {
		if s[i] == c {
			n++
		}
	}
	return n
}
