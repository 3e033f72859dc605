package top_test

import (
	"context"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gdamore/tcell/v2"

	"linecook.dev/linecook/cmd/linecook/internal/top"
)

// patience is how long a test waits for what must come.
const patience = 20 * time.Second

// A screen is a simulated one that can be read while it is drawn.
type screen struct {
	tcell.SimulationScreen
	t      *testing.T
	panics bool // when it is drawn

	mu     sync.Mutex
	text   string
	ended  int           // how often it was given back
	change chan struct{} // rings when it was drawn
}

func newScreen(t *testing.T, width, height int) *screen {
	t.Helper()
	s := &screen{SimulationScreen: tcell.NewSimulationScreen("UTF-8"), t: t, change: make(chan struct{}, 1)}
	if err := s.Init(); err != nil {
		t.Fatal(err)
	}
	s.SetSize(width, height)
	return s
}

// Show implements [tcell.Screen].
func (s *screen) Show() {
	if s.panics {
		panic("the screen is broken")
	}
	s.SimulationScreen.Show()
	cells, width, _ := s.GetContents()
	var b strings.Builder
	for i, c := range cells {
		b.WriteString(string(c.Runes))
		if (i+1)%width == 0 {
			b.WriteByte('\n')
		}
	}
	s.mu.Lock()
	s.text = b.String()
	s.mu.Unlock()
	select {
	case s.change <- struct{}{}:
	default:
	}
}

// Fini implements [tcell.Screen].
func (s *screen) Fini() {
	s.mu.Lock()
	s.ended++
	s.mu.Unlock()
	s.SimulationScreen.Fini()
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text
}

// until waits until the screen matches, and returns it.
func (s *screen) until(pattern string) string {
	s.t.Helper()
	want := regexp.MustCompile(pattern)
	late := time.After(patience)
	for !want.MatchString(s.String()) {
		select {
		case <-s.change:
		case <-late:
			s.t.Fatalf("the screen never was like %q; it is:\n%s", pattern, s)
		}
	}
	return s.String()
}

// press presses keys that are characters.
func (s *screen) press(keys string) {
	for _, r := range keys {
		s.InjectKey(tcell.KeyRune, r, tcell.ModNone)
	}
}

// A shown is top as it runs.
type shown struct {
	*screen
	ended chan error
	stop  context.CancelFunc
}

// show runs top on a screen of that size.
func show(t *testing.T, m *fakeMonitor, width, height int) *shown {
	t.Helper()
	c, err := top.NewClient(m.URL, "")
	if err != nil {
		t.Fatal(err)
	}
	return run(t, top.Config{Client: c}, newScreen(t, width, height))
}

func run(t *testing.T, config top.Config, s *screen) *shown {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	config.Screen = s
	out := &shown{s, make(chan error, 1), stop}
	go func() { out.ended <- config.Run(ctx) }()
	t.Cleanup(stop)
	return out
}

// wantEnd waits until top has ended, which must have given the screen back.
func (s *shown) wantEnd() error {
	s.t.Helper()
	select {
	case err := <-s.ended:
		if s.screen.ended != 1 {
			s.t.Errorf("Run has given the screen back %d times, want once", s.screen.ended)
		}
		return err
	case <-time.After(patience):
		s.t.Fatal("Run does not end")
		return nil
	}
}
