package top_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/gdamore/tcell/v2"

	"linecook.dev/linecook/cmd/linecook/internal/top"
)

// TestAnyKeys presses keys and resizes the screen as it comes, while nodes come and go. Nothing may
// break, and q ends it from wherever that has led.
func TestAnyKeys(t *testing.T) {
	m := newFakeMonitor(t, "/a", "/net/b", "/c")
	m.answer("/api/node", `{"path":"/a","rows":3,"end":3,"faults":[{"kind":"cook","lastError":"x"}],"failures":[{"error":"y"}]}`)
	m.answer("/api/peers", `{"peers":[{"address":"127.0.0.1","port":1}]}`)
	m.answer("/api/errors", `{"errors":[{"node":"/a","kind":"cook","active":true,"lastError":"x"},{"node":"/gone"}]}`)
	c, err := top.NewClient(m.URL, "")
	if err != nil {
		t.Fatal(err)
	}
	var log top.Log
	s := run(t, top.Config{Client: c, Log: &log}, newScreen(t, 80, 24))
	feed := <-m.feeds
	special := []tcell.Key{
		tcell.KeyEnter, tcell.KeyEscape, tcell.KeyTab, tcell.KeyBacktab, tcell.KeyUp, tcell.KeyDown, tcell.KeyLeft, tcell.KeyRight,
		tcell.KeyPgUp, tcell.KeyPgDn, tcell.KeyHome, tcell.KeyEnd, tcell.KeyBackspace2, tcell.KeyCtrlL,
	}
	const letters = "/?el<>rUNYSIOXRTMPDEjkgGh1234 ab*[^"
	seed := rand.Uint64()
	t.Logf("the seed is %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	for i := range 400 {
		switch n := r.IntN(20); {
		case n == 0:
			width, height := 1+r.IntN(120), 1+r.IntN(40)
			s.SetSize(width, height)
			_ = s.PostEvent(tcell.NewEventResize(width, height)) // without it the size is found out later
		case n == 1:
			m.graph(i, []string{"/a", "/net/b", "/c"}[:r.IntN(4)]...)
			m.say(feed, `%s,"nodes":[{"i":0,"s":"ok","n":%d}],"tails":{"/a":{"columns":["x"],"end":1,"n":1,"reset":true,"rows":[[0,1]]}}}`, head(i, i), i)
		case n == 2:
			fmt.Fprintf(&log, "line %d\n", i)
		case n < 9:
			s.InjectKey(special[r.IntN(len(special))], 0, tcell.ModNone)
		default:
			s.press(string(letters[r.IntN(len(letters))]))
		}
	}
	s.InjectKey(tcell.KeyEnter, 0, tcell.ModNone) // if a filter is being typed
	s.press("q")
	if err := s.wantEnd(); err != nil {
		t.Errorf("Run = %v", err)
	}
	if strings.Contains(s.String(), "\x1b") {
		t.Errorf("the screen has an escape:\n%q", s)
	}
}
