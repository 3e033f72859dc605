package main

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"linecook.dev/linecook/cmd/linecook/internal/patchtest"
	"linecook.dev/linecook/ops"
	"linecook.dev/linecook/patches"
)

// An opExample is a patch that shows what an operator does.
type opExample struct {
	says  []string // the comment at its top, a paragraph an item
	patch string   // without that, and without the version
	tests []*patches.Test
}

// exampleOf returns the example of an operator; nil if there is none.
func exampleOf(name string) (*opExample, error) {
	patch, err := ops.Examples.ReadFile("examples/" + name + ".yaml")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	file := "examples/" + name + patches.TestSuffix
	src, err := ops.Examples.ReadFile(file)
	if err != nil {
		return nil, err
	}
	f, err := patches.ParseTests(src, file)
	if err != nil {
		return nil, err
	}
	e := &opExample{tests: f.Tests}
	for line := range strings.Lines(string(patch)) {
		if text, ok := strings.CutPrefix(line, "#"); ok && e.patch == "" {
			e.says = append(e.says, strings.TrimSpace(text))
		} else if !strings.HasPrefix(line, "linecook: ") {
			e.patch += line
		}
	}
	return e, nil
}

// outcome says what goes into the example's nodes and what comes of it, a line an item.
func (e *opExample) outcome() (lines []string) {
	for i, t := range e.tests {
		if i > 0 {
			lines = append(lines, "")
		}
		if len(e.tests) > 1 {
			lines = append(lines, "# "+t.Name)
		}
		for i := range t.Inputs {
			lines = append(lines, inputText(&t.Inputs[i]))
		}
		for _, c := range t.Claims {
			lines = append(lines, patchtest.Title(c)+":")
			for _, line := range patchtest.WantLines(c) {
				lines = append(lines, "  "+line)
			}
			if len(c.Wants) == 0 {
				lines = append(lines, "  none")
			}
		}
	}
	return lines
}

func inputText(in *patches.Input) string {
	var b strings.Builder
	fmt.Fprintf(&b, "to %s", in.To)
	if in.From != "" {
		fmt.Fprintf(&b, " from %s", in.From)
	}
	if in.At > 0 {
		fmt.Fprintf(&b, " at %v", in.At)
	}
	fmt.Fprintf(&b, ": %s", in.Kind)
	if in.Kind != patches.Connected && in.Kind != patches.Closed {
		fmt.Fprintf(&b, " %s", strings.TrimSuffix(in.Text, "\n"))
	}
	if in.Times > 1 {
		fmt.Fprintf(&b, " (%d times, every %v)", in.Times, in.Every)
	}
	return b.String()
}
