// Package mmsg reads and writes many datagrams with one system call.
//
// On Linux a [Conn] uses recvmmsg(2) and sendmmsg(2) on the socket of a [net.UDPConn], under the
// runtime's poller, so that deadlines and Close work as ever. Elsewhere it has the same behaviour with
// a call for each datagram. In the steady state neither allocates.
//
// # Errors
//
// An error of the system is wrapped, so that [errors.Is] finds a [syscall.Errno]. Few end the socket:
//
//   - [syscall.ECONNREFUSED] on Read: an earlier datagram was refused by its receiver; read on.
//   - [syscall.ENOBUFS] on Write: that datagram was dropped; write on behind it.
//   - [os.ErrDeadlineExceeded]: the deadline passed; the socket is as it was.
//   - [net.ErrClosed]: the socket was closed; this is the end.
//
// # Memory
//
// A Conn holds no datagrams. On Linux it keeps about 140 bytes for each message of the largest batch it
// has had, for reading and for writing, and at most [MaxBatch] of them.
package mmsg
