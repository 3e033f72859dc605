package top

import (
	"strconv"
	"strings"

	"github.com/gdamore/tcell/v2"
	"github.com/rivo/tview"
)

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
