package patches

import (
	"fmt"
	"slices"
	"strings"
)

// Update returns the text of the file with other lists for some of its claims: the items of a list,
// each as YAML on one line. A claim that is written in braces is left as it is, and is a [Mistake].
func (f *TestFile) Update(lists map[*Claim][]string) ([]byte, error) {
	var claims []*Claim
	for c := range lists {
		if before := f.text.line(c.Line)[:c.Col-1]; strings.Trim(before, " ") != "" {
			return nil, &Mistake{f.File, c.Line, c.Col, fmt.Sprintf("%s stands in braces; write it on a line of its own to have it updated", c.Of)}
		}
		claims = append(claims, c)
	}
	slices.SortFunc(claims, func(a, b *Claim) int { return b.Line - a.Line })
	lines := strings.Split(strings.TrimSuffix(string(f.text.src), "\n"), "\n")
	for _, c := range claims {
		lines = slices.Replace(lines, c.Line-1, lastLine(lines, c), c.lines(lines[c.Line-1], lists[c])...)
	}
	return append([]byte(strings.Join(lines, "\n")), '\n'), nil
}

// lastLine returns how many lines there are up to the end of c's list.
func lastLine(lines []string, c *Claim) int {
	end := c.Line
	for i, line := range lines[c.Line:] {
		text := strings.TrimLeft(line, " ")
		indent := len(line) - len(text) + 1
		switch {
		case strings.TrimSpace(text) == "" || text[0] == '#':
			continue
		case indent < c.Col, indent == c.Col && text[0] != '-':
			return end
		}
		end = c.Line + i + 1
	}
	return end
}

// lines returns a claim as it is written.
func (c *Claim) lines(first string, items []string) []string {
	indent := strings.Repeat(" ", c.Col-1)
	key := first[:c.Col-1+keyLength(first[c.Col-1:])]
	if len(items) == 0 {
		return []string{key + ": []"}
	}
	out := []string{key + ":"}
	for _, item := range items {
		out = append(out, indent+"  - "+item)
	}
	return out
}

// keyLength returns the length of the key that a line begins with, quotes included.
func keyLength(line string) int {
	if quote := line[0]; quote == '"' || quote == '\'' {
		return 2 + strings.IndexByte(line[1:], quote)
	}
	return strings.IndexByte(line, ':')
}
