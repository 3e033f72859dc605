package udt_test

import (
	"testing"
	"time"

	"go.uber.org/goleak"

	"linecook.dev/linecook/peer/udt"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const patience = 20 * time.Second // after which a test that waits has failed

// A pair is the two ends of a connection.
type pair struct {
	listener       *udt.Listener
	client, server *udt.Conn
}

func connect(t testing.TB, cfg *udt.Config) pair {
	t.Helper()
	l, err := udt.Listen("udp", "127.0.0.1:0", cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	client, err := udt.Dial(t.Context(), "udp", l.Addr().String(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	server, err := l.AcceptUDT()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	deadline := time.Now().Add(patience)
	client.SetDeadline(deadline)
	server.SetDeadline(deadline)
	return pair{l, client, server}
}
