package top

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// faultsText is what went wrong with a node: its faults, and the newest failures.
func faultsText(d *detail) string {
	var b strings.Builder
	for _, f := range d.Faults {
		state := "over"
		if f.Active {
			state = "ACTIVE"
		}
		fmt.Fprintf(&b, "%s  %s  ×%d, first in frame %d at %s, last in frame %d at %s\n",
			clean(f.Kind), state, f.Count, f.FirstFrame, clock(f.FirstTime), f.LastFrame, clock(f.LastTime))
		fmt.Fprintf(&b, "  last:  %s\n", indented(f.LastError))
		if f.FirstError != f.LastError {
			fmt.Fprintf(&b, "  first: %s\n", indented(f.FirstError))
		}
	}
	if len(d.Faults) == 0 {
		b.WriteString("no faults\n")
	}
	if len(d.Failures) > 0 {
		b.WriteString("\nthe newest failures, the newest first\n")
	}
	for i := len(d.Failures) - 1; i >= 0; i-- {
		f := d.Failures[i]
		fmt.Fprintf(&b, "frame %d at %s  %s  ×%d: %s\n", f.Frame, clock(f.Time), clean(f.Kind), f.Count, indented(f.Error))
		if f.Row != nil {
			fmt.Fprintf(&b, "  row %d: %s\n", *f.Row, clean(f.Sample))
		}
	}
	return b.String()
}

// indented is a text of several lines behind another text.
func indented(s string) string { return strings.ReplaceAll(cleanLines(s), "\n", "\n  ") }

// statsText is what a node has done, and why.
func statsText(d *detail) string {
	var b strings.Builder
	line := func(name, format string, args ...any) {
		fmt.Fprintf(&b, "%-14s %s\n", clean(name), clean(fmt.Sprintf(format, args...)))
	}
	s := d.Stats
	fmt.Fprintf(&b, "%s\n\n", clean(d.Help))
	line("cooks", "%d; the last took %s, on the average %s, the longest %s, all %v", s.Cooks, took(s.LastNs), took(s.MeanNs), took(s.MaxNs), time.Duration(s.TotalNs).Round(time.Millisecond))
	line("rows", "%d in, %d out, %d expired; in the table now %d", s.RowsIn, s.RowsOut, s.Expired, d.Rows)
	line("arrived", "%d messages, %d bytes", s.Events, s.Bytes)
	line("sent", "%d messages", s.Sent)
	line("lost", "%d dropped, %d malformed, %d missed", s.Dropped, s.Malformed, s.Missed)
	line("held back", "%d times", s.Stalls)
	line("errors", "%d", s.Errors)
	for _, name := range slices.Sorted(maps.Keys(s.Counters)) {
		line(name, "%d", s.Counters[name])
	}
	line("reads", "%s", none(append(d.Inputs, d.Refs...)))
	wanted := "no"
	if d.Why.Wanted {
		wanted = "by " + strings.Join(d.Why.WantedBy, ", ")
	}
	line("wanted", "%s", wanted)
	if c := d.Why.LastCook; c != nil {
		line("last cook", "frame %d at %s  %s", c.Frame, clock(c.Time), c.Reason)
	}
	for _, p := range d.Params {
		switch {
		case p.Expr != "":
			line(p.Name, "%s  %s", p.Value, p.Expr)
		case p.Value != p.Default:
			line(p.Name, "%s", p.Value)
		}
	}
	return b.String()
}

// none is a list as text.
func none(list []string) string {
	if len(list) == 0 {
		return "nothing"
	}
	return strings.Join(list, ", ")
}
