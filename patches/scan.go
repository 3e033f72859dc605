package patches

import (
	"fmt"
)

// A scan reads a file once, token by token, before yaml.v3 does. It bounds what yaml.v3 is given, since
// that one allocates for all of a document before anybody can count, and it finds the exact places
// of what trips people in YAML, where yaml.v3 names a wrong line or none.
//
// It is no parser: a document that it has nothing to say about may still be wrong. Its rules are
// those of yaml.v3's scanner, so that both agree on where a quoted text or a block ends. They are one
// state machine, which is why this file is long.
type scan struct {
	src       []byte
	pos       int
	lineStart int

	flow      []flow   // brackets and braces that are open
	indents   []indent // block mappings and lists that are open
	swallowed int      // the last comment that took a closing bracket with it, or -1

	values int // scalars and collections so far
	marks  int // colons, commas, dashes and question marks that are punctuation

	node      int  // where the value that just ended begins, or -1 after punctuation
	lines     bool // that value goes over several lines
	quoted    bool // that value is in quotes
	colonLine int  // start of the line of the last colon outside of brackets, or -1
	content   bool // the document has begun
	ended     bool // the document has ended

	anchors   map[string]bool
	trips     []trip
	tokenLine int // start of the last line that has a token
	last      int // start of the line of the last trip
	told      int // the last bracket that was noted as open, or -1
	stop      *trip

	tokens *[]token // where what is read is kept; nil for nowhere
}

// A token is a piece of a file that has a meaning, or a comment.
type token struct {
	// kind is the byte of punctuation, '#' for a comment, '&', '*' or '!', '|' for a block of text, '.'
	// for a marker of documents, or 0 for a text.
	kind       byte
	start, end int
	flow       bool // it is within brackets or braces
	body       int  // where the lines of a block begin; the header ends before them
	indent     int  // how many blanks these lines begin with
}

// A flow is an open bracket or brace.
type flow struct {
	start int
	colon bool // since the last comma
}

// An indent is an open block mapping or list.
type indent struct {
	col  int // from 0
	list bool
}

// A trip is a place where YAML does not mean what the author meant.
type trip struct {
	offset int
	msg    string
}

func newScan(t *text) *scan { return scanInto(t, nil) }

// tokenize returns the tokens of a text in which a scan finds nothing wrong.
func tokenize(t *text) (tokens []token) {
	scanInto(t, &tokens)
	return tokens
}

func scanInto(t *text, tokens *[]token) *scan {
	s := &scan{tokens: tokens, src: t.src, node: -1, colonLine: -1, last: -1, told: -1, tokenLine: -1, swallowed: -1, anchors: map[string]bool{}}
	for s.stop == nil && s.space() {
		s.token()
	}
	if s.stop == nil && len(s.flow) > 0 {
		s.unclosed(s.flow[len(s.flow)-1].start)
	}
	return s
}

// at returns the i-th byte from here, or NUL.
func (s *scan) at(i int) byte {
	if s.pos+i >= len(s.src) {
		return 0
	}
	return s.src[s.pos+i]
}

// blank reports whether a blank, a line break or the end is i bytes from here.
func (s *scan) blank(i int) bool {
	c := s.at(i)
	return c == ' ' || c == '\t' || c == 0 || lineBreak(s.src[s.pos+i:]) > 0
}

func (s *scan) col() int { return s.pos - s.lineStart }

// top is the column of the innermost block collection, or -1.
func (s *scan) top() int {
	if len(s.indents) == 0 {
		return -1
	}
	return s.indents[len(s.indents)-1].col
}

// trip notes a place, but for a bracket that is open by mistake: what trips then is only the next
// thing that stands behind it. What follows a trip on its line is its echo.
func (s *scan) trip(offset int, format string, args ...any) {
	if s.last == s.lineStart || len(s.trips) > maxListed {
		return
	}
	s.last = s.lineStart
	if len(s.flow) > 0 {
		start := s.flow[0].start
		if s.swallowed > start || start < s.lineStart && s.margin() <= s.top() {
			s.unclosed(start)
			return
		}
	}
	s.add(offset, fmt.Sprintf(format, args...))
}

func (s *scan) add(offset int, msg string) { s.trips = append(s.trips, trip{offset, msg}) }

// unclosed notes, once, a bracket that does not end, or the comment that took the end.
func (s *scan) unclosed(start int) {
	at, msg := start, fmt.Sprintf("%q is not closed", s.src[start])
	if s.swallowed > start {
		at, msg = s.swallowed, "'#' begins a comment, which takes the rest of the line; quote the value"
	}
	if at != s.told {
		s.told = at
		s.add(at, msg)
	}
}

// margin returns the number of blanks at the start of the line.
func (s *scan) margin() int {
	n := 0
	for s.lineStart+n < len(s.src) && s.src[s.lineStart+n] == ' ' {
		n++
	}
	return n
}

func (s *scan) halt(format string, args ...any) {
	s.stop = &trip{offset: s.pos, msg: fmt.Sprintf(format, args...)}
}

// space goes to the next token, and reports whether there is one.
func (s *scan) space() bool {
	for s.pos < len(s.src) {
		n := lineBreak(s.src[s.pos:])
		switch c := s.src[s.pos]; {
		case n > 0:
			s.newLine(n)
		case c == ' ':
			s.pos++
		case c == '\t':
			s.tab()
		case c == '#':
			s.comment()
		default:
			return true
		}
	}
	return false
}

func (s *scan) newLine(n int) {
	s.pos += n
	s.lineStart = s.pos
	if len(s.flow) == 0 {
		s.node = -1
	}
}

func (s *scan) tab() {
	if len(s.flow) == 0 && s.tokenLine != s.lineStart {
		s.trip(s.pos, "a tab in the indentation; YAML wants spaces")
	}
	s.pos++
}

func (s *scan) comment() {
	start, closing := s.pos, false
	for s.pos < len(s.src) && lineBreak(s.src[s.pos:]) == 0 {
		closing = closing || s.src[s.pos] == '}' || s.src[s.pos] == ']'
		s.pos++
	}
	if closing && len(s.flow) > 0 {
		s.swallowed = start
	}
	s.keep('#', start, s.pos)
}

func (s *scan) keep(kind byte, start, end int) {
	if s.tokens != nil {
		*s.tokens = append(*s.tokens, token{kind: kind, start: start, end: end, flow: len(s.flow) > 0})
	}
}

// token reads one token.
func (s *scan) token() {
	if len(s.flow) == 0 {
		s.unroll()
	}
	if s.col() == 0 && s.document() {
		return
	}
	s.content, s.tokenLine = true, s.lineStart
	switch c := s.at(0); {
	case c == '[' || c == '{':
		s.open()
	case c == ']' || c == '}':
		s.close()
	case c == ',' && len(s.flow) > 0:
		s.flow[len(s.flow)-1].colon = false
		s.mark()
	case c == '-' && s.blank(1):
		s.dash()
	case c == '?' && (s.blank(1) || len(s.flow) > 0):
		s.question()
	case c == ':' && (s.blank(1) || len(s.flow) > 0):
		s.colon()
	case c == '*' || c == '&':
		s.anchor(c)
	case c == '!':
		s.tag()
	case (c == '|' || c == '>') && len(s.flow) == 0:
		s.block()
	case c == '"' || c == '\'':
		s.quote(c)
	default:
		s.plain(c)
	}
	if s.values > maxValues || s.marks > 3*maxValues/2 {
		s.halt("the patch has more than %d values", maxValues)
	}
}

// document reads what stands between documents, and reports whether it did.
func (s *scan) document() bool {
	marker := s.blank(3) && (s.at(0) == '-' || s.at(0) == '.') && s.at(1) == s.at(0) && s.at(2) == s.at(0)
	switch {
	case s.ended, marker && s.at(0) == '-' && s.content:
		s.halt("a second document; a patch is one")
	case s.at(0) == '%':
		s.halt("'%%' begins a directive, which a patch has none of; quote a value that begins with it")
	case marker:
		s.ended = s.at(0) == '.'
		s.content = true
		s.keep('.', s.pos, s.pos+3)
		s.pos += 3
	}
	return marker || s.stop != nil
}

// unroll closes the block collections that end before this column.
func (s *scan) unroll() {
	col, n := s.col(), len(s.indents)
	for s.top() > col {
		s.indents = s.indents[:len(s.indents)-1]
	}
	if len(s.indents) < n && s.top() != col {
		s.trip(s.pos, "indented by %d, as no line above that it could belong to", col)
	}
}

// roll opens a block collection at a column, unless one is open there.
func (s *scan) roll(col int, list bool) {
	switch top := s.top(); {
	case top < col:
		s.indents = append(s.indents, indent{col, list})
		s.values++
		s.deep()
	case !list && s.indents[len(s.indents)-1].list:
		s.trip(s.lineStart+col, "a key in the place of an item of the list above, which begins with '- '")
	}
}

func (s *scan) deep() {
	if len(s.indents)+len(s.flow) > maxDepth {
		s.halt("nested deeper than %d", maxDepth)
	}
}

// mark reads one byte of punctuation.
func (s *scan) mark() {
	s.keep(s.at(0), s.pos, s.pos+1)
	s.marks++
	s.node = -1
	s.pos++
}

// begin counts a value. In YAML no value follows another without punctuation.
func (s *scan) begin() {
	s.values++
	switch {
	case s.node < 0:
	case s.quoted:
		s.trip(s.node, "text after the closing quote; quote the whole value, with the other kind of quotes")
	case len(s.flow) > 0:
		s.trip(s.node, "within { } or [ ] plain text cannot have %q; quote the whole value", s.at(0))
	default:
		s.trip(s.pos, "text after the end of a value; quote the whole value")
	}
}

// end notes the value that began at start.
func (s *scan) end(start int, quoted, lines bool) {
	s.node, s.quoted, s.lines, s.tokenLine = start, quoted, lines, s.lineStart
}

func (s *scan) open() {
	s.begin()
	s.keep(s.at(0), s.pos, s.pos+1)
	s.flow = append(s.flow, flow{start: s.pos})
	s.node = -1
	s.pos++
	s.deep()
}

func (s *scan) close() {
	s.keep(s.at(0), s.pos, s.pos+1)
	if n := len(s.flow); n > 0 {
		start := s.flow[n-1].start
		if s.src[start]+2 != s.at(0) { // as in ASCII: [\] and {|}
			s.trip(s.pos, "%q does not close %q", s.at(0), s.src[start])
		}
		s.flow = s.flow[:n-1]
		s.end(start, false, start < s.lineStart)
	} else {
		s.trip(s.pos, "%q closes nothing; quote the value", s.at(0))
	}
	s.pos++
}

func (s *scan) dash() {
	switch {
	case len(s.flow) > 0 || s.colonLine == s.lineStart:
		s.trip(s.pos, "'- ' begins an item of a list, which cannot stand here; quote the value")
	default:
		s.roll(s.col(), true)
	}
	s.mark()
}

func (s *scan) question() {
	switch {
	case len(s.flow) > 0:
		if s.node >= 0 {
			s.trip(s.node, "within { } or [ ] plain text cannot have '?'; quote the whole value")
		}
	case s.colonLine == s.lineStart:
		s.trip(s.pos, "'? ' begins a key, which cannot stand here; quote the value")
	default:
		s.roll(s.col(), false)
	}
	s.mark()
}

func (s *scan) colon() {
	if len(s.flow) > 0 {
		s.flowColon(&s.flow[len(s.flow)-1])
	} else {
		s.blockColon()
	}
	s.mark()
}

func (s *scan) flowColon(f *flow) {
	switch {
	case f.colon:
		s.trip(s.pos, "a second colon in one entry; quote the value")
	case s.node < 0 && !s.blank(1):
		s.trip(s.pos, "':' cannot begin a value within { } or [ ]; quote it")
	}
	f.colon = true
}

func (s *scan) blockColon() {
	key := s.pos
	switch {
	case s.node >= 0 && s.lines:
		s.longKey()
	case s.colonLine == s.lineStart:
		s.trip(s.pos, "a second colon on the line; quote the value")
	case s.node >= 0:
		key = s.node
	}
	s.roll(max(0, key-s.lineStart), false)
	s.colonLine = s.lineStart
}
