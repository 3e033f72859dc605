package osc

import "time"

// A TimeTag is a time as NTP has it: seconds since 1900 in the upper 32 bits, their fraction in
// the lower. It wraps in 2036: a tag with the top bit clear is taken as 2036 to 2104, one with it
// set as 1968 to 2036 (RFC 4330, section 3). Compare the times, not the tags.
type TimeTag uint64

// Immediately is the tag that means no time at all. Zero, which some senders leave there, means
// the same.
const Immediately TimeTag = 1

// ntpEpoch is 1970 in seconds since 1900.
const ntpEpoch = 2_208_988_800

// NewTimeTag returns t as a tag, rounded to the nearest fraction, and Immediately for the zero
// Time. A time outside 1968 to 2104 loses its era.
func NewTimeTag(t time.Time) TimeTag {
	if t.IsZero() {
		return Immediately
	}
	seconds := uint64(t.Unix()+ntpEpoch) << 32
	fraction := (uint64(t.Nanosecond())<<32 + 500_000_000) / 1_000_000_000
	// The first instant of 2036's era has the tag 0, which is taken; 2 is that same nanosecond.
	return max(TimeTag(seconds|fraction), 2)
}

// IsImmediate reports whether t means immediately.
func (t TimeTag) IsImmediate() bool { return t <= Immediately }

// Time returns t in UTC, rounded to the nearest nanosecond, and the zero Time for immediately.
func (t TimeTag) Time() time.Time {
	if t.IsImmediate() {
		return time.Time{}
	}
	seconds := int64(t >> 32)
	if t>>63 == 0 {
		seconds += 1 << 32
	}
	nanoseconds := (uint64(t&0xffff_ffff)*1_000_000_000 + 1<<31) >> 32
	return time.Unix(seconds-ntpEpoch, int64(nanoseconds)).UTC()
}
