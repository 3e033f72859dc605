//go:build linux

package main

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
)

// Names of receivers that are compared.
const (
	bare    = "recvmmsg, counts"
	joined  = "recvmmsg, UDP_GRO, counts"
	ours    = "oscin to rows, 60 fps"
	arrival = "oscin to rows, arrival"
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
func (s series) cell(name string, unit float64, digits int) string {
	m, ok := s.median(name)
	if !ok {
		return ""
	}
	return fmt.Sprintf("%.*f (%.*f to %.*f)", digits, m/unit, digits, slices.Min(s[name])/unit, digits, slices.Max(s[name])/unit)
}

// print writes a table in Markdown. The ratio is that of processor time to the loop's that only counts.
func (s series) print(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 1, ' ', tabwriter.Debug|tabwriter.DiscardEmptyColumns)
	fmt.Fprintln(w, "\tflood\treceiver\t1000 messages/s sent\t% received\tCPU ns a message\tratio\t")
	fmt.Fprintln(w, "\t---\t---\t---\t---\t---\t---\t")
	for f, r := range pairs() {
		name := pair(f, r)
		cpu, ok := s.median(name + ", CPU")
		if !ok {
			continue
		}
		ratio := ""
		if base, ok := s.median(pair(f, receiver{name: bare}) + ", CPU"); ok {
			ratio = fmt.Sprintf("%.2f", cpu/base)
		}
		fmt.Fprintf(w, "\t%s\t%s\t%s\t%s\t%s\t%s\t\n", f.name, r.name, s.cell(name+", sent", 1000, 0),
			s.cell(name+", share", 1, 1), s.cell(name+", CPU", 1, 0), ratio)
	}
	return w.Flush()
}
