package top

import (
	"fmt"
	"slices"

	"github.com/gdamore/tcell/v2"
	"github.com/rivo/tview"
)

// An errorsPage is the faults of all nodes, with the text of the chosen one below.
type errorsPage struct {
	*tview.Flex
	ui     *ui
	table  *tview.Table
	detail *tview.TextView
	chosen [2]string // node and kind
}

func newErrorsPage(u *ui) *errorsPage {
	p := &errorsPage{Flex: tview.NewFlex().SetDirection(tview.FlexRow), ui: u, table: newTable(true), detail: newText(false)}
	p.SetBackgroundColor(tcell.ColorDefault)
	p.table.SetSelectionChangedFunc(func(row, _ int) {
		if f := p.fault(row); f != nil {
			p.chosen = [2]string{f.Node, f.Kind}
		}
	})
	p.AddItem(p.table, 0, 1, true)
	p.AddItem(p.detail, 5, 0, false)
	return p
}

func (p *errorsPage) fault(row int) *fault {
	if row < 1 || row > len(p.ui.model.faults) {
		return nil
	}
	return &p.ui.model.faults[row-1]
}

func (p *errorsPage) look() look                { return look{errors: true} }
func (p *errorsPage) typing() *tview.InputField { return nil }
func (p *errorsPage) title() string             { return "the faults of all nodes" }
func (p *errorsPage) keys() string {
	return keyText("Esc", "back") + keyText("Enter", "open the node") + keyText("?", "help") + keyText("q", "quit")
}

func (p *errorsPage) press(key *tcell.EventKey) {
	if choose(p.table, len(p.ui.model.faults), key) || key.Key() != tcell.KeyEnter {
		return
	}
	row, _ := p.table.GetSelection()
	if f := p.fault(row); f != nil {
		n := newNodePage(p.ui, f.Node)
		n.turn(tabFaults)
		p.ui.show(n)
	}
}

func (p *errorsPage) renew(width, _ int) {
	faults := p.ui.model.faults
	p.table.Clear()
	for i, title := range []string{"state", "node", "kind", "count", "last", "error"} {
		p.table.SetCell(0, i, headCell(title))
	}
	for i, f := range faults {
		state, style := "over", tcell.StyleDefault
		if f.Active {
			state, style = "ACTIVE", styleMarks["error"]
		}
		for c, text := range []string{
			state, pathText(f.Node, max(12, width/4)), f.Kind, count(f.Count), ago(p.ui.model.head.Time - f.LastTime), cutCell(f.LastError, width),
		} {
			p.table.SetCell(i+1, c, cell(text, style))
		}
	}
	if len(faults) == 0 {
		p.table.SetCell(1, 0, cell("none", tcell.StyleDefault))
	}
	at := slices.IndexFunc(faults, func(f fault) bool { return f.Node == p.chosen[0] && f.Kind == p.chosen[1] })
	if row, _ := p.table.GetSelection(); row != at+1 || row == 0 {
		p.table.Select(max(at, 0)+1, 0)
	}
	row, _ := p.table.GetSelection()
	p.detail.SetText("")
	if f := p.fault(row); f != nil {
		p.detail.SetText(fmt.Sprintf("%s, %s, ×%d since frame %d:\n%s", clean(f.Node), clean(f.Kind), f.Count, f.FirstFrame, cleanLines(f.LastError)))
	}
}
