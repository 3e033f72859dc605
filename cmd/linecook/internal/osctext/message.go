package osctext

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"linecook.dev/linecook/peer/osc"
)

// A message is one whose values are not read yet.
type message struct {
	address string
	args    []arg
}

// An arg is a type and the text of its value, if it has one.
type arg struct {
	tag  osc.Type
	text string
}

// allTags are the types there are; those of noValue have none.
const (
	allTags = "ifsbhdtScrmTFNI[]"
	noValue = "TFNI[]"
)

// messages returns the messages that words stand for.
func messages(words []string) (list []message, err error) {
	for len(words) > 0 {
		m := message{address: words[0]}
		if m.args, words, err = arguments(words[1:]); err != nil {
			return nil, fmt.Errorf("%s: %w", m.address, err)
		}
		list = append(list, m)
		if len(words) == 1 {
			return nil, errors.New("there is no message behind the last " + separator)
		}
		words = words[min(1, len(words)):]
	}
	return list, nil
}

// arguments returns what is behind an address, and the rest of the words from the separator on.
func arguments(words []string) (args []arg, rest []string, err error) {
	if len(words) == 0 || words[0] == separator {
		return nil, words, nil
	}
	tags, explicit := strings.CutPrefix(words[0], ",")
	if bad := strings.Trim(tags, allTags); bad != "" || tags == "" && !explicit {
		if explicit {
			return nil, nil, fmt.Errorf("%q is no type; there are %s", bad[:1], allTags)
		}
		args, rest = guessAll(words)
		return args, rest, nil
	}
	values := words[1:]
	n := numValues(tags)
	if n <= len(values) && (n == len(values) || values[n] == separator) {
		return typed(tags, values[:n]), values[n:], nil
	}
	return nil, nil, countError(words, tags, explicit)
}

// countError says that types do not fit what is behind them, and how to say otherwise.
func countError(words []string, tags string, explicit bool) error {
	guessed, _ := guessAll(words)
	msg := fmt.Sprintf("the types %s take %d values, and there are %d", tags, numValues(tags), len(guessed)-1)
	if explicit {
		return errors.New(msg)
	}
	var own strings.Builder
	for _, a := range guessed {
		own.WriteByte(byte(a.tag))
	}
	return fmt.Errorf("%s; if %s is a value itself, say the types: ,%s %s", msg, words[0], own.String(), words[0])
}

func numValues(tags string) int {
	n := len(tags)
	for _, t := range noValue {
		n -= strings.Count(tags, string(t))
	}
	return n
}

// typed gives values their types.
func typed(tags string, values []string) (args []arg) {
	for _, t := range []byte(tags) {
		a := arg{tag: osc.Type(t)}
		if strings.IndexByte(noValue, t) < 0 {
			a.text, values = values[0], values[1:]
		}
		args = append(args, a)
	}
	return args
}

// guessAll guesses the types of the values up to the separator.
func guessAll(words []string) (args []arg, rest []string) {
	end := slices.Index(words, separator)
	if end < 0 {
		end = len(words)
	}
	for _, w := range words[:end] {
		args = append(args, arg{guess(w), w})
	}
	return args, words[end:]
}
