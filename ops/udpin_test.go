package ops_test

import (
	"fmt"
	"testing"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/ops"
)

// A udpout reaches a udpin by multicast and by broadcast, on the loopback interface.
func TestUdpToMany(t *testing.T) {
	tests := []struct {
		name  string
		in    *ops.UdpIn
		group string
	}{
		{"multicast", &ops.UdpIn{Address: "239.255.77.1", Access: ops.Access{LocalAddress: "127.0.0.1"}}, "239.255.77.1"},
		{"broadcast", &ops.UdpIn{Access: ops.Access{LocalAddress: "127.255.255.255"}}, "127.255.255.255"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t, func(e *graph.Edit) { e.Add("in", tt.in) })
			rows := r.watch("in")
			err := r.engine.Edit(func(e *graph.Edit) {
				from := e.Add("t", &ops.Table{Rows: [][]any{{"to all"}}})
				e.Wire(from, e.Add("out", &ops.UdpOut{
					Address: tt.group, Port: int(tt.in.LocalAddr().Port()), LocalAddress: "127.0.0.1",
				}))
			})
			if err != nil {
				t.Fatal(err)
			}
			r.engine.Step()
			if err := r.g.Node("out").Err(); err != nil {
				t.Fatal(err)
			}
			r.cookUntil("a row", has(rows, 1))
			expect(t, "rows", *rows, "to all")
		})
	}
}

func TestClearStartsRowsAgain(t *testing.T) {
	op := &ops.UdpIn{}
	var indices []string
	op.OnReceive = func(_ *ops.Dat, m ops.Received) error {
		indices = append(indices, fmt.Sprint(m.Message, m.RowIndex))
		return nil
	}
	r := newRig(t, func(e *graph.Edit) { e.Add("in", op) })
	n, c := r.g.Node("in"), dialUDP(t, op.LocalAddr())
	send(t, c, "a", "b")
	r.cookUntil("two messages", has(&indices, 2))
	if err := r.engine.Pulse(n, "clear"); err != nil {
		t.Fatal(err)
	}
	events := n.Inbox().Stats().Events
	send(t, c, "c")
	for n.Inbox().Stats().Events == events { // so that clear and c are in one cut
		if t.Context().Err() != nil {
			t.Fatal(t.Context().Err())
		}
	}
	r.cookUntil("the third message", has(&indices, 3))
	expect(t, "messages with their indices", indices, "a0", "b1", "c0")
	if got := n.Table().NumRows(); got != 1 {
		t.Errorf("the table has %d rows, want 1", got)
	}
}
