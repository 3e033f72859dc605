package script

import (
	"strings"

	"go.starlark.net/resolve"
	"go.starlark.net/syntax"
)

// wordHints says what to write instead of Python's statements that Starlark has not.
var wordHints = map[string]string{
	"is":       "there is no 'is': write x == None, or x != None",
	"try":      "there is no try: test for the case first; an error ends this one callback and is shown on the node",
	"except":   "there is no try: test for the case first",
	"finally":  "there is no try: test for the case first",
	"raise":    "there is no raise: write fail('...')",
	"assert":   "there is no assert: write if not ...: fail('...')",
	"import":   "nothing can be imported: struct, json and math are there without",
	"from":     "nothing can be imported: struct, json and math are there without",
	"class":    "there are no classes: keep the fields in a dict",
	"with":     "there is no with, and no files",
	"global":   "there is no global: " + memoryHint,
	"nonlocal": "there is no nonlocal: keep the value in a dict or list",
	"del":      "there is no del: write d.pop(key)",
	"yield":    "there are no generators: return a list",
	"async":    "nothing is asynchronous here",
	"await":    "nothing is asynchronous here",
}

const memoryHint = "module-level dicts and lists are the memory; write state = {'n': 0} outside and state['n'] += 1 inside"

// syntaxHint adds to a syntax error what to write instead, if its line shows what was meant.
func syntaxHint(text string, line int, msg string) string {
	var before token
	for t := range tokens(text) {
		if t.line > line {
			break
		}
		if t.line < line {
			continue
		}
		if hint := tokenHint(before, t); hint != "" {
			return msg + "; " + hint
		}
		if t.kind != tokenLine {
			before = t
		}
	}
	return withHint(msg)
}

func tokenHint(before, t token) string {
	switch {
	case t.kind == tokenWord && before.text != ".":
		return wordHints[t.text]
	case t.kind == tokenString && strings.ContainsAny(t.text[:strings.IndexAny(t.text, `'"`)], "fF"):
		return "there are no f-strings: write '%d of %s' % (n, name), or '{} of {}'.format(n, name)"
	case t.kind == tokenString && before.kind == tokenString && before.line > 0:
		return "there are no adjacent string literals: put + between them"
	case t.kind == tokenNumber && strings.Contains(t.text, "_"):
		return "there is no _ in numbers"
	case before.text == "print" && t.text != "(":
		return "write print(...)"
	case t.text == "++", t.text == "--":
		return "write x += 1"
	case t.text == "**" && before.kind != tokenOp:
		return "there is no **: write math.pow(x, y)"
	case before.text == "-" && t.text == ">":
		return "there are no annotations: leave out -> and the type"
	case t.text == "@":
		return "there are no decorators and no matrices"
	case t.text == "&&", t.text == "||":
		return "write and, or"
	case before.text == ":" && t.text == "=":
		return "there is no :=, assign on a line of its own"
	}
	return ""
}

// messageHints are by a part of Starlark's own message.
var messageHints = []struct{ part, hint string }{
	{"got end of file, want primary expression", "the text ends where a value must follow"},
	{"got newline, want primary expression", "the line ends where a value must follow"},
	{"unknown binary op: string + ", "make a text of the other value, as str(n)"},
	{"unknown binary op: int + string", "make a text of the other value, as str(n)"},
	{"unknown binary op: float + string", "make a text of the other value, as str(n)"},
	{"does not associate", "comparisons cannot be chained: write a < b and b < c"},
	{"got ',', want ':'", "for a set write set([...])"},
	{"got '}', want ':'", "for a set write set([...])"},
	{"got '=', want", "to compare, write =="},
	{"got '=' after", "to compare, write =="},
	{"got ':', want ')'", "parameters have no annotations"},
	{"non-ASCII hex escape", "a byte is b'\\xff', a character '\\u00ff'"},
	{"called recursively", "there is no recursion: use a loop and a list"},
	{"has no .encode", "write bytes(text)"},
	{"bytes has no .decode", "write str(b)"},
	{"bytes has no .hex", "write hexlify(b)"},
	{"has no .val field", "a cell is its value: leave out .val"},
	{"undefined: me", "the node is the callback's first argument, dat"},
	{"undefined: debug", "write print(...)"},
	{"undefined: absTime", "write frame or seconds"},
	{"undefined: time", "there is no clock but frame and seconds"},
	{"undefined: datetime", "there is no clock but frame and seconds"},
	{"undefined: random", "there is no chance: a take is cooked again with the same result"},
	{"undefined: isinstance", "write type(x) == 'int'"},
	{"undefined: open", "files are read and written by operators only"},
	{"undefined: pow", "write math.pow(x, y)"},
	{"undefined: map", "write [f(x) for x in list]"},
	{"undefined: filter", "write [x for x in list if f(x)]"},
	{"unknown conversion %", "numbers are written with round, hex or math; % knows d, s, r, x, o, e, f, g and c"},
}

// withHint adds to an error's message what to write instead, if that is known.
func withHint(msg string) string {
	for _, h := range messageHints {
		if strings.Contains(msg, h.part) && !strings.HasSuffix(msg, h.hint) {
			return msg + "; " + h.hint
		}
	}
	return msg
}

// rebinds reports a statement such as n += 1 in a function, with n a global: as in Python, it makes
// n local there, and a local without a value.
func rebinds(s *syntax.AssignStmt) (name string, ok bool) {
	id, isIdent := s.LHS.(*syntax.Ident)
	if !isIdent || s.Op == syntax.EQ {
		return "", false
	}
	b, bound := id.Binding.(*resolve.Binding)
	return id.Name, bound && (b.Scope == resolve.Local || b.Scope == resolve.Cell) && b.First == id
}

func rebindHint(name string) string {
	return "a function cannot rebind " + name + ", which is local here and has no value yet: " + memoryHint
}
