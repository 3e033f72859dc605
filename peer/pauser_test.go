package peer_test

import (
	"slices"
	"testing"
	"time"

	"linecook.dev/linecook/peer"
)

func TestBackoff(t *testing.T) {
	const ms = time.Millisecond
	tests := []struct {
		name   string
		random float64
		lives  []time.Duration
		want   []time.Duration
	}{
		{"doubles up to 10 s", 0.5, make([]time.Duration, 8), []time.Duration{250 * ms, 500 * ms, 1000 * ms, 2000 * ms, 4000 * ms, 8000 * ms, 10000 * ms, 10000 * ms}},
		{"20 % less", 0, make([]time.Duration, 2), []time.Duration{200 * ms, 400 * ms}},
		{"20 % more", 1, make([]time.Duration, 2), []time.Duration{300 * ms, 600 * ms}},
		{"begins anew after 5 s of life", 0.5, []time.Duration{0, 0, 4999 * ms, 5000 * ms, 0}, []time.Duration{250 * ms, 500 * ms, 1000 * ms, 250 * ms, 500 * ms}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := peer.Backoffs(tt.random, tt.lives...); !slices.Equal(got, tt.want) {
				t.Errorf("pauses after lives %v are %v, want %v", tt.lives, got, tt.want)
			}
		})
	}
}
