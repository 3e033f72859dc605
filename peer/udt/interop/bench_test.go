package interop_test

import (
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"linecook.dev/linecook/peer/udt"
)

// BenchmarkPairs moves data between ends of both kinds, each time over a new connection, and measures at
// the receiver, from when it has the connection on.
func BenchmarkPairs(b *testing.B) {
	for _, k := range []struct {
		name string
		task
	}{
		{"stream", task{mode: "stream", bytes: 256 << 20, size: 256 << 10}},
		{"messages", task{mode: "inorder", bytes: 100_000 * 1200, size: 1200}},
	} {
		for _, pair := range []struct {
			name                string
			librarySends, reads bool // which ends are the library's
		}{
			{"library to library", true, true},
			{"library to Go", true, false},
			{"Go to library", false, true},
			{"Go to Go", false, false},
		} {
			b.Run(k.name+"/"+pair.name, func(b *testing.B) {
				var total time.Duration
				for b.Loop() {
					if pair.reads {
						total += toLibrary(b, pair.librarySends, k.task)
					} else {
						total += toGo(b, pair.librarySends, k.task)
					}
				}
				b.ReportMetric(float64(k.bytes*b.N)*8/1e6/total.Seconds(), "Mbit/s")
				b.ReportMetric(0, "ns/op")
			})
		}
	}
}

func toLibrary(b *testing.B, librarySends bool, k task) time.Duration {
	l := start(b, "listen", "drain", "127.0.0.1", "", k)
	address := "127.0.0.1:" + l.port
	if librarySends {
		sender := start(b, "dial", "fill", "127.0.0.1", address, k)
		defer sender.wait(b)
	} else {
		c, err := udt.Dial(b.Context(), "udp", address, config(k))
		if err != nil {
			b.Fatal(err)
		}
		defer c.Close()
		fill(b, c, k)
	}
	seconds, err := strconv.ParseFloat(strings.TrimPrefix(l.line(b, "seconds "), "seconds "), 64)
	if err != nil {
		b.Fatal(err)
	}
	defer l.wait(b)
	return time.Duration(seconds * float64(time.Second))
}

func toGo(b *testing.B, librarySends bool, k task) time.Duration {
	ln, err := udt.Listen("udp", "127.0.0.1:0", config(k))
	if err != nil {
		b.Fatal(err)
	}
	defer ln.Close()
	var wg sync.WaitGroup
	defer wg.Wait()
	if librarySends {
		l := start(b, "dial", "fill", "127.0.0.1", ln.Addr().String(), k)
		defer l.wait(b)
	} else {
		wg.Go(func() {
			c, err := udt.Dial(b.Context(), "udp", ln.Addr().String(), config(k))
			if err != nil {
				b.Error(err)
				return
			}
			defer c.Close()
			fill(b, c, k)
		})
	}
	c, err := ln.AcceptUDT()
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	begin, into := time.Now(), make([]byte, 1<<20)
	for got := 0; got < k.bytes; {
		var n int
		if k.mode == "stream" {
			n, err = c.Read(into)
		} else {
			into, err = c.ReadMessage(into[:0])
			n = len(into)
		}
		if err != nil {
			b.Fatal(err)
		}
		got += n
	}
	return time.Since(begin)
}

func fill(b *testing.B, c *udt.Conn, k task) {
	data := make([]byte, k.size)
	for range k.bytes / k.size {
		if _, err := c.Write(data); err != nil {
			b.Error(err)
			return
		}
	}
}
