package top

import (
	"fmt"
	"math"
	"strconv"
	"time"
)

// count is n in five characters at most.
func count[N int | uint64](n N) string { return size(float64(n)) }

func size(f float64) string {
	if f < 10_000 {
		return strconv.FormatFloat(math.Round(f), 'f', -1, 64)
	}
	for _, unit := range "kMGTPE" {
		if f /= 1000; f < 999.5 {
			digits := 1
			if f >= 99.95 {
				digits = 0
			}
			return strconv.FormatFloat(f, 'f', digits, 64) + string(unit)
		}
	}
	return ">1Z"
}

// rate is a number a second, in five characters at most; NaN is one that is not known.
func rate(f float64) string {
	switch {
	case math.IsNaN(f):
		return "-"
	case f > 0 && f < 9.95:
		return strconv.FormatFloat(f, 'f', 1, 64)
	}
	return size(f)
}

// took is a duration in nanoseconds, in six characters at most.
func took(ns int64) string {
	f := float64(ns)
	for _, unit := range []string{"ns", "µs", "ms"} {
		if f < 999.5 {
			digits := 0
			if f < 9.95 && unit != "ns" {
				digits = 1
			}
			return strconv.FormatFloat(f, 'f', digits, 64) + unit
		}
		f /= 1000
	}
	return strconv.FormatFloat(f, 'f', 1, 64) + "s"
}

// clock is the engine's time, in seconds.
func clock(seconds float64) string {
	d := time.Duration(seconds * float64(time.Second))
	return fmt.Sprintf("%d:%02d:%02d", int(d.Hours()), int(d.Minutes())%60, int(d.Seconds())%60)
}

// ago is how long something takes already, in seconds.
func ago(seconds float64) string {
	switch {
	case seconds < 0.95:
		return "now"
	case seconds < 99.5:
		return fmt.Sprintf("%.0f s", seconds)
	case seconds < 5970:
		return fmt.Sprintf("%.0f min", seconds/60)
	case seconds < 48*3600:
		return fmt.Sprintf("%.0f h", seconds/3600)
	}
	return fmt.Sprintf("%.0f d", seconds/86400)
}
