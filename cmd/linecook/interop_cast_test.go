package main_test

import (
	"fmt"
	"testing"
)

const castTo = `
linecook: v1
nodes:
  rows: {table: {columns: [address, arg1], rows: [[/a, 1]]}}
  out:
    oscout: {address: %s, port: %s, localaddress: 127.0.0.1}
    in: rows
`

// TestCasts has one linecook reach another by broadcast and by multicast, on the loopback.
func TestCasts(t *testing.T) {
	tests := []struct{ name, address, in string }{
		{"broadcast", "127.255.255.255", "localaddress: 0.0.0.0"},
		{"multicast", "239.255.0.2", "protocol: multicastmsging, address: 239.255.0.2, localaddress: 127.0.0.1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := cook(t, "linecook: v1\nnodes:\n  in: {oscin: {port: 0, "+tt.in+"}}\n")
			out := cook(t, fmt.Sprintf(castTo, tt.address, in.port("/in")))
			in.wantRows(`{"node":"/in","row":0,"cells":{"address":"/a","arg1":1}}`)
			out.stop()
			in.stop()
		})
	}
}
