package top

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/gdamore/tcell/v2"
	"github.com/rivo/tview"
)

// A textPage is a text that can be scrolled.
type textPage struct {
	*tview.TextView
	name string
}

func (p *textPage) look() look                { return look{} }
func (p *textPage) typing() *tview.InputField { return nil }
func (p *textPage) title() string             { return p.name }
func (p *textPage) keys() string {
	return keyText("Esc", "back") + keyText("arrows", "scroll") + keyText("q", "quit")
}
func (p *textPage) press(key *tcell.EventKey) { p.InputHandler()(key, func(tview.Primitive) {}) }

// A helpPage says what keys there are.
type helpPage struct{ textPage }

func newHelpPage(*ui) *helpPage {
	p := &helpPage{textPage{newText(false), "help"}}
	p.SetText(helpText())
	return p
}

func (p *helpPage) renew(int, int) {}

func helpText() string {
	var b strings.Builder
	b.WriteString(`everywhere
  q Ctrl-C  quit               Esc   back
  e         errors             l     log, where the engine runs here
  ?         this               Ctrl-L draw anew

nodes
  arrows j k PgUp PgDn Home End  choose a node         Enter  open it
  /         show only some: words of a path, or patterns as fad* or in?;
            ^word leaves some out; Esc shows all
  < >       sort by another column      r  the other way round
  U         as they cook
`)
	for _, c := range columns {
		fmt.Fprintf(&b, "  %c         %-6s %s\n", c.key, c.title, c.help)
	}
	b.WriteString(`
a node
  Tab 1-4   tail, peers, faults, statistics
  space     stop the tail, and go on; so do Up and End
  arrows    move to other rows and columns

States: error; starved: it is wanted, but what it needs does not come; stale: nothing wants it, so it
does not cook; inactive; bypassed; ok.
`)
	return b.String()
}

// A logPage is the log of an engine in this process.
type logPage struct {
	textPage
	ui       *ui
	followed bool
}

func newLogPage(u *ui) *logPage {
	return &logPage{textPage{newText(false), "log"}, u, true}
}

func (p *logPage) renew(int, int) {
	p.SetText(p.ui.logText(logLines, ""))
	if p.followed {
		p.ScrollToEnd()
	}
}

func (p *logPage) press(key *tcell.EventKey) {
	p.followed = key.Key() == tcell.KeyEnd || key.Rune() == 'G'
	p.textPage.press(key)
}

// shortTime is the beginning of a line of the log, with the time of the day.
var shortTime = regexp.MustCompile(`^time=\S+T(\d\d:\d\d:\d\d)\S* level=`)

// logText is the newest lines of the log, under a head.
func (u *ui) logText(n int, head string) string {
	lines, written := u.log.newest(n)
	var b strings.Builder
	if head != "" {
		fmt.Fprintf(&b, "── %s, %d lines ──\n", head, written)
	}
	for _, line := range lines {
		b.WriteString(clean(shortTime.ReplaceAllString(line, "$1 ")) + "\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}
