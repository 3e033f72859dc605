package framing_test

import (
	"bytes"
	"fmt"
	"testing"

	"linecook.dev/linecook/peer/framing"
)

func BenchmarkFeed(b *testing.B) {
	for _, format := range []framing.Format{framing.PerLine, framing.Size, framing.SLIP} {
		for _, size := range []int{24, 1400} {
			packet := bytes.Repeat([]byte("x"), size)
			var one []byte
			switch format {
			case framing.PerLine:
				one = append(packet, '\n')
			default:
				one = format.Append(nil, packet)
			}
			stream := bytes.Repeat(one, 64<<10/len(one))
			b.Run(fmt.Sprintf("%v/frame=%d", format, size), func(b *testing.B) {
				s, frames := framing.NewSplitter(framing.Config{Format: format}), 0
				b.SetBytes(int64(len(stream)))
				b.ReportAllocs()
				for b.Loop() {
					for range s.Feed(stream) {
						frames++
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(frames), "ns/frame")
			})
		}
	}
}

func BenchmarkAppend(b *testing.B) {
	packet := bytes.Repeat([]byte("/fader/1\x00\x00\x00\x00,f\x00\x00\x3f\x80\x00\x00"), 10)
	for _, format := range []framing.Format{framing.Size, framing.SLIP} {
		b.Run(format.String(), func(b *testing.B) {
			var buf []byte
			b.SetBytes(int64(len(packet)))
			b.ReportAllocs()
			for b.Loop() {
				buf = format.Append(buf[:0], packet)
			}
		})
	}
}
