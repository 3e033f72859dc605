package main_test

import (
	"regexp"
	"slices"
	"testing"
)

// TestFormatsOverTime prints messages that come in frames of their own: a header comes only when
// there is something new in it, and columns grow.
func TestFormatsOverTime(t *testing.T) {
	tests := []struct {
		format string
		want   []string
	}{
		{"csv", []string{
			"node,frame,row,address,arg1",
			"/in,N,0,/a,1",
			"/in,N,1,/longer,2",
			"node,frame,row,address,arg1,arg2",
			`/in,N,2,/a,"x` + "\x1b" + `y, ""z""",4`,
		}},
		{"table", []string{
			"node  frame  row  address  arg1",
			"/in   N      0    /a       1",
			"/in   N      1    /longer  2",
			"node  frame  row  address  arg1         arg2",
			`/in   N      2    /a       x\x1by, "z"  4`,
		}},
	}
	frame := regexp.MustCompile(`^(/in[, ]+)\d+`)
	for _, tt := range tests {
		t.Run(tt.format, func(t *testing.T) {
			l := cook(t, oscIn, "--set", "in.typetag=off", "--format", tt.format)
			conn := dial(t, "udp", l.addr("/in"))
			var got []string
			for i, packet := range []string{
				padded("/a") + padded(",i") + "\x00\x00\x00\x01",
				padded("/longer") + padded(",i") + "\x00\x00\x00\x02",
				padded("/a") + padded(",si") + padded("x\x1by, \"z\"") + "\x00\x00\x00\x04",
			} {
				write(t, conn, packet)
				if got = append(got, l.out.any()); i != 1 {
					got = append(got, l.out.any()) // behind the header
				}
			}
			l.stop()
			for i := range got {
				got[i] = frame.ReplaceAllString(got[i], "${1}N")
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("--format %s:\n got %q\nwant %q", tt.format, got, tt.want)
			}
		})
	}
}
