package peer_test

import (
	"net"
	"syscall"
	"testing"
	"time"

	"linecook.dev/linecook/peer"
	"linecook.dev/linecook/peer/udt"
)

func TestErrorTexts(t *testing.T) {
	tests := []struct {
		err  error
		want string
	}{
		{&peer.QueueError{Messages: 1025, Bytes: 9, MaxMessages: 1024, MaxBytes: 1 << 20}, "send queue is full: 1025 messages of 9 bytes in all; 1024 messages and 1048576 bytes fit"},
		{&peer.SizeError{Bytes: 65508, Max: 65507}, "message of 65508 bytes; at most 65507 can be sent at once"},
		{&peer.ByteError{Argument: 2, Got: "256"}, "sendBytes argument 2 is 256; it takes text, bytes and integers from 0 to 255"},
		{&peer.SlowError{After: 5 * time.Second, Waiting: 9}, "peer took nothing for 5s, with 9 bytes waiting"},
		{&peer.AddressError{Proto: "udp", Addr: "127.0.0.1:9000", Err: syscall.EADDRINUSE}, "address 127.0.0.1:9000 (udp) is in use already, by another node or another program; choose another port, or stop it"},
		{&peer.AddressError{Proto: "tcp", Addr: "127.0.0.1:80", Err: syscall.EACCES}, "address 127.0.0.1:80 (tcp) is not allowed; ports below 1024 need privileges (CAP_NET_BIND_SERVICE)"},
		{&peer.AddressError{Proto: "tcp", Addr: "127.0.0.1:80", Err: syscall.EMFILE}, "address 127.0.0.1:80 (tcp) cannot be opened: too many open files"},
		{
			&peer.ConnectError{To: "desk:9000", Err: &net.OpError{Op: "dial", Err: udt.ErrRefused}},
			"cannot connect to desk:9000: connection refused (the other end has messages where this one has a stream or the other way round, does not allow this address, or is full)",
		},
		{
			&peer.ConnectError{To: "desk:9000", Err: &peer.AddressError{Proto: "udt", Addr: "0.0.0.0:9001", Err: &net.OpError{Op: "listen", Err: syscall.EADDRINUSE}}},
			"cannot connect to desk:9000: address 0.0.0.0:9001 (udt) is in use already, by another node or another program; choose another port, or stop it",
		},
	}
	for _, tt := range tests {
		if got := tt.err.Error(); got != tt.want {
			t.Errorf("%T says %q, want %q", tt.err, got, tt.want)
		}
	}
}
