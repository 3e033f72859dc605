package osc

import "fmt"

// A Kind says what is wrong, for counting. Its text is short and never changes.
type Kind uint8

// The kinds of fault. Those from KindNUL on are of values to be written.
const (
	KindSize         Kind = iota + 1 // a packet or bundle element is empty, negative, not a multiple of 4 or past the end
	KindAddress                      // an address does not begin with '/', or the packet with neither '/' nor "#bundle"
	KindLimit                        // one of the package's limits is passed
	KindTypes                        // there is data but no type tag string
	KindUnknownType                  // a type tag of no known size
	KindTruncated                    // the data ends before its types do
	KindUnterminated                 // a string has no end
	KindArray                        // array brackets do not pair
	KindPattern                      // an address pattern or scope is malformed
	KindNUL                          // a string or address contains a NUL
	KindTooLarge                     // a packet would be larger than allowed
	KindOrder                        // calls of a Builder in an impossible order
	KindRange                        // a number does not fit the types allowed
	KindSwitch                       // a value needs a type that is switched off
	KindValue                        // a value of a type that OSC cannot carry
)

var kindNames = [...]string{
	"unknown kind", "size", "address", "limit", "types", "unknown type", "truncated", "unterminated", "array",
	"pattern", "nul", "too large", "order", "range", "switch", "value",
}

func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return kindNames[0]
}

// A SyntaxError is a fault in bytes that came in, or in the text of a pattern.
type SyntaxError struct {
	Offset int    // bytes from the start of the packet or text; at most its length
	Kind   Kind   // never zero
	Type   Type   // the tag at fault, when Kind is KindUnknownType
	Reason string // one constant phrase
}

func (e *SyntaxError) Error() string {
	if e.Kind == KindUnknownType {
		return fmt.Sprintf("osc: offset %d: %s %q", e.Offset, e.Reason, byte(e.Type))
	}
	return fmt.Sprintf("osc: offset %d: %s", e.Offset, e.Reason)
}

// A ValueError is a fault in what was to be written.
type ValueError struct {
	Pair     int    // which address/values pair of [AppendValues]; otherwise 0
	Address  string // the message's address, as far as [MaxAddress]; empty outside a message
	Argument int    // which argument, counting type tags from 0; -1 for the message or packet itself
	Kind     Kind   // never zero
	Reason   string
}

func (e *ValueError) Error() string {
	switch {
	case e.Argument >= 0:
		return fmt.Sprintf("osc: %q argument %d: %s", e.Address, e.Argument, e.Reason)
	case e.Address != "":
		return fmt.Sprintf("osc: %q: %s", e.Address, e.Reason)
	}
	return "osc: " + e.Reason
}
