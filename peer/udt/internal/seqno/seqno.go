// Package seqno has the circular numbers of UDT.
package seqno

// A Seq is a packet sequence number, or the number of an ACK: 31 bits, followed by 0 after [Max]
// (draft-gg-udt-03, "Packet Structures"). Its order is circular: use [Seq.Before], never <.
type Seq uint32

// Max is the last number before the wrap.
const Max Seq = 1<<31 - 1

// Next returns the number after s.
func (s Seq) Next() Seq { return (s + 1) & Max }

// Add returns the number n after s, or -n before it.
func (s Seq) Add(n int) Seq { return (s + Seq(n)) & Max }

// Sub returns how far s is behind u, negative when s is before u, given that fewer than 2^30 numbers
// lie between them.
func (s Seq) Sub(u Seq) int { return int(int32(s-u)<<1) >> 1 }

// Before reports whether s comes before u, given that fewer than 2^30 numbers lie between them. No
// window of packets is as large.
func (s Seq) Before(u Seq) bool { return s.Sub(u) < 0 }

// A Message numbers messages: 29 bits, from 1 to [MaxMessage], and then 1 again.
type Message uint32

// MaxMessage is the last message number. The one after it, and 0, are never sent by the library.
const MaxMessage Message = 1<<29 - 2

// Next returns the number of the message after m.
func (m Message) Next() Message {
	if m >= MaxMessage {
		return 1
	}
	return m + 1
}
