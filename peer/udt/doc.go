// Package udt is the UDP-based data transfer protocol UDT, version 4, on the wire as its reference
// library (release 4.11) speaks it. It carries streams of bytes, or messages that keep their boundaries,
// reliably, over UDP.
//
// [Dial], [Listen] and [Rendezvous] open connections with a UDP port of their own; a [Port] has any
// number of them on one. A [Conn] is a [net.Conn]. Both ends must want the same [Mode].
//
// # Goroutines
//
// A port has two, one that receives and one that sends, however many connections there are. Any number
// of goroutines may use a connection.
//
// # The end of a connection
//
// UDT ends both directions at once: there is no CloseWrite. Close waits for what was written to be
// acknowledged, up to [Config].Linger, and then tells the other end, which can still read what has come.
//
// # Security
//
// UDT neither encrypts nor proves who speaks. Who can read its packets can forge them. Packets of others
// than the peer's address are ignored, and a listener remembers nothing of a client before that has
// shown that it receives what is sent to its address.
//
// # What is missing
//
// Changing addresses (a connection ends when its peer moves), path MTU discovery (set [Config].MSS), and
// the library's file transfer calls, which have no place on the wire.
package udt
