package patches

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// Update returns the text of the file with other lists for some of its claims: the items of a list,
// each as YAML on one line. A claim that is not written in lines of its own, but in braces, cannot be
// updated, which is a [Mistake].
func (f *TestFile) Update(lists map[*Claim][]string) ([]byte, error) {
	out, last := []byte(nil), 0
	for _, c := range slices.SortedFunc(maps.Keys(lists), func(a, b *Claim) int { return cmp.Compare(a.Line, b.Line) }) {
		first := f.text.line(c.Line)
		key, ok := c.key(first)
		if !ok || f.text.lines[c.Line-1] < last {
			return nil, f.inBraces(c)
		}
		out = append(out, f.text.src[last:f.text.lines[c.Line-1]]...)
		out = appendList(out, key, lists[c])
		last = f.end(c)
	}
	out = append(out, f.text.src[last:]...)
	return out, f.holds(out, lists)
}

func (f *TestFile) inBraces(c *Claim) error {
	return &Mistake{f.File, c.Line, c.Col, "the list of " + c.Of + " cannot be updated as it is written; put it in lines of its own, without braces"}
}

// key returns a claim's key with what is in front of it, if that is nothing but spaces.
func (c *Claim) key(line string) (string, bool) {
	if len(line) < c.Col || strings.Trim(line[:c.Col-1], " ") != "" {
		return "", false
	}
	text := line[c.Col-1:]
	end := strings.IndexByte(text, ':')
	if quote := text[0]; quote == '"' || quote == '\'' {
		end = 2 + strings.IndexByte(text[1:], quote)
	}
	if end < 1 {
		return "", false
	}
	return line[:c.Col-1+end], true
}

func appendList(out []byte, key string, items []string) []byte {
	out = append(out, key...)
	if len(items) == 0 {
		return append(out, ": []\n"...)
	}
	out = append(out, ":\n"...)
	indent := key[:len(key)-len(strings.TrimLeft(key, " "))]
	for _, item := range items {
		out = append(out, indent+"  - "+item+"\n"...)
	}
	return out
}

// end returns where the lines of c's list end in the text: blank lines and comments behind them are
// not the list's.
func (f *TestFile) end(c *Claim) int {
	end := c.Line
	for n := c.Line + 1; n <= len(f.text.lines); n++ {
		line := f.text.line(n)
		text := strings.TrimLeft(line, " ")
		col := len(line) - len(text) + 1
		if strings.TrimSpace(text) == "" || text[0] == '#' {
			continue
		}
		if col < c.Col || col == c.Col && text[0] != '-' {
			break
		}
		end = n
	}
	if end == len(f.text.lines) {
		return len(f.text.src)
	}
	return f.text.lines[end]
}

// holds reports whether the text says the same as before, but for the lists: YAML can be written in
// more ways than this file knows.
func (f *TestFile) holds(text []byte, lists map[*Claim][]string) error {
	again, err := ParseTests(text, f.File)
	for i, t := range f.Tests {
		for k, c := range t.Claims {
			items, updated := lists[c]
			if !updated {
				continue
			}
			if err != nil || i >= len(again.Tests) || k >= len(again.Tests[i].Claims) ||
				len(again.Tests[i].Claims[k].Wants) != len(items) || again.Tests[i].Claims[k].Of != c.Of {
				return f.inBraces(c)
			}
		}
	}
	return nil
}
