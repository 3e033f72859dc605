package ops_test

import (
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
