package top

import (
	"github.com/gdamore/tcell/v2"
	"github.com/rivo/tview"
)

// choose moves the choice in a table as a key says, and reports whether it does say that. The table has a
// head and so many rows. (A tview.Table itself looks for ever for a row that can be chosen if there is none.)
func choose(t *tview.Table, rows int, key *tcell.EventKey) bool {
	row, _ := t.GetSelection()
	_, _, _, height := t.GetInnerRect()
	switch page := max(1, height-1); {
	case isKey(key, tcell.KeyUp, 'k'):
		row--
	case isKey(key, tcell.KeyDown, 'j'):
		row++
	case isKey(key, tcell.KeyPgUp, 0):
		row -= page
	case isKey(key, tcell.KeyPgDn, 0):
		row += page
	case isKey(key, tcell.KeyHome, 'g'):
		row = 1
	case isKey(key, tcell.KeyEnd, 'G'):
		row = rows
	default:
		return false
	}
	t.Select(max(1, min(row, rows)), 0)
	return true
}

// isKey reports whether a key is a special one or a character.
func isKey(key *tcell.EventKey, special tcell.Key, r rune) bool {
	return key.Key() == special || key.Key() == tcell.KeyRune && key.Rune() == r
}
