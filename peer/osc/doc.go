// Package osc reads and writes Open Sound Control packets (the OSC 1.0 specification, with the
// types and the '//' of 1.1). It knows bytes only: sockets, stream framing and scheduling are
// its callers' business.
//
// # Ownership
//
// [Packet.Parse] copies nothing. Addresses, strings and blobs alias the bytes that were parsed:
// they are read-only, and good until those bytes change or the Packet parses again. A Packet, a
// [Builder] and a [Pattern] are reused from call to call and then allocate nothing; each belongs to
// one goroutine at a time. Matching with a [Pattern] or a [Scope] only reads it.
//
// # What is dropped
//
// A packet is checked whole before any of it is delivered, and a malformed one is dropped whole.
// There is one exception, which is the specification's: a message with an unknown type tag is
// discarded alone, since its framing is sound and only its data cannot be read. [Packet.Parse]
// then succeeds, without that message, and [Packet.Discarded] says what was left out. Every error
// is a [*SyntaxError] with a position and a [Kind] to count by.
//
// # What is forgiven
//
// Programs in use break the rules, so these are accepted: no type tag string at all where there
// is no data either (with data it is an error, as the types can only be guessed), bytes left over
// after the last argument, padding that is not zero, text that is not UTF-8 (kept as it came), a
// time tag of an inner bundle earlier than the outer one's.
//
// # Limits
//
// An address has at most [MaxAddress] bytes and [MaxParts] parts, a message [MaxArguments]
// type tags (array brackets count), bundles and arrays nest [MaxDepth] deep. They hold for
// reading and writing, so what was read can always be written.
package osc
