package osc

import (
	"bytes"
	"math/bits"
	"unicode/utf8"
)

// maxProgram bounds a program's instructions. An OSC pattern of MaxAddress bytes always fits.
const maxProgram = 4096

// program is a compiled pattern: a non-deterministic automaton whose states are its instructions,
// run on all of them at once. So a match takes at most one step for each instruction and each
// character, whatever the pattern. Characters are UTF-8; a byte that is not is one of its own.
type program struct {
	prefix []byte        // ASCII that every match begins with
	insts  []instruction // what follows, with opEnd last
	ranges []charRange
}

type instruction struct {
	op     opcode
	any    bool   // opOne, opMany: the character may be '/'; opSet: it is one not in the set
	to     uint16 // opSplit, opJump: another state, always further on
	lo, hi uint16 // opSet: its ranges
	char   rune   // opChar
}

type opcode uint8

const (
	opEnd   opcode = iota
	opChar         // that character
	opOne          // one character
	opMany         // any number of characters
	opSet          // one character of a set
	opParts        // anything up to and including a '/'
	opSplit        // go on at the next state, and also elsewhere
	opJump         // go on elsewhere
)

type charRange struct{ lo, hi rune }

// charAt returns the character at s[i]. One that is not UTF-8 is a byte, beyond all of Unicode.
func charAt[T string | []byte](s T, i int) (char rune, size int) {
	if s[i] < utf8.RuneSelf {
		return rune(s[i]), 1
	}
	var buf [utf8.UTFMax]byte
	char, size = utf8.DecodeRune(buf[:copy(buf[:], s[i:])])
	if char == utf8.RuneError && size == 1 {
		char = utf8.MaxRune + 1 + rune(s[i])
	}
	return char, size
}

func (p *program) reset() {
	p.prefix, p.insts, p.ranges = p.prefix[:0], p.insts[:0], p.ranges[:0]
}

// emit adds an instruction and returns its state.
func (p *program) emit(in instruction) int {
	p.insts = append(p.insts, in)
	return len(p.insts) - 1
}

// literal adds the characters of s.
func (p *program) literal(s string) {
	for i := 0; i < len(s); {
		char, size := charAt(s, i)
		if len(p.insts) == 0 && char < utf8.RuneSelf {
			p.prefix = append(p.prefix, byte(char))
		} else {
			p.emit(instruction{op: opChar, char: char})
		}
		i += size
	}
}

// alternatives adds a choice between strings; next returns them one by one. It stops early, with
// the program too large, once there are too many.
func (p *program) alternatives(next func() (s string, more bool)) {
	first := len(p.insts)
	for len(p.insts) <= maxProgram {
		s, more := next()
		if !more {
			p.literal(s)
			break
		}
		split := p.emit(instruction{op: opSplit})
		p.literal(s)
		jump := p.emit(instruction{op: opJump})
		p.insts[split].to = uint16(jump + 1)
	}
	for i := first; i < len(p.insts); i++ {
		if in := &p.insts[i]; in.op == opJump {
			in.to = uint16(len(p.insts))
		}
	}
}

// match reports whether all of address matches, and how many steps that took.
func (p *program) match(address []byte) (ok bool, steps int) {
	if len(p.insts) == 0 || !bytes.HasPrefix(address, p.prefix) {
		return false, 0
	}
	rest := address[len(p.prefix):]
	switch {
	case len(p.insts) == 1:
		return len(rest) == 0, 1
	case len(p.insts) == 2 && p.insts[0].op == opMany && p.insts[0].any: // as in /fader/*
		return true, 1
	case len(p.insts) <= 64:
		var sets [2]uint64
		return p.run(sets[:1], sets[1:], rest)
	}
	var sets [2][maxProgram / 64]uint64
	words := (len(p.insts) + 63) / 64
	return p.run(sets[0][:words], sets[1][:words], rest)
}

// run matches with two sets of states, which are empty.
func (p *program) run(now, next []uint64, address []byte) (ok bool, steps int) {
	now[0] = 1
	for i := 0; i < len(address); {
		char, size := charAt(address, i)
		steps += p.step(now, next, char)
		i += size
		now, next = next, now
		clear(next)
	}
	steps += p.step(now, next, -1)
	end := len(p.insts) - 1
	return now[end/64]>>(end%64)&1 == 1, steps
}

// step follows every state in now along its character into next. A step that takes no character
// leads to a later state of now, which is therefore still to be met.
func (p *program) step(now, next []uint64, char rune) (steps int) {
	for w := range now {
		for todo := now[w]; todo != 0; {
			bit := bits.TrailingZeros64(todo)
			state := w*64 + bit
			in := &p.insts[state]
			steps++
			take := false
			switch in.op {
			case opChar:
				take = char == in.char
			case opOne:
				take = char != '/' || in.any
			case opSet:
				take = p.contains(in, char)
				steps += int(in.hi - in.lo)
			case opMany:
				add(now, state+1)
				if char != '/' || in.any {
					add(next, state)
				}
			case opParts:
				take = char == '/'
				add(next, state)
			case opSplit:
				add(now, state+1)
				add(now, int(in.to))
			case opJump:
				add(now, int(in.to))
			}
			if take {
				add(next, state+1)
			}
			todo = now[w] >> bit >> 1 << bit << 1
		}
	}
	return steps
}

func add(set []uint64, state int) { set[state/64] |= 1 << (state % 64) }

func (p *program) contains(in *instruction, char rune) bool {
	for _, r := range p.ranges[in.lo:in.hi] {
		if r.lo <= char && char <= r.hi {
			return !in.any
		}
	}
	return in.any && char != '/'
}
