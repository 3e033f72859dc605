package patches

import "slices"

// indent returns how many blanks stand before the i-th token, which begins a line.
func (l *layout) indent(i int) int {
	k := l.tokens[i]
	switch {
	case k.kind == '.':
		return 0
	case len(l.flows) > 0:
		return l.flowIndent(k)
	case k.kind == '#':
		return l.commentIndent(i)
	}
	return l.blockIndent(i)
}

func (l *layout) flowIndent(k token) int {
	indent := l.flows[len(l.flows)-1]
	if k.kind != '}' && k.kind != ']' {
		indent += step
	}
	return indent
}

// blockIndent leaves the collections that end before the i-th token, and enters one that begins with it.
func (l *layout) blockIndent(i int) int {
	col, list, opens := l.column(i), l.tokens[i].kind == '-', l.opens(i)
	for len(l.open) > 0 {
		top := l.open[len(l.open)-1]
		if top.old < col || top.old == col && (top.list == list || list) {
			break
		}
		l.open = l.open[:len(l.open)-1]
	}
	if !opens {
		return l.inner()
	}
	if n := len(l.open); n > 0 && l.open[n-1].old == col && l.open[n-1].list == list {
		return l.open[n-1].new
	}
	l.enter(col, l.inner(), list)
	return l.open[len(l.open)-1].new
}

func (l *layout) enter(old, col int, list bool) {
	l.open = append(l.open, level{old: old, new: col, list: list})
}

// commentIndent is that of the next token, or of a collection that the comment was indented like and
// that ends behind it.
func (l *layout) commentIndent(i int) int {
	col, next, indent := l.column(i), l.next[i], 0
	if next < len(l.tokens) && l.tokens[next].kind != '.' {
		ahead := &layout{src: l.src, tokens: l.tokens, open: slices.Clone(l.open)}
		indent = ahead.blockIndent(next)
		if col <= l.column(next) {
			return indent
		}
	}
	for _, level := range l.open {
		if level.old <= col {
			indent = max(indent, level.new)
		}
	}
	return indent
}

// opens reports whether a block collection begins with the i-th token, or goes on with it: whether that
// is a dash, a key, or the mark before a key or a value on lines of their own.
func (l *layout) opens(i int) bool {
	k := l.tokens[i]
	switch {
	case k.flow || len(l.flows) > 0:
		return false
	case k.kind == '-' || k.kind == '?':
		return true
	case k.kind == ':':
		return i == 0 || countBreaks(l.src[l.tokens[i-1].end:k.start]) > 0
	case i > 0 && countBreaks(l.src[l.tokens[i-1].end:k.start]) == 0 && (l.tokens[i-1].kind == '&' || l.tokens[i-1].kind == '!'):
		return false // the anchor before it did
	}
	return l.isKey(i)
}

// isKey reports whether a ':' follows on the line of the i-th token.
func (l *layout) isKey(i int) bool {
	depth := 0
	for j, k := range l.tokens[i:] {
		if j > 0 && countBreaks(l.src[l.tokens[i+j-1].end:k.start]) > 0 {
			return false
		}
		switch k.kind {
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		case ':':
			if depth == 0 {
				return true
			}
		case '#', '|', '-':
			return false
		}
	}
	return false
}
