package osc

import "strings"

// A Pattern is a compiled address pattern (OSC 1.0, "OSC Message Dispatching and Pattern
// Matching", and the '//' of 1.1). The zero Pattern matches nothing. Parse it again to reuse it.
//
//	?          one character, not '/'
//	*          any number of characters, not '/'
//	[abc]      one of them; [a-z] a range; [!abc] one that is not among them, and not '/'
//	{foo,bar}  one of the strings
//	//         any number of parts between: /a//b matches /a/b and /a/x/y/b
//
// Everything else is plain, there is no escape. What the specification leaves open is settled so:
// a bracket or brace that is not closed within its part is an error; ']', '}' and ',' alone are
// plain; within braces everything but ',' is; [] matches nothing and [!] any character but '/';
// {} and an empty alternative match the empty string; '-' at either end of a set and '!' elsewhere
// than first are plain; a backward range is empty; a character is a UTF-8 character, and a byte
// that is not UTF-8 counts as one; // at the end matches everything below.
//
// A match takes time proportional to the address times the pattern, and no memory.
type Pattern struct{ program program }

// Parse compiles a pattern. An error is a *SyntaxError, and leaves a Pattern that matches nothing.
func (p *Pattern) Parse(pattern string) error {
	p.program.reset()
	if kind, reason := checkAddress(pattern); kind != 0 {
		return &SyntaxError{Kind: kind, Reason: reason}
	}
	for i := 0; i < len(pattern); {
		n, reason := p.piece(pattern[i:])
		if reason != "" {
			p.program.reset()
			return &SyntaxError{Offset: i, Kind: KindPattern, Reason: reason}
		}
		i += n
	}
	p.program.emit(instruction{op: opEnd})
	return nil
}

// Match reports whether the pattern matches a whole address.
func (p *Pattern) Match(address []byte) bool {
	ok, _ := p.program.match(address)
	return ok
}

// Match reports whether a pattern matches a whole address. To match many, use a [Pattern].
func Match(pattern, address string) (bool, error) {
	var p Pattern
	if err := p.Parse(pattern); err != nil {
		return false, err
	}
	return p.Match([]byte(address)), nil
}

// piece compiles what s begins with, and returns its length, or the reason it cannot.
func (p *Pattern) piece(s string) (n int, reason string) {
	switch {
	case s[0] == '*':
		p.program.emit(instruction{op: opMany})
	case s[0] == '?':
		p.program.emit(instruction{op: opOne})
	case s[0] == '[':
		return p.set(s)
	case s[0] == '{':
		return p.braces(s)
	case s == "//":
		p.program.literal("/")
		p.program.emit(instruction{op: opMany, any: true})
		return 2, ""
	case strings.HasPrefix(s, "//"):
		p.program.literal("/")
		split := p.program.emit(instruction{op: opSplit})
		p.program.emit(instruction{op: opParts})
		p.program.insts[split].to = uint16(split + 2)
		return 2, ""
	default:
		_, n := charAt(s, 0)
		p.program.literal(s[:n])
		return n, ""
	}
	return 1, ""
}

func (p *Pattern) set(s string) (n int, reason string) {
	inside, ok := enclosed(s, "]")
	if !ok {
		return 0, "'[' without ']' in the same part"
	}
	body, negated := strings.CutPrefix(inside, "!")
	in := instruction{op: opSet, any: negated, lo: uint16(len(p.program.ranges))}
	for i := 0; i < len(body); {
		lo, size := charAt(body, i)
		hi := lo
		i += size
		if i+1 < len(body) && body[i] == '-' {
			hi, size = charAt(body, i+1)
			i += 1 + size
		}
		p.program.ranges = append(p.program.ranges, charRange{lo, hi})
	}
	in.hi = uint16(len(p.program.ranges))
	p.program.emit(in)
	return len(inside) + 2, ""
}

func (p *Pattern) braces(s string) (n int, reason string) {
	inside, ok := enclosed(s, "}")
	if !ok {
		return 0, "'{' without '}' in the same part"
	}
	rest := inside
	p.program.alternatives(func() (one string, more bool) {
		one, rest, more = strings.Cut(rest, ",")
		return one, more
	})
	return len(inside) + 2, ""
}

// enclosed returns what is between the bracket that s begins with and the closing one, if that is
// in the same part of the address.
func enclosed(s, closing string) (string, bool) {
	part, _, _ := strings.Cut(s[1:], "/")
	inside, _, ok := strings.Cut(part, closing)
	return inside, ok
}
