package osc

import (
	"strconv"
	"strings"
)

// A Scope selects addresses as TouchDesigner's OSC Address Scope parameter does: patterns
// separated by spaces, of which one must match the whole address.
//
//   - any number of characters, '/' included
//     ?          one character, '/' included
//     [abc]      one of the characters
//     [1-4]      an integer of a set: also [3-7:2], every second, and [2-3,5,13]
//     ^pattern   excludes what it matches; where only exclusions are given, the rest is in scope
//     "a b"      a pattern with spaces
//
// The order of the patterns does not matter. Ranges of letters and @groups are errors. A zero or
// empty Scope has everything in scope. A match allocates nothing, and takes time proportional to
// the address times the patterns.
type Scope struct {
	include, exclude []program
}

// Parse compiles a scope. An error is a *SyntaxError, and leaves everything in scope.
func (s *Scope) Parse(text string) error {
	*s = Scope{}
	if err := s.parse(text); err != nil {
		*s = Scope{}
		return err
	}
	return nil
}

// Match reports whether an address is in scope.
func (s *Scope) Match(address []byte) bool {
	return (len(s.include) == 0 || matchAny(s.include, address)) && !matchAny(s.exclude, address)
}

func matchAny(programs []program, address []byte) bool {
	for i := range programs {
		if ok, _ := programs[i].match(address); ok {
			return true
		}
	}
	return false
}

func (s *Scope) parse(text string) error {
	for at := 0; at < len(text); {
		if text[at] == ' ' || text[at] == '\t' {
			at++
			continue
		}
		excluded := text[at] == '^'
		if excluded {
			at++
		}
		word, skipped, used := scopeWord(text[at:])
		if used == 0 {
			return scopeError(at, "pattern is empty or its quote does not close")
		}
		p, err := compileScope(word, at+skipped)
		if err != nil {
			return err
		}
		if excluded {
			s.exclude = append(s.exclude, p)
		} else {
			s.include = append(s.include, p)
		}
		at += used
	}
	return nil
}

// scopeWord returns the pattern that text begins with, what of its quote comes before, and how
// much of text that is in all; 0 if there is no pattern.
func scopeWord(text string) (word string, skipped, used int) {
	if quoted, ok := strings.CutPrefix(text, `"`); ok {
		word, _, closed := strings.Cut(quoted, `"`)
		if !closed || word == "" {
			return "", 0, 0
		}
		return word, 1, len(word) + 2
	}
	if end := strings.IndexAny(text, " \t"); end >= 0 {
		text = text[:end]
	}
	return text, 0, len(text)
}

// compileScope compiles one pattern, which is at the given offset of the scope.
func compileScope(word string, offset int) (p program, err error) {
	if word[0] == '@' {
		return p, scopeError(offset, "groups are not supported")
	}
	if len(word) > maxProgram {
		return p, scopeError(offset, "pattern is too large")
	}
	for i := 0; i < len(word); {
		size := 1
		switch word[i] {
		case '*':
			p.emit(instruction{op: opMany, any: true})
		case '?':
			p.emit(instruction{op: opOne, any: true})
		case '[':
			inside, _, closed := strings.Cut(word[i+1:], "]")
			if !closed {
				return p, scopeError(offset+i, "'[' without ']'")
			}
			if reason := p.scopeSet(inside); reason != "" {
				return p, scopeError(offset+i, reason)
			}
			size = len(inside) + 2
		default:
			_, size = charAt(word, i)
			p.literal(word[i : i+size])
		}
		if len(p.insts) >= maxProgram {
			return p, scopeError(offset+i, "pattern is too large")
		}
		i += size
	}
	p.emit(instruction{op: opEnd})
	return p, nil
}

// scopeSet compiles what is between brackets, or returns the reason it cannot.
func (p *program) scopeSet(inside string) (reason string) {
	if strings.ContainsAny(inside, "-:,") && strings.Trim(inside, "0123456789-:,") == "" {
		return p.integers(inside)
	}
	in := instruction{op: opSet, lo: uint16(len(p.ranges))}
	for i := 0; i < len(inside); {
		char, size := charAt(inside, i)
		if char == '-' && i > 0 && i < len(inside)-1 {
			return "a set lists its characters: ranges are of integers only"
		}
		p.ranges = append(p.ranges, charRange{char, char})
		i += size
	}
	in.hi = uint16(len(p.ranges))
	p.emit(in)
	return ""
}

// integers compiles a set such as 2-9:2,13 into the choice of all its integers.
func (p *program) integers(set string) (reason string) {
	for item := range strings.SplitSeq(set, ",") {
		if _, _, _, ok := integerRange(item); !ok {
			return "a set of integers is like [1-4], [3-7:2] or [2-3,5,13]"
		}
	}
	v, last, step := 0, -1, 1
	rest, more := set, true
	p.alternatives(func() (string, bool) {
		if v > last {
			var item string
			item, rest, more = strings.Cut(rest, ",")
			v, last, step, _ = integerRange(item)
		}
		s := strconv.Itoa(v)
		v += step
		return s, more || v <= last
	})
	return ""
}

// integerRange reads 5, 2-9 or 2-9:2. The numbers have at most 9 digits and are in order.
func integerRange(item string) (first, last, step int, ok bool) {
	bounds, by, stepped := strings.Cut(item, ":")
	from, to, ranged := strings.Cut(bounds, "-")
	first, ok1 := integer(from)
	last, ok2 := first, true
	if ranged {
		last, ok2 = integer(to)
	}
	step, ok3 := 1, true
	if stepped {
		step, ok3 = integer(by)
	}
	return first, last, step, ok1 && ok2 && ok3 && first <= last && step > 0
}

func integer(s string) (int, bool) {
	v, err := strconv.Atoi(s)
	return v, err == nil && len(s) <= 9
}

func scopeError(offset int, reason string) error {
	return &SyntaxError{Offset: offset, Kind: KindPattern, Reason: reason}
}
