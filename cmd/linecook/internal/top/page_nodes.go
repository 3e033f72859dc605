package top

import (
	"fmt"
	"slices"

	"github.com/gdamore/tcell/v2"
	"github.com/rivo/tview"
)

// A nodesPage is the list of nodes, with the end of the log where there is one.
type nodesPage struct {
	*tview.Flex
	ui     *ui
	table  *tview.Table
	log    *tview.TextView // nil if there is none
	input  *tview.InputField
	search bool // the filter is being typed

	order  order
	filter filter
	chosen string // path
	shown  nodeList
}

// logPane is how many lines of the log are shown below the nodes, its head included.
const logPane = 5

func newNodesPage(u *ui) *nodesPage {
	p := &nodesPage{Flex: tview.NewFlex().SetDirection(tview.FlexRow), ui: u, table: newTable(true)}
	p.SetBackgroundColor(tcell.ColorDefault)
	p.table.SetContent(&p.shown)
	p.table.SetSelectionChangedFunc(func(row, _ int) { p.chosen = p.shown.path(row) })
	p.input = tview.NewInputField().SetLabel("show nodes: ").SetLabelStyle(tcell.StyleDefault.Bold(true)).SetFieldStyle(tcell.StyleDefault.Underline(true))
	p.input.SetBackgroundColor(tcell.ColorDefault)
	p.input.SetChangedFunc(func(text string) { p.filter = newFilter(text) })
	p.input.SetDoneFunc(p.typed)
	if u.log != nil {
		p.log = newText(false).SetWrap(false)
	}
	p.lay()
	return p
}

// lay lays the page out.
func (p *nodesPage) lay() {
	p.Clear()
	p.AddItem(p.table, 0, 1, true)
	if p.log != nil {
		p.AddItem(p.log, logPane, 0, false)
	}
	if p.search {
		p.AddItem(p.input, 1, 0, false)
	}
}

// typed ends the typing of a filter: with Esc there is none.
func (p *nodesPage) typed(key tcell.Key) {
	if key == tcell.KeyEscape {
		p.input.SetText("")
	}
	p.search = false
	p.input.Blur()
	p.lay()
}

func (p *nodesPage) typing() *tview.InputField {
	if p.search {
		return p.input
	}
	return nil
}

func (p *nodesPage) press(key *tcell.EventKey) {
	switch {
	case choose(p.table, len(p.shown.nodes), key):
	case key.Key() == tcell.KeyEnter:
		if row, _ := p.table.GetSelection(); p.shown.path(row) != "" {
			p.ui.show(newNodePage(p.ui, p.shown.path(row)))
		}
	case key.Key() == tcell.KeyEscape:
		p.input.SetText("")
	case isKey(key, tcell.KeyLeft, '<'):
		p.sortBy(p.order.by - 1)
	case isKey(key, tcell.KeyRight, '>'):
		p.sortBy(p.order.by + 1)
	case key.Key() == tcell.KeyRune:
		p.command(key.Rune())
	}
}

// command does what a character does.
func (p *nodesPage) command(r rune) {
	by := slices.IndexFunc(columns, func(c column) bool { return c.key == r })
	switch {
	case r == '/':
		p.search = true
		p.input.Focus(func(tview.Primitive) {})
		p.lay()
	case r == 'r':
		p.order.backward = !p.order.backward
	case r == 'U':
		p.order = order{}
	case by >= 0 && p.order.by == by+1:
		p.order.backward = !p.order.backward
	case by >= 0:
		p.sortBy(by + 1)
	}
}

// sortBy sorts by a column and 1; 0 is the plan.
func (p *nodesPage) sortBy(by int) {
	n := len(columns) + 1
	p.order = order{by: (by + n) % n}
}

func (p *nodesPage) renew(width, height int) {
	p.shown.nodes = p.order.sorted(p.ui.model.nodes, p.filter)
	p.shown.order = p.order
	p.shown.lay(width)
	at := slices.IndexFunc(p.shown.nodes, func(n *node) bool { return n.Path == p.chosen })
	if row, _ := p.table.GetSelection(); row != at+1 || row == 0 {
		p.table.Select(max(at, 0)+1, 0)
	}
	if p.log == nil {
		return
	}
	p.ResizeItem(p.log, min(logPane, max(0, height-8)), 0)
	p.log.SetText(p.ui.logText(logPane-1, "log"))
}

func (p *nodesPage) look() look { return look{} }

func (p *nodesPage) title() string {
	text := fmt.Sprintf("nodes %d", len(p.ui.model.nodes))
	if p.filter.text != "" {
		text = fmt.Sprintf("nodes %d of %d: %s", len(p.shown.nodes), len(p.ui.model.nodes), p.filter.text)
	}
	return text + "  by " + p.order.String()
}

func (p *nodesPage) keys() string {
	if p.search {
		return "words or patterns as fad* ?n ^out   " + keyText("Enter", "keep") + keyText("Esc", "show all")
	}
	log := ""
	if p.log != nil {
		log = keyText("l", "log")
	}
	return keyText("Enter", "open") + keyText("/", "filter") + keyText("< >", "sort") + keyText("r", "reverse") +
		keyText("e", "errors") + log + keyText("?", "help") + keyText("q", "quit")
}

// keyText says what a key does.
func keyText(key, does string) string { return tagBold + key + tagEnd + " " + does + "  " }
