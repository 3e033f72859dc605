package top

import (
	"fmt"
	"strconv"
	"strings"
	"time"

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
	own := ""
	if p.tab == tabTail {
		own = keyText("space", "pause")
	}
	return keyText("Esc", "back") + keyText("Tab 1-4", strings.Join(tabs, " ")) + own + keyText("?", "help") + keyText("q", "quit")
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
		p.stopped.rows = append([]row(nil), p.stopped.rows...)
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

// A tailList is the content of a table that shows a tail.
type tailList struct {
	tview.TableContentReadOnly
	tail  *tail
	width int
}

// GetRowCount implements [tview.TableContent].
func (l *tailList) GetRowCount() int { return len(l.tail.rows) + 1 }

// GetColumnCount implements [tview.TableContent].
func (l *tailList) GetColumnCount() int { return len(l.tail.columns) + 1 }

// GetCell implements [tview.TableContent].
func (l *tailList) GetCell(row, column int) *tview.TableCell {
	switch {
	case row < 0 || row > len(l.tail.rows) || column < 0 || column > len(l.tail.columns):
		return nil
	case row == 0 && column == 0:
		return headCell("row")
	case row == 0:
		return headCell(l.tail.columns[column-1])
	case column == 0:
		return rightCell(strconv.FormatUint(l.tail.rows[row-1].number, 10), tcell.StyleDefault.Dim(true))
	}
	c := cell(cutCell(l.tail.rows[row-1].cell(column-1), l.width), tcell.StyleDefault)
	c.MaxWidth = max(10, l.width/2)
	return c
}

// cutCell is as much of a cell as a line can show.
func cutCell(text string, width int) string {
	if len(text) <= 4*width {
		return text
	}
	return strings.ToValidUTF8(text[:4*width], "")
}

func fillPeers(t *tview.Table, peers []peer, now float64) {
	t.Clear()
	for i, title := range []string{"address", "by", "since", "msgs in", "bytes in", "msgs out", "bytes out", "failed", "queued", "id"} {
		t.SetCell(0, i, headCell(title))
	}
	for r, p := range peers {
		address := p.Address + ":" + strconv.Itoa(p.Port)
		if p.Hostname != "" && p.Hostname != p.Address {
			address += " " + p.Hostname
		}
		t.SetCell(r+1, 0, cell(address, tcell.StyleDefault))
		t.SetCell(r+1, 1, cell(p.Protocol, tcell.StyleDefault))
		t.SetCell(r+1, 2, cell(ago(now-p.SinceWall), tcell.StyleDefault))
		for i, text := range []string{
			count(p.MessagesIn), count(p.BytesIn), count(p.MessagesOut), count(p.BytesOut), count(p.Failed), count(p.Queued),
		} {
			t.SetCell(r+1, i+3, rightCell(text, tcell.StyleDefault))
		}
		t.SetCell(r+1, 9, cell(p.ID, tcell.StyleDefault))
	}
	if len(peers) == 0 {
		t.SetCell(1, 0, cell("no peers", tcell.StyleDefault))
	}
}

func faultsText(d *detail) string {
	var b strings.Builder
	for _, f := range d.Faults {
		state := "over"
		if f.Active {
			state = "ACTIVE"
		}
		fmt.Fprintf(&b, "%s  %s  ×%d, first in frame %d at %s, last in frame %d at %s\n",
			clean(f.Kind), state, f.Count, f.FirstFrame, clock(f.FirstTime), f.LastFrame, clock(f.LastTime))
		fmt.Fprintf(&b, "  last:  %s\n", indented(f.LastError))
		if f.FirstError != f.LastError {
			fmt.Fprintf(&b, "  first: %s\n", indented(f.FirstError))
		}
	}
	if len(d.Faults) == 0 {
		b.WriteString("no faults\n")
	}
	if len(d.Failures) > 0 {
		b.WriteString("\nthe newest failures, the newest first\n")
	}
	for i := len(d.Failures) - 1; i >= 0; i-- {
		f := d.Failures[i]
		fmt.Fprintf(&b, "frame %d at %s  %s  ×%d: %s\n", f.Frame, clock(f.Time), clean(f.Kind), f.Count, indented(f.Error))
		if f.Row != nil {
			fmt.Fprintf(&b, "  row %d: %s\n", *f.Row, clean(f.Sample))
		}
	}
	return b.String()
}

// indented is a text of several lines behind another text.
func indented(s string) string { return strings.ReplaceAll(cleanLines(s), "\n", "\n  ") }

func statsText(d *detail) string {
	var b strings.Builder
	line := func(name, format string, args ...any) {
		fmt.Fprintf(&b, "%-14s %s\n", clean(name), clean(fmt.Sprintf(format, args...)))
	}
	s := d.Stats
	fmt.Fprintf(&b, "%s\n\n", clean(d.Help))
	line("cooks", "%d; the last took %s, on the average %s, the longest %s, all %v", s.Cooks, took(s.LastNs), took(s.MeanNs), took(s.MaxNs), time.Duration(s.TotalNs).Round(time.Millisecond))
	line("rows", "%d in, %d out, %d expired; in the table now %d", s.RowsIn, s.RowsOut, s.Expired, d.Rows)
	line("arrived", "%d messages, %d bytes", s.Events, s.Bytes)
	line("sent", "%d messages", s.Sent)
	line("lost", "%d dropped, %d malformed, %d missed", s.Dropped, s.Malformed, s.Missed)
	line("held back", "%d times", s.Stalls)
	line("errors", "%d", s.Errors)
	for _, name := range sortedKeys(s.Counters) {
		line(name, "%d", s.Counters[name])
	}
	line("reads", "%s", none(append(d.Inputs, d.Refs...)))
	wanted := "no"
	if d.Why.Wanted {
		wanted = "by " + strings.Join(d.Why.WantedBy, ", ")
	}
	line("wanted", "%s", wanted)
	if c := d.Why.LastCook; c != nil {
		line("last cook", "frame %d at %s  %s", c.Frame, clock(c.Time), c.Reason)
	}
	for _, p := range d.Params {
		switch {
		case p.Expr != "":
			line(p.Name, "%s  %s", p.Value, p.Expr)
		case p.Value != p.Default:
			line(p.Name, "%s", p.Value)
		}
	}
	return b.String()
}

func none(list []string) string {
	if len(list) == 0 {
		return "nothing"
	}
	return strings.Join(list, ", ")
}
