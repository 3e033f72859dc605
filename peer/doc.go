// Package peer is the network as nodes see it: sockets that bring messages to a node's inbox, and
// a [Peer] for each remote end, through which to answer.
//
// A socket is opened by the operator of the node that owns it: [OpenDatagram] and [DialDatagram]
// for UDP, [Listen] and [Dial] for TCP and UDT. It runs until its Close, which waits for all it started.
//
// # Two ways to send
//
// A [Peer] sends at once, from any goroutine. While a node cooks it sends through a [Handle]
// ([Peer.In]): what it says is encoded and checked then, and goes out when the frame's cooks are
// done, in order. Both are a [Sender], and a [Group] of handles is one too. No send ever waits: what
// a queue has no room for fails with a [QueueError].
//
// # Events
//
// Every connection brings one Connect event, its messages, and one Close event that says why it
// ended, nothing after it. An operator tells its peers that it has seen the end by [Peer.Gone].
// Datagrams bring messages only: a UDP peer is a source address, known as long as it keeps sending.
//
// A TCP connection whose other end has closed can still be answered for a second. One of UDT ends both ways
// at once: its Close event comes behind all that had arrived, and what is sent then is lost, and counted.
//
// # What is lost
//
// It is counted where it is lost, by a counter of the node: "kerneldrops", "toolong" (messages over
// their limit), "malformed" (framing), "refused" (not on the allow list), "peersfull" (over a limit
// of peers), "sourcefull" (over that of one address), "evicted" (UDP peers forgotten for newcomers),
// "sendfull" (queue), "unproven" (see [ErrUnproven] and [ErrTooFast]), "senderrors", "readerrors",
// "accepterrors", "connecterrors", "handshakes" (that failed), "lookuperrors", "slowpeers",
// "frametimeouts", "idlepeers". The counter "recvbuffer" has the bytes of receive buffer that the
// kernel granted.
package peer
