package udt_test

import (
	"fmt"
	"io"
	"sync"
	"testing"
	"time"

	"linecook.dev/linecook/peer/udt"
)

// BenchmarkStream moves 64 MiB over one connection and waits until all has been read.
func BenchmarkStream(b *testing.B) {
	const size = 64 << 20
	for _, mss := range []int{1500, 9000} {
		b.Run(fmt.Sprintf("mss=%d", mss), func(b *testing.B) {
			p := connect(b, &udt.Config{MSS: mss})
			p.client.SetDeadline(time.Time{})
			p.server.SetDeadline(time.Time{})
			chunk, into := make([]byte, 1<<18), make([]byte, 1<<18)
			var wg sync.WaitGroup
			b.SetBytes(size)
			for b.Loop() {
				wg.Go(func() {
					for range size / len(chunk) {
						if _, err := p.client.Write(chunk); err != nil {
							b.Error(err)
							return
						}
					}
				})
				for got := 0; got < size; {
					n, err := p.server.Read(into)
					if err != nil {
						b.Fatal(err)
					}
					got += n
				}
				wg.Wait()
			}
			b.ReportMetric(float64(b.N)*size*8/1e6/b.Elapsed().Seconds(), "Mbit/s")
			b.Logf("%+v\n%+v", p.client.Stats(), p.server.Stats())
		})
	}
}

// BenchmarkMessages moves messages of 1200 bytes in order.
func BenchmarkMessages(b *testing.B) {
	const count = 20_000
	p := connect(b, &udt.Config{Mode: udt.Messages})
	p.client.SetDeadline(time.Time{})
	p.server.SetDeadline(time.Time{})
	message := make([]byte, 1200)
	var into []byte
	var wg sync.WaitGroup
	for b.Loop() {
		wg.Go(func() {
			for range count {
				if err := p.client.WriteMessage(message, udt.MessageOptions{}); err != nil {
					b.Error(err)
					return
				}
			}
		})
		for range count {
			var err error
			if into, err = p.server.ReadMessage(into[:0]); err != nil {
				b.Fatal(err)
			}
		}
		wg.Wait()
	}
	b.ReportMetric(float64(b.N)*count*1200*8/1e6/b.Elapsed().Seconds(), "Mbit/s")
}

// BenchmarkEcho is one round trip of 1000 bytes.
func BenchmarkEcho(b *testing.B) {
	p := connect(b, nil)
	p.client.SetDeadline(time.Time{})
	p.server.SetDeadline(time.Time{})
	var wg sync.WaitGroup
	wg.Go(func() { io.Copy(p.server, p.server) })
	message := make([]byte, 1000)
	for b.Loop() {
		p.client.Write(message)
		if _, err := io.ReadFull(p.client, message); err != nil {
			b.Fatal(err)
		}
	}
	p.client.Close()
	wg.Wait()
}
