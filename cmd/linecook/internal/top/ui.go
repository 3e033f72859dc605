package top

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/gdamore/tcell/v2"
	"github.com/rivo/tview"
)

// drawEvery is how often what has changed is drawn.
const drawEvery = 100 * time.Millisecond

// A ui is the screen, and what its keys do. Its goroutine is that of loop.
type ui struct {
	screen   tcell.Screen
	follower *follower
	log      *Log
	model    Model

	pages  []page // the last one is shown
	nodes  *nodesPage
	head   *tview.TextView
	foot   *tview.TextView
	layout *tview.Flex
	ended  bool
	stale  bool // something has changed since it was drawn
	logged uint64
}

// A page is what is between the head and the foot of the screen.
type page interface {
	tview.Primitive
	renew(width, height int)   // shows what the model has now
	press(key *tcell.EventKey) // a key that does nothing in general
	keys() string              // the most useful keys, for the foot
	look() look                // what it needs of the engine
	typing() *tview.InputField // takes all keys if it is not nil
	title() (text string)      // plain text
}

func newUI(s tcell.Screen, f *follower, log *Log) *ui {
	u := &ui{screen: s, follower: f, log: log, head: newText(true).SetWrap(false), foot: newText(true).SetWrap(false)}
	u.nodes = newNodesPage(u)
	u.show(u.nodes)
	return u
}

// sources are where what a ui does comes from.
type sources struct {
	events  <-chan tcell.Event
	changes <-chan func(*Model)
	ended   <-chan error // of the follower
}

// loop shows what changes tell and does what keys say until the user has enough, ctx ends, or the
// follower has.
func (u *ui) loop(ctx context.Context, from sources) error {
	tick := time.NewTicker(drawEvery)
	defer tick.Stop()
	for u.draw(); !u.ended; {
		select {
		case <-ctx.Done():
			return nil
		case err := <-from.ended:
			return err
		case change := <-from.changes:
			change(&u.model)
			u.stale = true
		case e, ok := <-from.events:
			if !ok {
				return nil
			}
			if err := u.event(e); err != nil {
				return err
			}
			u.draw()
		case <-tick.C:
			if u.stale || u.hasLogged() || !u.model.connected {
				u.draw()
			}
		}
	}
	return nil
}

func (u *ui) event(e tcell.Event) error {
	switch e := e.(type) {
	case *tcell.EventKey:
		u.press(e)
	case *tcell.EventResize:
		u.screen.Sync()
	case *tcell.EventError:
		return fmt.Errorf("the terminal: %w", errors.New(e.Error()))
	}
	return nil
}

func (u *ui) hasLogged() bool {
	if u.log == nil {
		return false
	}
	_, written := u.log.newest(0)
	return written != u.logged
}

// top is the page that is shown.
func (u *ui) top() page { return u.pages[len(u.pages)-1] }

// show puts a page before the others.
func (u *ui) show(p page) {
	u.pages = append(u.pages, p)
	u.turn()
}

// back goes to the page before.
func (u *ui) back() {
	if len(u.pages) > 1 {
		u.pages = u.pages[:len(u.pages)-1]
		u.turn()
	}
}

// turn lays the screen out for the page that is shown.
func (u *ui) turn() {
	u.layout = tview.NewFlex().SetDirection(tview.FlexRow).
		AddItem(u.head, 2, 0, false).AddItem(u.top(), 0, 1, true).AddItem(u.foot, 1, 0, false)
	u.layout.SetBackgroundColor(tcell.ColorDefault)
	l := u.top().look()
	u.model.openNode(l.node)
	u.follower.want(l)
}

func (u *ui) press(key *tcell.EventKey) {
	if key.Key() == tcell.KeyCtrlC {
		u.ended = true
		return
	}
	if in := u.top().typing(); in != nil {
		in.InputHandler()(key, func(tview.Primitive) {})
		return
	}
	switch key.Key() {
	case tcell.KeyCtrlL:
		u.screen.Sync()
		return
	case tcell.KeyEscape, tcell.KeyBackspace, tcell.KeyBackspace2:
		if len(u.pages) > 1 {
			u.back()
			return
		}
	case tcell.KeyRune:
		if u.command(key.Rune()) {
			return
		}
	}
	u.top().press(key)
}

// command does what a key does on all pages, and reports whether it does something.
func (u *ui) command(r rune) bool {
	switch r {
	case 'q':
		u.ended = true
	case '?':
		u.open(newHelpPage(u))
	case 'e':
		u.open(newErrorsPage(u))
	case 'l':
		if u.log == nil {
			return false
		}
		u.open(newLogPage(u))
	default:
		return false
	}
	return true
}

// open goes to a page that any other one leads to: back to it if it lies below already, and back from it
// if it is shown.
func (u *ui) open(p page) {
	kind := reflect.TypeOf(p)
	at := slices.IndexFunc(u.pages, func(old page) bool { return reflect.TypeOf(old) == kind })
	switch at {
	case -1:
		u.show(p)
	case len(u.pages) - 1:
		u.back()
	default:
		u.pages = u.pages[:at+1]
		u.turn()
	}
}

func (u *ui) draw() {
	width, height := u.screen.Size()
	u.stale = false
	if u.log != nil {
		_, u.logged = u.log.newest(0)
	}
	u.head.SetText(u.headText(width))
	u.top().renew(width, height-3)
	u.foot.SetText(u.top().keys())
	u.screen.HideCursor()
	u.layout.SetRect(0, 0, width, height)
	u.layout.Draw(u.screen)
	u.screen.Show()
}

// headText is the two lines at the top.
func (u *ui) headText(width int) string {
	m := &u.model
	speed := "on arrival"
	if m.engine.Mode != "arrival" {
		speed = fmt.Sprintf("%g fps", m.engine.FPS)
	}
	errs := fmt.Sprintf("errors %d", m.head.Errors)
	if m.head.Errors > 0 {
		errs = tagBad + errs + tagEnd
	}
	state, right := u.state()
	left := fmt.Sprintf("%s%s%s  %s  frame %d  %s", tagBold, plain(m.engine.Patch), tagEnd, speed, m.head.Frame, clock(m.head.Time))
	second := fmt.Sprintf("late %d  skipped %d  cooks/s %s  %s  %s", m.head.Late, m.head.Skipped, rate(m.total.perSecond()), errs, plain(u.top().title()))
	space := width - tview.TaggedStringWidth(left) - tview.TaggedStringWidth(state)
	first := left + strings.Repeat(" ", max(2, space)) + state
	if right != "" {
		second = right
	}
	return first + "\n" + second
}

// state says whether the engine is heard, and if it is not, why.
func (u *ui) state() (state, reason string) {
	m := &u.model
	switch {
	case m.connected:
		return tagGood + "connected" + tagEnd, ""
	case m.why == nil:
		return "connecting", ""
	}
	state = fmt.Sprintf("%sNOT CONNECTED %s%s", tagBad, ago(time.Since(m.since).Seconds()), tagEnd)
	wait := max(0, time.Until(m.again)).Seconds()
	return state, fmt.Sprintf("tried again in %.0f s: %s%s%s", wait, tagBad, plain(m.why.Error()), tagEnd)
}
