package framing

import (
	"fmt"
	"slices"
	"strings"
)

// A Format is a way to cut a stream into frames. Its text is what patches call it.
type Format uint8

// The formats.
const (
	// All makes a frame of whatever one read returned. Its boundaries mean nothing.
	All Format = iota

	// PerByte makes a frame of every byte.
	PerByte

	// PerLine ends a frame at LF, CR, CR LF or NUL, which are not part of it. An empty line is an
	// empty frame. CR LF is one end, also when a read ends between the two. A last line without an
	// end is delivered by [Splitter.Flush].
	PerLine

	// Size has an int32 before each frame: its length in bytes, big-endian (OSC 1.0).
	Size

	// SLIP has an END byte (c0) before and after each frame (OSC 1.1; RFC 1055). One of the two may
	// be missing, and any number of them between frames is the same as one.
	SLIP

	// Auto is [Size] or [SLIP], told apart by the first byte of the stream. It is for OSC only: c0,
	// '/' or '#' could only begin a length of half a gigabyte or more, or a negative one.
	Auto
)

var formatNames = [...]string{All: "all", PerByte: "perbyte", PerLine: "perline", Size: "size", SLIP: "slip", Auto: "auto"}

// String returns the name of f in patches.
func (f Format) String() string {
	if int(f) >= len(formatNames) {
		return fmt.Sprintf("Format(%d)", uint8(f))
	}
	return formatNames[f]
}

// MarshalText returns the name of f in patches.
func (f Format) MarshalText() ([]byte, error) {
	if int(f) >= len(formatNames) {
		return nil, fmt.Errorf("no such framing: %d", uint8(f))
	}
	return []byte(formatNames[f]), nil
}

// UnmarshalText sets f to the format of that name.
func (f *Format) UnmarshalText(name []byte) error {
	i := slices.Index(formatNames[:], string(name))
	if i < 0 {
		return fmt.Errorf("unknown framing %q; want one of %s", name, strings.Join(formatNames[:], ", "))
	}
	*f = Format(i)
	return nil
}

// Len returns how many bytes [Format.Append] makes of packet.
func (f Format) Len(packet []byte) int {
	switch f {
	case Size, Auto:
		return prefixBytes + len(packet)
	case SLIP:
		return lenSLIP(packet)
	}
	return len(packet)
}

// Append appends packet to b as one frame of format f and returns the longer slice. [Auto], which
// has yet to see what the other end speaks, writes [Size]. Formats that do not delimit packets
// append it as it is.
func (f Format) Append(b, packet []byte) []byte {
	switch f {
	case Size, Auto:
		return AppendSize(b, packet)
	case SLIP:
		return AppendSLIP(b, packet)
	}
	return append(b, packet...)
}
