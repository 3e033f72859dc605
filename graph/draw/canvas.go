package draw

import "strings"

// The directions in which lines leave a cell.
const (
	up = 1 << iota
	down
	left
	right
)

// A cell is a place of a canvas: a character, or lines.
type cell struct {
	char    rune
	lines   int // directions
	net     net
	crossed bool // lines of two nets meet, and do not touch
	broken  bool
}

// A canvas is what is drawn, by rows and columns from 0.
type canvas struct{ rows [][]cell }

func (c *canvas) at(row, col int) *cell {
	for len(c.rows) <= row {
		c.rows = append(c.rows, nil)
	}
	for len(c.rows[row]) <= col {
		c.rows[row] = append(c.rows[row], cell{})
	}
	return &c.rows[row][col]
}

func (c *canvas) text(row, col int, s string) {
	for _, r := range s {
		c.at(row, col).char = r
		col++
	}
}

func (c *canvas) line(row, col, directions int, n net) {
	at := c.at(row, col)
	at.crossed = at.crossed || at.lines != 0 && at.net != n
	at.lines |= directions
	at.net = n
	at.broken = n.ref
}

// vertical draws from the top of one cell to the bottom of another.
func (c *canvas) vertical(col, from, to int, n net) {
	for row := from; row <= to; row++ {
		c.line(row, col, up|down, n)
	}
}

// horizontal draws between the middles of two cells.
func (c *canvas) horizontal(row, from, to int, n net) {
	for col := from; col < to; col++ {
		c.line(row, col, right, n)
		c.line(row, col+1, left, n)
	}
}

// box draws a frame with lines in it.
func (c *canvas) box(row int, b *box) {
	inner := b.w - 2
	c.text(row, b.x, "┌"+strings.Repeat("─", inner)+"┐")
	for i, line := range b.lines {
		c.text(row+1+i, b.x, "│"+strings.Repeat(" ", inner)+"│")
		c.text(row+1+i, b.x+2, line)
	}
	c.text(row+1+len(b.lines), b.x, "└"+strings.Repeat("─", inner)+"┘")
}

var lineChars = [...]rune{
	up: '╵', down: '╷', left: '╴', right: '╶', up | down: '│', left | right: '─', up | left: '┘', up | right: '└',
	down | left: '┐', down | right: '┌', up | down | left: '┤', up | down | right: '├', up | left | right: '┴',
	down | left | right: '┬', up | down | left | right: '●',
}

func (k cell) rune() rune {
	switch {
	case k.char != 0:
		return k.char
	case k.lines == 0:
		return ' '
	case k.crossed:
		return '┼'
	case k.broken && k.lines == up|down:
		return '┆'
	case k.broken && k.lines == left|right:
		return '┄'
	}
	return lineChars[k.lines]
}

func (c *canvas) String() string {
	var b strings.Builder
	for _, row := range c.rows {
		var line strings.Builder
		for _, k := range row {
			line.WriteRune(k.rune())
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
	return b.String()
}
