package patchtest

import (
	"fmt"
	"slices"
	"strings"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/patches"
	"linecook.dev/linecook/peer"
)

// checkClaims reports claims about nodes that there are not.
func (r *run) checkClaims() error {
	for _, c := range r.test.Claims {
		if c.Subject != patches.ReceivedBy && r.graph.Node(c.Of) == nil {
			return mistake(r.file, c.Line, c.Col, "%s: there is no node %q%s", c.Subject, c.Of, graph.DidYouMean(c.Of, names(r.graph)))
		}
	}
	return nil
}

// look returns what a claim is about, as it is now, in lines that can be compared with its own.
func (r *run) look(c *patches.Claim) (got []string) {
	n := r.graph.Node(c.Of)
	switch c.Subject {
	case patches.RowsOf:
		for i, row := range r.seen.rows[n] {
			got = append(got, r.rowLine(row, wantAt(c, i)))
		}
	case patches.TableOf:
		v := &n.Table().View
		for x := range v.Rows(v.Window()) {
			got = append(got, r.rowLine(rowOf(x), wantAt(c, len(got))))
		}
	case patches.ErrorsOf:
		for i, err := range r.seen.errors[n] {
			got = append(got, errorLine(err, wantAt(c, i)))
		}
	default:
		for _, s := range r.seen.sends {
			if c.Subject == patches.SentBy && s.from == n || c.Subject == patches.ReceivedBy && s.to != nil && r.cast.name(s.to) == c.Of {
				got = append(got, messageLine(s))
			}
		}
	}
	return got
}

// wantAt returns the i-th item of a claim, or the last one; nil if there is none.
func wantAt(c *patches.Claim, i int) *patches.Want {
	if len(c.Wants) == 0 {
		return nil
	}
	return &c.Wants[min(i, len(c.Wants)-1)]
}

// judge returns what is not as the test claims.
func (r *run) judge() (out []*Failure) {
	claimed := map[*graph.Node]bool{}
	for _, c := range r.test.Claims {
		if c.Subject == patches.ErrorsOf {
			claimed[r.graph.Node(c.Of)] = true
		}
		if want := WantLines(c); !slices.Equal(want, r.got[c]) {
			out = append(out, &Failure{
				Claim: c, File: r.file.File, Line: c.Line, Col: c.Col, Title: Title(c), Want: want, Got: r.got[c],
			})
		}
	}
	for _, n := range r.seen.failed {
		if !claimed[n] {
			out = append(out, &Failure{
				File: r.file.File, Line: r.test.Line, Col: r.test.Col, Title: "errors of " + string(n.Path()[1:]), Err: r.seen.errors[n][0],
			})
		}
	}
	return out
}

// Title says what a claim is about, and when: "rows of loud at 1s".
func Title(c *patches.Claim) string {
	words := map[patches.Subject]string{
		patches.RowsOf: "rows of ", patches.TableOf: "table of ", patches.SentBy: "sent by ",
		patches.ReceivedBy: "received by ", patches.ErrorsOf: "errors of ",
	}
	t := words[c.Subject] + c.Of
	switch {
	case c.Frame > 0:
		t += fmt.Sprintf(" after frame %d", c.Frame)
	case c.At >= 0:
		t += fmt.Sprintf(" at %v", c.At)
	}
	return t
}

// errorLine returns an error as it is claimed, if it is that one.
func errorLine(err error, want *patches.Want) string {
	if want != nil && strings.Contains(err.Error(), want.Error) {
		return quoted(want.Error)
	}
	return quoted(err.Error())
}

// messageLine returns what was sent as a test would claim it.
func messageLine(s sending) string {
	if s.verb == peer.VerbClose && s.to != nil {
		return "{close: true}"
	}
	return payloadLine(s.data)
}
