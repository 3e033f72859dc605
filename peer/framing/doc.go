// Package framing cuts a byte stream into frames, and frames what is written on one.
//
// A TCP connection carries bytes, not messages; a [Format] says where one frame ends and the next
// begins. Each stream has a [Splitter] of its own, which is fed with whatever each read returned:
//
//	for frame, err := range splitter.Feed(buf[:n]) {
//		...
//	}
//
// Where the stream happens to be cut by reads makes no difference to the frames, except to [All],
// whose frames are the reads.
//
// # Ownership
//
// A frame that lies whole in the bytes fed is a part of them; any other lies in the splitter's own
// buffer. Either way it is only lent: it may be read until the loop goes on to the next frame, and
// must not be written to. A splitter is used by one goroutine at a time.
//
// # Memory
//
// Between frames a splitter holds at most 1 KiB. While a frame is unfinished its buffer follows what
// has arrived, never what a length prefix claims, and is given back when the frame ends.
//
// # Faults
//
// A frame that is too long or spoiled is dropped whole and reported once, at the byte that made it so;
// the splitter goes on behind it. Only a bad length prefix ends the stream ([LengthError]): nothing in
// what follows shows where the next frame begins.
package framing
