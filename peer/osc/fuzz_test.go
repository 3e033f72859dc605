package osc_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"linecook.dev/linecook/peer/osc"
)

// A snapshot is what a packet holds, free of the packet's bytes.
type snapshot struct {
	address, types string
	time           osc.TimeTag
	depth          int
	args           string
}

func snapshots(p *osc.Packet) (all []snapshot) {
	messages := p.Messages()
	for i := range messages {
		all = append(all, messageSnapshots(&messages[i])...)
	}
	return all
}

func messageSnapshots(m *osc.Message) []snapshot {
	s := snapshot{address: string(m.Address()), types: string(m.Types()), time: m.Time, depth: m.Depth}
	for a := range m.Args() {
		s.args += string(a.Type) + be64(uint64(a.TimeTag())) + string(a.Bytes())
	}
	return []snapshot{s}
}

// What is read is written as a canonical packet that reads the same and is then written the same;
// errors have a position in the packet.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{packetA, packetB, string(packetC())} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, packet []byte) {
		var p, q osc.Packet
		if err := p.Parse(packet); err != nil {
			e, ok := errors.AsType[*osc.SyntaxError](err)
			if !ok || e.Kind == 0 || e.Offset < 0 || e.Offset > len(packet) || len(p.Messages()) > 0 {
				t.Fatalf("Parse(%q) = %#v with %d messages", packet, err, len(p.Messages()))
			}
			return
		}
		if _, bundled := p.Bundle(); !bundled && len(p.Messages()) == 0 {
			if _, err := p.AppendBinary(nil); err == nil || len(p.Discarded()) != 1 {
				t.Fatalf("%q holds nothing, but has been written", packet)
			}
			return
		}
		canonical, err := p.AppendBinary(nil)
		if err != nil || len(canonical) > len(packet)+4 && len(p.Messages()) < 2 {
			t.Fatalf("packet %q\nwritten as %q, %v", packet, canonical, err)
		}
		if err := q.Parse(canonical); err != nil || !slices.Equal(snapshots(&p), snapshots(&q)) {
			t.Fatalf("packet %q\nwritten as %q\nreads %v, %+v\nwant %+v", packet, canonical, err, snapshots(&q), snapshots(&p))
		}
		again, err := q.AppendBinary(nil)
		if err != nil || !bytes.Equal(again, canonical) {
			t.Fatalf("canonical packet %q\nwritten as %q, %v", canonical, again, err)
		}
		for i := range p.Messages() {
			if text := osc.AppendText(nil, &p.Messages()[i]); bytes.ContainsAny(text, "\n\x00") {
				t.Fatalf("text of %q is %q", packet, text)
			}
		}
	})
}

// A message of a known form reads as it does by itself, whatever its arguments are; what is refused by
// itself is not taken for one.
func FuzzForms(f *testing.F) {
	f.Add([]byte(packetA), []byte("\x3f\x80\x00\x00"))
	f.Add([]byte(packetB), []byte("other\x00\x00\x00\x00\x00\x00\x01"))
	f.Add([]byte("/a\x00\x00,[b]\x00\x00\x00\x00\x00\x00\x00\x00"), []byte("\x00\x00\x00\x01\x07\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, packet, data []byte) {
		var known, want osc.Packet
		var forms osc.Forms
		var m osc.Message
		if known.Parse(packet) != nil || len(known.Messages()) != 1 {
			return
		}
		first := &known.Messages()[0]
		n := forms.Learn(first)
		if n < 0 {
			return
		}
		if got := forms.Parse(packet, &m); got != n || !slices.Equal(messageSnapshots(&m), snapshots(&known)) {
			t.Fatalf("Parse(%q) of a known form = %d, %+v; want %d, %+v", packet, got, messageSnapshots(&m), n, snapshots(&known))
		}
		head := (len(first.Address())+4)&^3 + (len(first.Types())+5)&^3
		other := append(packet[:head:head], data...)
		err := want.Parse(other)
		switch got := forms.Parse(other, &m); {
		case (got == n) != (err == nil):
			t.Fatalf("Parse(%q) of a known form = %d; by itself it gives %v", other, got, err)
		case err == nil && !slices.Equal(messageSnapshots(&m), snapshots(&want)):
			t.Fatalf("Parse(%q) of a known form reads %+v; want %+v", other, messageSnapshots(&m), snapshots(&want))
		}
	})
}

// The fast matcher agrees with one that tries everything, within its bound of steps.
func FuzzPattern(f *testing.F) {
	for _, seed := range []string{"/a?b", "/*a*b", "/[!a-c]", "/{a,ab}c", "/a//b//", "/[]{}", "/\xe9?", "/{,a}{b,}*"} {
		f.Add(seed, "/aab")
	}
	f.Fuzz(func(t *testing.T, pattern, address string) {
		var p osc.Pattern
		if err := p.Parse(pattern); err != nil {
			e, ok := errors.AsType[*osc.SyntaxError](err)
			if !ok || e.Offset < 0 || e.Offset > len(pattern) {
				t.Fatalf("Parse(%q) = %#v", pattern, err)
			}
			return
		}
		got, steps := p.MatchSteps([]byte(address))
		if steps > (3*len(pattern)+1)*(len(address)+1) {
			t.Fatalf("%q against %q: %d steps", pattern, address, steps)
		}
		if len(pattern) > 16 || len(address) > 24 {
			return
		}
		if want := reference([]rune(quote(pattern)), []rune(quote(address))); got != want {
			t.Errorf("Match(%q, %q) = %t, want %t", pattern, address, got, want)
		}
	})
}

// quote makes a character of its own of each byte that is not UTF-8.
func quote(s string) string {
	var b strings.Builder
	for len(s) > 0 {
		r := []rune(s)[0]
		size := len(string(r))
		if r == '\uFFFD' && !strings.HasPrefix(s, "\uFFFD") {
			r, size = '\U0010FF00'+rune(s[0]), 1
		}
		b.WriteRune(r)
		s = s[size:]
	}
	return b.String()
}

// reference matches by trying every way, as the doc comment of Pattern reads.
func reference(p, a []rune) bool {
	switch {
	case len(p) == 0:
		return len(a) == 0
	case string(p) == "//":
		return len(a) > 0 && a[0] == '/'
	case p[0] == '*':
		return reference(p[1:], a) || len(a) > 0 && a[0] != '/' && reference(p, a[1:])
	case p[0] == '{':
		end := slices.Index(p, '}')
		for one := range strings.SplitSeq(string(p[1:end]), ",") {
			if rest, ok := strings.CutPrefix(string(a), one); ok && reference(p[end+1:], []rune(rest)) {
				return true
			}
		}
		return false
	case len(a) == 0:
		return false
	case p[0] == '/' && len(p) > 1 && p[1] == '/':
		for i, c := range a {
			if a[0] == '/' && c == '/' && reference(p[2:], a[i+1:]) {
				return true
			}
		}
		return false
	case p[0] == '?':
		return a[0] != '/' && reference(p[1:], a[1:])
	case p[0] == '[':
		end := slices.Index(p, ']')
		return inSet(p[1:end], a[0]) && reference(p[end+1:], a[1:])
	}
	return p[0] == a[0] && reference(p[1:], a[1:])
}

func inSet(set []rune, c rune) bool {
	if len(set) > 0 && set[0] == '!' {
		return c != '/' && !listed(set[1:], c)
	}
	return listed(set, c)
}

func listed(set []rune, c rune) bool {
	switch {
	case len(set) == 0:
		return false
	case len(set) > 2 && set[1] == '-':
		return set[0] <= c && c <= set[2] || listed(set[3:], c)
	}
	return set[0] == c || listed(set[1:], c)
}

// A scope never fails without a position, and an exclusion is the opposite of its pattern.
func FuzzScope(f *testing.F) {
	for _, seed := range []string{"/a* ^/ab", "/[1-4] ^*b*", "/[abc]?", `"/a b" /c`, "/[2-3,5,13]", "/[3-7:2]"} {
		f.Add(seed, "/abc")
	}
	f.Fuzz(func(t *testing.T, scope, address string) {
		var s, not osc.Scope
		if err := s.Parse(scope); err != nil {
			e, ok := errors.AsType[*osc.SyntaxError](err)
			if !ok || e.Offset < 0 || e.Offset > len(scope) || !s.Match([]byte(address)) {
				t.Fatalf("Parse(%q) = %#v", scope, err)
			}
			return
		}
		if scope == "" || strings.ContainsAny(scope, " \t\"^") {
			return
		}
		if err := not.Parse("^" + scope); err != nil || s.Match([]byte(address)) == not.Match([]byte(address)) {
			t.Errorf("Scope %q and ^%q (%v) agree on %q", scope, scope, err, address)
		}
	})
}
