package top

import (
	"github.com/gdamore/tcell/v2"
	"github.com/rivo/tview"
)

// Colours are the sixteen that a terminal's user has chosen, in front of the background that he has
// chosen, so that they can be told apart from both dark and light. Whatever a colour says is also said in
// words; where the environment wants no colours (https://no-color.org, which tcell knows) only these are left.
var (
	styleHead  = tcell.StyleDefault.Bold(true).Underline(true)
	styleMarks = map[string]tcell.Style{
		"error":    tcell.StyleDefault.Foreground(tcell.ColorMaroon).Bold(true),
		"starved":  tcell.StyleDefault.Foreground(tcell.ColorOlive).Bold(true),
		"stale":    tcell.StyleDefault.Foreground(tcell.ColorOlive),
		"inactive": tcell.StyleDefault.Foreground(tcell.ColorTeal),
		"bypassed": tcell.StyleDefault.Foreground(tcell.ColorTeal),
	}
	styleChosen = tcell.StyleDefault.Reverse(true)
)

// Tags of tview for the same in a text.
const (
	tagBad  = "[maroon::b]"
	tagGood = "[green::b]"
	tagBold = "[::b]"
	tagEnd  = "[-::-]"
)

// cell is a cell of a table. The text may be anybody's.
func cell(text string, style tcell.Style) *tview.TableCell {
	return &tview.TableCell{Text: plain(text), Style: style, Transparent: true}
}

// rightCell is a cell whose text is at the right.
func rightCell(text string, style tcell.Style) *tview.TableCell {
	c := cell(text, style)
	c.Align = tview.AlignRight
	return c
}

// headCell is a cell of a table's first line.
func headCell(text string) *tview.TableCell {
	c := cell(text, styleHead)
	c.NotSelectable = true
	return c
}

func newTable(selectable bool) *tview.Table {
	t := tview.NewTable().SetFixed(1, 0).SetSelectable(selectable, false).SetSelectedStyle(styleChosen)
	t.SetBackgroundColor(tcell.ColorDefault)
	return t
}

// newText returns a text that shows what it is given just so; tagged is one that knows tview's tags.
func newText(tagged bool) *tview.TextView {
	t := tview.NewTextView().SetDynamicColors(tagged).SetTextStyle(tcell.StyleDefault)
	t.SetBackgroundColor(tcell.ColorDefault)
	return t
}
