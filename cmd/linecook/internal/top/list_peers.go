package top

import (
	"strconv"

	"github.com/gdamore/tcell/v2"
	"github.com/rivo/tview"
)

// fillPeers makes t show peers, as they are at a second.
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
