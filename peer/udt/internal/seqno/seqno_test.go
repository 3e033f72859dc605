package seqno_test

import (
	"testing"

	"pgregory.net/rapid"

	"linecook.dev/linecook/peer/udt/internal/seqno"
)

func TestBefore(t *testing.T) {
	tests := []struct {
		name string
		s, u seqno.Seq
		want bool
	}{
		{"neighbours", 1, 2, true},
		{"itself", 7, 7, false},
		{"across the wrap", seqno.Max, 0, true},
		{"back across the wrap", 0, seqno.Max, false},
		{"far", 0, 1<<30 - 1, true},
		{"far across the wrap", seqno.Max, 1<<30 - 2, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.s.Before(tt.u); got != tt.want {
				t.Errorf("Seq(%d).Before(%d) = %t, want %t", tt.s, tt.u, got, tt.want)
			}
		})
	}
}

func TestSubUndoesAdd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := seqno.Seq(rapid.Uint32Max(uint32(seqno.Max)).Draw(t, "s"))
		n := rapid.IntRange(-1<<30+1, 1<<30-1).Draw(t, "n")
		u := s.Add(n)
		if u > seqno.Max || u.Sub(s) != n || s.Before(u) != (n > 0) {
			t.Fatalf("Seq(%d).Add(%d) = %d, from which Sub gives %d", s, n, u, u.Sub(s))
		}
		if s.Next() != s.Add(1) {
			t.Fatalf("Seq(%d).Next() = %d, want %d", s, s.Next(), s.Add(1))
		}
	})
}

func TestMessageNumbersSkipZero(t *testing.T) {
	for m, want := range map[seqno.Message]seqno.Message{1: 2, seqno.MaxMessage - 1: seqno.MaxMessage, seqno.MaxMessage: 1} {
		if got := m.Next(); got != want {
			t.Errorf("Message(%#x).Next() = %#x, want %#x", m, got, want)
		}
	}
}
