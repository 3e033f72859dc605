package main

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
)

// A series has what was measured, by name.
type series map[string][]float64

func (s series) add(name string, value float64) { s[name] = append(s[name], value) }

// median returns the median of a name, if it was measured.
func (s series) median(name string) (float64, bool) {
	v := slices.Sorted(slices.Values(s[name]))
	if len(v) == 0 {
		return 0, false
	}
	return (v[len(v)/2] + v[(len(v)-1)/2]) / 2, true
}

// cell returns the median and, in brackets, the least and the most.
func (s series) cell(name string, digits int) string {
	m, ok := s.median(name)
	if !ok {
		return ""
	}
	return fmt.Sprintf("%.*f (%.*f to %.*f)", digits, m, digits, slices.Min(s[name]), digits, slices.Max(s[name]))
}

// A target is what is to be reached: by the ratio of ours to the rival's, or by ours.
type target struct {
	text  string
	met   func(ours, ratio float64) bool
	value bool // ours alone counts
}

func atLeast(x float64) target {
	return target{text: fmt.Sprintf(">= %gx", x), met: func(_, ratio float64) bool { return ratio >= x }}
}

func atMost(x float64) target {
	return target{text: fmt.Sprintf("<= %gx", x), met: func(_, ratio float64) bool { return ratio <= x }}
}

func reach(x float64) target {
	return target{text: fmt.Sprintf(">= %g", x), met: func(ours, _ float64) bool { return ours >= x }, value: true}
}

func below(x float64) target {
	return target{text: fmt.Sprintf("<= %g", x), met: func(ours, _ float64) bool { return ours <= x }, value: true}
}

// A row of the table compares two names of a series.
type row struct {
	work, unit  string
	ours, rival string
	target      target
	digits      int
}

var rows = []row{
	{"stream, 1 GiB, to UDT", "Mbit/s", pair("stream", ours, ours), pair("stream", library, library), atLeast(5), 0},
	{"stream, 1 GiB, to TCP", "Mbit/s", pair("stream", ours, ours), pair("stream", tcp, tcp), atLeast(0.3), 0},
	{"stream, ours to library", "Mbit/s", pair("stream", ours, library), pair("stream", library, library), atLeast(1.2), 0},
	{"stream, library to ours", "Mbit/s", pair("stream", library, ours), pair("stream", library, library), atLeast(1.2), 0},
	{"100,000 messages of 1200 B in order", "Mbit/s", pair("messages", ours, ours), pair("messages", library, library), atLeast(3), 0},
	{"RTT 20 ms, no loss", "Mbit/s", pair("no loss", ours, ours), pair("no loss", library, library), target{}, 0},
	{"RTT 20 ms, loss 0.1 %", "Mbit/s", pair("loss 0.1 %", ours, ours), pair("loss 0.1 %", library, library), atLeast(2), 0},
	{"RTT 20 ms, loss 1 %", "Mbit/s", pair("loss 1 %", ours, ours), pair("loss 1 %", library, library), atLeast(5), 0},
	{"loss 1 %, ours to library", "Mbit/s", pair("loss 1 %", ours, library), pair("loss 1 %", library, library), atLeast(1), 0},
	{"loss 1 %, library to ours", "Mbit/s", pair("loss 1 %", library, ours), pair("loss 1 %", library, library), atLeast(1), 0},
	{"bottleneck of 100 Mbit/s", "Mbit/s", "bottleneck: " + ours, "bottleneck: " + library, reach(90), 1},
	{"two flows there, Jain index", "", "shared bottleneck: " + ours + " and " + ours, "shared bottleneck: " + library + " and " + library, reach(0.9), 2},
	{"two flows there, together", "Mbit/s", "shared bottleneck: " + ours + " and " + ours + ", together", "shared bottleneck: " + library + " and " + library + ", together", target{}, 1},
	{"ours beside the library, Jain index", "", "shared bottleneck: " + ours + " and " + library, "", target{}, 2},
	{"ours beside the library, our share", "Mbit/s", "shared bottleneck: " + ours + " and " + library + ", first", "", target{}, 1},
	{"echo of 1000 B, median round trip", "us", "echo: " + ours, "echo: " + library, atMost(1), 1},
	{"CPU per GiB, stream", "s", pair("stream", ours, ours) + ", CPU", pair("stream", library, library) + ", CPU", atMost(0.5), 2},
	{"CPU per GiB, messages", "s", pair("messages", ours, ours) + ", CPU", pair("messages", library, library) + ", CPU", target{}, 2},
	{"1,000 idle connections, heap and stacks of each", "bytes", "idle: " + ours + ", heap", "idle: " + library + ", heap", below(8 << 10), 0},
	{"the same, resident memory", "bytes", "idle: " + ours + ", resident", "idle: " + library + ", resident", target{}, 0},
	{"the same, CPU of an end", "% of a core", "idle: " + ours + ", CPU", "idle: " + library + ", CPU", below(1), 2},
}

// print writes the table in Markdown. What was not measured is left out.
func (s series) print(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 1, ' ', tabwriter.Debug|tabwriter.DiscardEmptyColumns)
	fmt.Fprintln(w, "\twork\tunit\tours\tthe other\tratio\ttarget\tmet\t")
	fmt.Fprintln(w, "\t---\t---\t---\t---\t---\t---\t---\t")
	for _, r := range rows {
		mine, ok := s.median(r.ours)
		theirs, known := s.median(r.rival)
		if !ok && !known {
			continue
		}
		ratio, met := "", ""
		if ok && known {
			ratio = fmt.Sprintf("%.2f", mine/theirs)
		}
		if r.target.met != nil && ok && (known || r.target.value) {
			met = map[bool]string{true: "yes", false: "no"}[r.target.met(mine, mine/theirs)]
		}
		fmt.Fprintf(w, "\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t\n", r.work, r.unit, s.cell(r.ours, r.digits), s.cell(r.rival, r.digits), ratio, r.target.text, met)
	}
	return w.Flush()
}
