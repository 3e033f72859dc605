// Package wire reads and writes the packets of UDT version 4, a file for each packet type.
//
// The sources are draft-gg-udt-03 and, where they differ, the packets of the reference library
// (release 4.11), which are in the tests. All words are 32 bit, big endian.
//
// Parsing copies nothing: what it returns refers to the packet. It is strict about lengths and about
// nothing else; whether a number makes sense in a connection is for the connection to decide.
package wire

// HeaderSize is the length in bytes of the header of every packet.
const HeaderSize = 16

// Overhead is what the maximum segment size counts beside payload, in bytes: the headers of IPv4, UDP
// and UDT. It is the same over IPv6, as in the library.
const Overhead = 28 + HeaderSize

// An ID names a socket. Those of connections are from 1 to [MaxID]; 0 is the port itself, in handshakes.
type ID uint32

// MaxID is the largest ID that the library does not take for a negative one.
const MaxID ID = 1<<31 - 1

// A SyntaxError says what is wrong with a packet.
type SyntaxError string

func (e SyntaxError) Error() string { return "udt packet: " + string(e) }

// The faults.
const (
	errShort   SyntaxError = "too short"
	errType    SyntaxError = "wrong type"
	errLength  SyntaxError = "wrong length for its type"
	errRange   SyntaxError = "a range of lost packets without an end"
	errMessage SyntaxError = "message number over 29 bits"
)

// To returns the socket that packet p is for.
func To(p []byte) (ID, error) {
	if len(p) < HeaderSize {
		return 0, errShort
	}
	return ID(word(p, 3)), nil
}

// IsControl reports whether p, which has a header, is a control packet.
func IsControl(p []byte) bool { return p[0]&0x80 != 0 }
