//go:build !race

package udt_test

import "testing"

// TestPacketsDoNotAllocate is not for the race detector, under which a sync.Pool drops every fourth thing that is
// put into it: then pages of packets are made anew, the more often the more often the reader has all that came.
func TestPacketsDoNotAllocate(t *testing.T) {
	p := connect(t, nil)
	const size = 4 << 20
	chunk, into := make([]byte, 1<<16), make([]byte, 1<<16)
	start, done := make(chan struct{}), make(chan struct{})
	defer close(start)
	go func() {
		for range start {
			for range size / len(chunk) {
				p.client.Write(chunk)
			}
			done <- struct{}{}
		}
	}()
	move := func() {
		start <- struct{}{}
		for got := 0; got < size; {
			n, err := p.server.Read(into)
			if err != nil {
				t.Fatal(err)
			}
			got += n
		}
		<-done
	}
	move()
	if packets, allocs := float64(size/1456), testing.AllocsPerRun(5, move); allocs > packets/20 {
		t.Errorf("%.0f packets allocate %.0f times, want none but what grows", packets, allocs)
	} else {
		t.Logf("%.0f packets: %.0f allocations", packets, allocs)
	}
}
