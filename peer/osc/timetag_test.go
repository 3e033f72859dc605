package osc_test

import (
	"testing"
	"time"

	"linecook.dev/linecook/peer/osc"
)

func TestTimeTag(t *testing.T) {
	tests := []struct {
		name string
		time time.Time
		tag  osc.TimeTag
	}{
		{"Unix epoch", time.Unix(0, 0), 2_208_988_800 << 32},
		{"half a second", time.Unix(0, 5e8), 2_208_988_800<<32 | 1<<31},
		{"last nanosecond of a second", time.Unix(0, 999_999_999), 2_208_988_800<<32 | 0xffff_fffc},
		{"last second of the first era", time.Date(2036, 2, 7, 6, 28, 15, 0, time.UTC), 0xffff_ffff << 32},
		{"first instant of the second era, whose tag is taken", time.Date(2036, 2, 7, 6, 28, 16, 0, time.UTC), 2},
		{"second era", time.Date(2036, 2, 7, 6, 28, 17, 0, time.UTC), 1 << 32},
		{"no time", time.Time{}, osc.Immediately},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := osc.NewTimeTag(tt.time); got != tt.tag {
				t.Errorf("NewTimeTag(%v) = %#x, want %#x", tt.time, got, tt.tag)
			}
			if got := tt.tag.Time(); !got.Equal(tt.time) {
				t.Errorf("TimeTag(%#x).Time() = %v, want %v", tt.tag, got, tt.time)
			}
		})
	}
	if osc.TimeTag(2).IsImmediate() || !osc.TimeTag(0).IsImmediate() || !osc.Immediately.IsImmediate() {
		t.Error("exactly 0 and 1 mean immediately")
	}
	if got := osc.TimeTag(2_208_988_799<<32 | 0xffff_ffff).Time(); !got.Equal(time.Unix(0, 0)) {
		t.Errorf("a fraction that rounds up to a second: %v, want the Unix epoch", got)
	}
}

// Every nanosecond survives the way to a tag and back.
func FuzzTimeTag(f *testing.F) {
	f.Add(int64(0), int64(1))
	f.Add(int64(2_085_978_495), int64(999_999_999))
	f.Fuzz(func(t *testing.T, second, nanosecond int64) {
		const first, eras = -61_505_152, 1 << 32 // 1968-01-20, and how long the tags reach
		want := time.Unix(first+int64(uint64(second)%eras), int64(uint64(nanosecond)%1e9)).UTC()
		if got := osc.NewTimeTag(want).Time(); !got.Equal(want) {
			t.Errorf("NewTimeTag(%v).Time() = %v", want, got)
		}
	})
}
