package patches

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// Format returns the text of a patch, or of any file written like one, in the canonical layout. It
// says the same: what changes is indentation, blanks between tokens, and line breaks to those of Unix.
// Lines stay lines; comments, blank lines, quotes and the content of every block of text stay as they
// are. A file that cannot be read is a [Mistake] or several, in a multierror.Error; what only [Parse]
// would find wrong is none.
func Format(src []byte, name string) ([]byte, error) {
	r := &reader{source: &source{text: newText(src), file: name}, skipped: map[*yaml.Node]bool{}}
	doc := r.parse()
	if doc != nil && r.within(doc) {
		r.mapping(doc.Content[0], "a patch", "linecook, timeline, params and nodes")
	}
	if err := r.mistakes.err(name); err != nil {
		return nil, err
	}
	out := layOut(r.text)
	var again yaml.Node
	t := newText(out)
	if err := decodeYAML(out, &again); err != nil || !sameNodes(doc, &again) || !sameComments(r.text, t) || !bytes.Equal(out, layOut(t)) {
		r.failAt(1, 1, "this layout cannot be made canonical without changing what the file says")
		return nil, r.mistakes.err(name)
	}
	return out, nil
}

// sameNodes reports whether two documents say the same.
func sameNodes(a, b *yaml.Node) bool {
	return a.Kind == b.Kind && a.ShortTag() == b.ShortTag() && a.Value == b.Value && a.Anchor == b.Anchor &&
		slices.EqualFunc(a.Content, b.Content, sameNodes)
}

func sameComments(a, b *text) bool { return slices.EqualFunc(comments(a), comments(b), bytes.Equal) }

// comments returns the comments of a text, but for those behind the '|' of a block.
func comments(t *text) (all [][]byte) {
	for _, k := range tokenize(t) {
		if k.kind == '#' {
			all = append(all, bytes.TrimRight(t.src[k.start:k.end], " \t"))
		}
	}
	return all
}

// A layout writes tokens anew.
type layout struct {
	src    []byte
	tokens []token
	next   []int // the token that is no comment, from each on
	lines  []outLine
	open   []level // block collections around what is written now
	flows  []int   // the indentation of the lines on which the open brackets are
}

// An outLine is a line of the canonical layout. Comments behind what stands on neighbouring lines
// are aligned.
type outLine struct{ text, comment string }

// A level is a block mapping or list, and its columns in both layouts, from 0.
type level struct {
	old, new int
	list     bool
}

const step = 2 // blanks that each level is indented by

func layOut(t *text) []byte {
	l := &layout{src: t.src, tokens: tokenize(t)}
	l.next = make([]int, len(l.tokens))
	next := len(l.tokens)
	for i, k := range slices.Backward(l.tokens) {
		if k.kind != '#' {
			next = i
		}
		l.next[i] = next
	}
	for i := range l.tokens {
		l.token(i)
	}
	l.trimEnd()
	return l.join()
}

// trimEnd takes blank lines off the end of the file, unless they are those of a block.
func (l *layout) trimEnd() {
	if n := len(l.tokens); n > 0 && l.tokens[n-1].kind == '|' && bytes.IndexByte(l.header(l.tokens[n-1]), '+') >= 0 {
		return
	}
	for n := len(l.lines); n > 0 && l.lines[n-1] == (outLine{}); n-- {
		l.lines = l.lines[:n-1]
	}
}

// header returns the marks of a block of text, as "|2-".
func (l *layout) header(k token) []byte {
	b := l.src[k.start:k.body]
	return b[:len(b)-len(bytes.TrimLeft(b, "|>+-123456789"))]
}

// join returns the lines as a file.
func (l *layout) join() []byte {
	var b bytes.Buffer
	for i := 0; i < len(l.lines); {
		run, width := i, 0
		for ; run < len(l.lines) && l.lines[run].comment != ""; run++ {
			width = max(width, columns(l.lines[run].text))
		}
		for ; i < run; i++ {
			line := l.lines[i]
			b.WriteString(line.text + strings.Repeat(" ", width-columns(line.text)+2) + line.comment + "\n")
		}
		if i < len(l.lines) {
			b.WriteString(l.lines[i].text + "\n")
			i++
		}
	}
	return b.Bytes()
}

// token writes the i-th token, on a new line if it was on one.
func (l *layout) token(i int) {
	k := l.tokens[i]
	breaks := 1
	if i > 0 {
		breaks = countBreaks(l.src[l.tokens[i-1].end:k.start])
		if l.tokens[i-1].kind == '|' {
			breaks++ // the block took it
		}
	}
	switch {
	case breaks > 0:
		for n := 1; n < breaks && i > 0; n++ {
			l.lines = append(l.lines, outLine{})
		}
		l.lines = append(l.lines, outLine{text: strings.Repeat(" ", l.indent(i))})
	case k.kind == '#':
	default:
		l.space(i)
		if l.opens(i) {
			l.enter(l.column(i), l.width(), k.kind == '-')
		}
	}
	l.write(k)
}

func countBreaks(b []byte) (n int) {
	for len(b) > 0 {
		size := lineBreak(b)
		if size > 0 {
			n++
		}
		b = b[max(size, 1):]
	}
	return n
}

// space puts a blank between two tokens of a line, where there is to be one.
func (l *layout) space(i int) {
	before, k := l.tokens[i-1].kind, l.tokens[i].kind
	switch {
	case before == '{' || before == '[':
	case before == ':' || before == '-' || before == '?':
		l.add(" ")
	case k == ',' || k == '}' || k == ']', k == ':' && before != '*':
	default:
		l.add(" ")
	}
}

func (l *layout) add(s string) { l.lines[len(l.lines)-1].text += s }

func (l *layout) width() int { return len(l.lines[len(l.lines)-1].text) }

// column is where a token was, from 0.
func (l *layout) column(i int) int {
	start := l.tokens[i].start
	line := bytes.LastIndexAny(l.src[:start], "\n\r")
	return start - line - 1
}

// write writes a token, whose line is there.
func (l *layout) write(k token) {
	line := &l.lines[len(l.lines)-1]
	text := string(l.src[k.start:k.end])
	switch k.kind {
	case '#':
		text = strings.TrimRight(text, " \t")
		if strings.TrimSpace(line.text) == "" {
			line.text += text
		} else {
			line.comment = text
		}
	case '|':
		l.block(k)
	case '{', '[':
		l.flows = append(l.flows, indentOf(line.text))
		line.text += text
	case '}', ']':
		l.flows = l.flows[:max(len(l.flows)-1, 0)]
		line.text += text
	case 0:
		l.scalar(text)
	default:
		line.text += text
	}
}

func indentOf(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

// scalar writes a text, whose further lines are indented deeper than what it belongs to.
func (l *layout) scalar(text string) {
	indent := l.inner()
	if len(l.flows) > 0 {
		indent = l.flows[len(l.flows)-1] + step
	}
	for i, line := range splitLines(text) {
		switch {
		case i == 0:
			l.add(line)
		case strings.Trim(line, " \t") == "":
			l.lines = append(l.lines, outLine{})
		default:
			l.lines = append(l.lines, outLine{text: strings.Repeat(" ", indent) + strings.TrimLeft(line, " \t")})
		}
	}
}

// splitLines returns the lines of s. A break that YAML keeps as it is stays with its line.
func splitLines(s string) (lines []string) {
	start := 0
	for i := 0; i < len(s); {
		n := lineBreak([]byte(s[i:]))
		if n == 3 {
			i += n
			continue
		}
		if n > 0 {
			lines = append(lines, s[start:i])
			start = i + n
		}
		i += max(n, 1)
	}
	return append(lines, s[start:])
}

// block writes a block of text: its header, and its lines as they are but for their indentation.
func (l *layout) block(k token) {
	marks := string(l.header(k))
	lines := splitLines(string(l.src[k.body:k.end]))
	if last := len(lines) - 1; lines[last][min(k.indent, indentOf(lines[last])):] == "" {
		lines = lines[:last]
	} else { // the file ends within the line
		marks = strings.NewReplacer("+", "", "-", "").Replace(marks) + "-"
	}
	indicator := strings.TrimLeft(marks, "|>+-")
	if indicator = strings.TrimRight(indicator, "+-"); indicator != "" {
		marks = strings.Replace(marks, indicator, "2", 1)
	}
	l.add(marks)
	if _, comment, ok := strings.Cut(string(l.src[k.start:k.body]), "#"); ok {
		l.lines[len(l.lines)-1].comment = strings.TrimRight("#"+comment, " \t\r\n")
	}
	for _, line := range lines {
		text := line[min(k.indent, indentOf(line)):]
		if text != "" {
			text = strings.Repeat(" ", l.inner()) + text
		}
		l.lines = append(l.lines, outLine{text: text})
	}
}

// inner is where what belongs to the innermost collection is indented to.
func (l *layout) inner() int {
	if len(l.open) == 0 {
		return 0
	}
	return l.open[len(l.open)-1].new + step
}

// columns returns how wide a line is, in characters.
func columns(s string) int { return utf8.RuneCountInString(s) }
