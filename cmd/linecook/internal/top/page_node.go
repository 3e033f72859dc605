package top

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gdamore/tcell/v2"
	"github.com/rivo/tview"
)

// A nodePage is one node: the end of its table, its peers, its faults, or its statistics.
type nodePage struct {
	*tview.Flex
	ui      *ui
	path    string
	tab     int
	bar     *tview.TextView
	table   *tview.Table // of tail and peers
	text    *tview.TextView
	paused  bool
	stopped tail // what is shown while it is paused
}

var tabs = []string{"tail", "peers", "faults", "statistics"}

const (
	tabTail = iota
	tabPeers
	tabFaults
	tabStatistics
)

func newNodePage(u *ui, path string) *nodePage {
	p := &nodePage{Flex: tview.NewFlex().SetDirection(tview.FlexRow), ui: u, path: path, bar: newText(true).SetWrap(false), text: newText(false)}
	p.SetBackgroundColor(tcell.ColorDefault)
	p.turn(tabTail)
	return p
}

// turn shows a tab.
func (p *nodePage) turn(tab int) {
	p.tab = (tab + len(tabs)) % len(tabs)
	p.table = newTable(false)
	p.paused = false
	p.text.ScrollToBeginning()
	p.Clear()
	p.AddItem(p.bar, 2, 0, false)
	if p.tab == tabTail || p.tab == tabPeers {
		p.AddItem(p.table, 0, 1, true)
	} else {
		p.AddItem(p.text, 0, 1, true)
	}
}

func (p *nodePage) look() look { return look{node: p.path, rows: tailRows} }

func (p *nodePage) typing() *tview.InputField { return nil }

func (p *nodePage) title() string { return "" }

func (p *nodePage) keys() string {
	own := keyText("arrows", "scroll")
	if p.tab == tabTail {
		own += keyText("space", "pause")
	}
	return keyText("Esc", "back") + keyText("Tab 1-4", "turn") + own + keyText("?", "help") + keyText("q", "quit")
}

func (p *nodePage) press(key *tcell.EventKey) {
	switch r := key.Rune(); {
	case key.Key() == tcell.KeyTab:
		p.turn(p.tab + 1)
	case key.Key() == tcell.KeyBacktab:
		p.turn(p.tab - 1)
	case key.Key() == tcell.KeyRune && r >= '1' && int(r-'1') < len(tabs):
		p.turn(int(r - '1'))
	case p.tab == tabTail:
		p.pressTail(key)
	case p.tab == tabPeers:
		p.table.InputHandler()(key, func(tview.Primitive) {})
	default:
		p.text.InputHandler()(key, func(tview.Primitive) {})
	}
}

// pressTail pauses when somebody looks back, and goes on at the end.
func (p *nodePage) pressTail(key *tcell.EventKey) {
	switch r := key.Rune(); {
	case key.Key() == tcell.KeyRune && r == ' ':
		p.pause(!p.paused)
		return
	case key.Key() == tcell.KeyEnd, key.Key() == tcell.KeyRune && r == 'G':
		p.pause(false)
		return
	case key.Key() == tcell.KeyUp, key.Key() == tcell.KeyPgUp, key.Key() == tcell.KeyHome, key.Key() == tcell.KeyRune && (r == 'k' || r == 'g'):
		p.pause(true)
	}
	p.table.InputHandler()(key, func(tview.Primitive) {})
}

func (p *nodePage) pause(on bool) {
	if on && !p.paused {
		p.stopped = p.ui.model.tail
		p.stopped.rows = slices.Clone(p.stopped.rows)
	}
	p.paused = on
}

func (p *nodePage) renew(width, _ int) {
	m := &p.ui.model
	p.bar.SetText(p.barText(m))
	switch {
	case p.tab == tabTail:
		p.renewTail(m, width)
	case m.open == nil:
		p.text.SetText("")
	case p.tab == tabPeers:
		fillPeers(p.table, m.open.peers, m.head.Wall)
	case p.tab == tabFaults:
		p.text.SetText(faultsText(m.open))
	default:
		p.text.SetText(statsText(m.open))
	}
}

// barText is the node's name and state, and the tabs.
func (p *nodePage) barText(m *Model) string {
	line := tagBold + plain(p.path) + tagEnd
	n := m.node(p.path)
	switch {
	case n == nil:
		line += "  " + tagBad + "there is no such node any more" + tagEnd
	case n.State == "error":
		line += "  " + plain(n.Type) + "  " + tagBad + "error" + tagEnd
	default:
		line += "  " + plain(n.Type+"  "+n.State)
	}
	if n != nil {
		line += plain(fmt.Sprintf("  in/s %s  out/s %s  rows %d  %s", rate(n.in.perSecond()), rate(n.out.perSecond()), n.Rows, strings.Join(n.Listening, " ")))
	}
	var b strings.Builder
	for i, name := range tabs {
		if i == p.tab {
			name = "[::r]" + plain("["+name+"]") + "[::-] "
		} else {
			name = " " + name + "  "
		}
		b.WriteString(strconv.Itoa(i+1) + name)
	}
	return line + "\n" + b.String() + " " + plain(p.tailState(m))
}

// tailState says what of the tail is shown.
func (p *nodePage) tailState(m *Model) string {
	switch {
	case p.tab != tabTail:
		return ""
	case p.paused:
		return "PAUSED (space goes on)"
	case !m.tail.told:
		return "waiting for the table"
	case len(m.tail.rows) == 0:
		return "the table is empty"
	case m.tail.skipped > 0:
		return fmt.Sprintf("following; %d rows came too fast to be shown", m.tail.skipped)
	}
	return "following"
}

func (p *nodePage) renewTail(m *Model, width int) {
	t := &m.tail
	if p.paused {
		t = &p.stopped
	}
	p.table.SetContent(&tailList{tail: t, width: width})
	p.table.SetFixed(1, 1)
	if !p.paused {
		_, column := p.table.GetOffset()
		p.table.ScrollToEnd()
		row, _ := p.table.GetOffset()
		p.table.SetOffset(row, column)
	}
}
