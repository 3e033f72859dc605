package osctext

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Words returns the words of a line.
func Words(line string) (words []string, err error) {
	for {
		line = strings.TrimLeft(line, " \t\r\n")
		if line == "" {
			return words, nil
		}
		var word string
		if word, line, err = cutWord(line); err != nil {
			return nil, err
		}
		words = append(words, word)
	}
}

// cutWord cuts the first word off a line that begins with it.
func cutWord(line string) (word, rest string, err error) {
	switch line[0] {
	case '"':
		word, rest, err = cutQuoted(line[1:])
	case '\'':
		var closed bool
		if word, rest, closed = strings.Cut(line[1:], "'"); !closed {
			err = errors.New("a single quote is not closed")
		}
	default:
		n := strings.IndexAny(line, " \t\r\n")
		if n < 0 {
			n = len(line)
		}
		return line[:n], line[n:], nil
	}
	if err == nil && rest != "" && !strings.ContainsRune(" \t\r\n", rune(rest[0])) {
		err = fmt.Errorf("there is no space behind the quoted word %q", word)
	}
	return word, rest, err
}

// cutQuoted cuts off a word whose double quote is open.
func cutQuoted(s string) (word, rest string, err error) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '"':
			return b.String(), s[i+1:], nil
		case '\\':
			c, size, err := unescape(s[i+1:])
			if err != nil {
				return "", "", err
			}
			b.WriteByte(c)
			i += size
		default:
			b.WriteByte(s[i])
		}
	}
	return "", "", errors.New("a double quote is not closed")
}

// escapes are the characters that stand for another one behind a backslash.
var escapes = map[byte]byte{'"': '"', '\\': '\\', 'n': '\n', 'r': '\r', 't': '\t', '0': 0}

// unescape returns what the escape whose backslash is before s stands for, and how long it is.
func unescape(s string) (c byte, size int, err error) {
	if s == "" {
		return 0, 0, errors.New("a double quote is not closed")
	}
	if c, ok := escapes[s[0]]; ok {
		return c, 1, nil
	}
	if s[0] == 'x' && len(s) >= 3 {
		if n, err := strconv.ParseUint(s[1:3], 16, 8); err == nil {
			return byte(n), 3, nil
		}
	}
	return 0, 0, fmt.Errorf(`\%.3s is no escape; there are \" \\ \n \r \t \0 and \xNN`, s)
}

// AppendQuoted appends a word in double quotes, on one line of UTF-8.
func AppendQuoted(b []byte, word string) []byte {
	b = append(b, '"')
	for len(word) > 0 {
		c, size := quotedChar(word)
		b, word = append(b, c...), word[size:]
	}
	return append(b, '"')
}
