package top

import (
	"unicode/utf8"

	"github.com/rivo/tview"
)

// A nodeList is the content of the table of nodes.
type nodeList struct {
	tview.TableContentReadOnly
	nodes   []*node
	order   order
	columns []int // that have room
	first   int   // width of the first one
}

// lay chooses what has room.
func (l *nodeList) lay(width int) {
	longest := 0
	for _, n := range l.nodes {
		longest = max(longest, utf8.RuneCountInString(n.Path))
	}
	l.columns, l.first = fit(width, longest)
}

// path returns the path of the node in a row of the table; empty if there is none.
func (l *nodeList) path(row int) string {
	if row < 1 || row > len(l.nodes) {
		return ""
	}
	return l.nodes[row-1].Path
}

// GetRowCount implements [tview.TableContent].
func (l *nodeList) GetRowCount() int { return len(l.nodes) + 1 }

// GetColumnCount implements [tview.TableContent].
func (l *nodeList) GetColumnCount() int { return len(l.columns) }

// GetCell implements [tview.TableContent].
func (l *nodeList) GetCell(row, at int) *tview.TableCell {
	if row < 0 || row > len(l.nodes) || at < 0 || at >= len(l.columns) {
		return nil
	}
	i := l.columns[at]
	c, width := columns[i], columns[i].width
	if i == 0 {
		width = l.first
	}
	if row == 0 {
		return headCell(pad(l.head(i), width, c.left))
	}
	n := l.nodes[row-1]
	text := c.text(n)
	if i == 0 {
		text = pathText(text, width)
	}
	out := rightCell(text, styleMarks[n.State])
	if c.left {
		out.Align = tview.AlignLeft
	}
	out.MaxWidth = width
	return out
}

// head is a column's title, with an arrow if the nodes are sorted by it.
func (l *nodeList) head(i int) string {
	if l.order.by != i+1 {
		return columns[i].title
	}
	if columns[i].falling != l.order.backward {
		return columns[i].title + "↓"
	}
	return columns[i].title + "↑"
}
