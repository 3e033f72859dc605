package top_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/gdamore/tcell/v2"
	"github.com/rivo/tview"

	"linecook.dev/linecook/cmd/linecook/internal/top"
)

// FuzzClean expects what is shown to be printable, to be as it was if it was printable, and to have no
// meaning for tview.
func FuzzClean(f *testing.F) {
	for _, s := range []string{"", "plain é", "\x1b[31m", "[red]x[-]", "[[red]", "a\x00\xff\u202e", "]", "[]", `["x"]`, "\n\t", "[:::]", "[:::http://x]y", "[[", "[red", "x[::", "[red[]"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := top.Clean(s)
		if i := strings.IndexFunc(got, func(r rune) bool { return !unicode.IsPrint(r) }); i >= 0 || !utf8.ValidString(got) {
			t.Errorf("Clean(%q) = %q, which is not printable", s, got)
		}
		if again := top.Clean(got); again != got {
			t.Errorf("Clean(Clean(%q)) = %q, want %q", s, again, got)
		}
		if len(got) < 200 {
			if letters, styled := drawn(t, top.Plain(s)); letters != got || styled {
				t.Errorf("Plain(%q) = %q, which tview shows as %q, styled %t, want %q", s, top.Plain(s), letters, styled, got)
			}
		}
	})
}

// drawn is what tview makes of a text with tags, and whether that has anything but letters.
func drawn(t *testing.T, text string) (letters string, styled bool) {
	s := newScreen(t, 250, 1)
	defer s.SimulationScreen.Fini()
	tview.Print(s, text, 0, 0, 250, tview.AlignLeft, tcell.ColorDefault)
	s.SimulationScreen.Show()
	cells, _, _ := s.GetContents()
	for _, c := range cells {
		styled = styled || c.Style != cells[len(cells)-1].Style
	}
	return tview.NewTextView().SetDynamicColors(true).SetText(text).GetText(true), styled
}

// FuzzCellText expects some text for any JSON, and texts to be themselves.
func FuzzCellText(f *testing.F) {
	for _, s := range []string{`null`, `1.5`, `"x"`, `{"t":"bytes","hex":"00"}`, `{"t":"list","v":[1,[2]]}`, `{"t":"peer"}`, `{"t":7}`, `{`, ``, `true`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		_ = top.CellText(json.RawMessage(s))
		raw, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := top.CellText(raw), strings.ToValidUTF8(s, "\ufffd"); got != want && utf8.ValidString(s) {
			t.Errorf("CellText(%s) = %q, want %q", raw, got, want)
		}
	})
}

func TestCellText(t *testing.T) {
	for raw, want := range map[string]string{
		`null`: "", `true`: "true", `-1.5`: "-1.5", `"x"`: "x", `{"t":"bytes","hex":"00ff"}`: "00ff", `{"t":"bytes","hex":"00","cut":2000}`: "00…",
		`{"t":"peer","id":"u","address":"1.2.3.4:5"}`: "1.2.3.4:5", `{"t":"list","v":[1,{"t":"list","v":["a"]},null]}`: "[1, [a], ]",
		`{"t":"symbol","v":"sym"}`: "sym", `{"t":"int64","v":"9007199254740993","text":"9007199254740993"}`: "9007199254740993", `{"t":"float","text":"NaN"}`: "NaN",
	} {
		if got := top.CellText(json.RawMessage(raw)); got != want {
			t.Errorf("CellText(%s) = %q, want %q", raw, got, want)
		}
	}
}

// TestNumbersAreShort keeps numbers in their columns, whatever they are.
func TestNumbersAreShort(t *testing.T) {
	for _, tt := range []struct{ got, want string }{
		{top.Rate(0), "0"}, {top.Rate(0.04), "0.0"}, {top.Rate(9.94), "9.9"}, {top.Rate(9.96), "10"}, {top.Rate(9999), "9999"}, {top.Rate(10000), "10.0k"},
		{top.Rate(123456), "123k"}, {top.Rate(999499), "999k"}, {top.Rate(999600), "1.0M"}, {top.Rate(1e30), ">1Z"},
		{top.Took(0), "0ns"}, {top.Took(999), "999ns"}, {top.Took(1499), "1.5µs"}, {top.Took(99949), "100µs"}, {top.Took(999600), "1.0ms"}, {top.Took(61e9), "61.0s"},
		{top.Ago(0.2), "now"}, {top.Ago(59), "59 s"}, {top.Ago(600), "10 min"}, {top.Ago(7200), "2 h"}, {top.Ago(864000), "10 d"},
	} {
		if tt.got != tt.want {
			t.Errorf("shown is %q, want %q", tt.got, tt.want)
		}
	}
}
