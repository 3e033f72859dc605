package top_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/gdamore/tcell/v2"
	"go.uber.org/goleak"

	"linecook.dev/linecook/cmd/linecook/internal/top"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// head is what an update of the feed begins with, at a second.
func head(second int, generation int) string {
	return fmt.Sprintf(`{"wall":%[1]d,"frame":%d,"time":%[1]d,"generation":%[3]d,"cooks":%[4]d,"errors":0`, second, 60*second, generation, 30*second)
}

var pathOfLine = regexp.MustCompile(`(?m)^(/\S*) `)

// order returns the nodes of a screen from top to bottom.
func order(text string) (paths []string) {
	for _, m := range pathOfLine.FindAllStringSubmatch(text, -1) {
		paths = append(paths, m[1])
	}
	return paths
}

func TestRatesSortAndFilter(t *testing.T) {
	m := newFakeMonitor(t, "/slow", "/fast", "/net/off")
	s := show(t, m, 100, 12)
	feed := <-m.feeds
	m.say(feed, `%s,"nodes":[{"i":0,"s":"ok","in":1000,"ev":7},{"i":1,"s":"ok","out":10},{"i":2,"s":"inactive"}]}`, head(100, 1))
	s.until(`(?s)/slow .*/fast .*/net/off .* inactive +- +- +-`) // what is not known yet is no number
	m.say(feed, `%s,"nodes":[{"i":0,"s":"ok","in":1001,"ev":10,"n":12345},{"i":1,"s":"error","in":4000,"out":50010,"lost":3,"e":2,"p":1,"avg":1500}]}`, head(102, 1))
	s.until(`cooks/s 30 `)
	text := s.until(`/slow +oscin +ok +2.0 +0 +0 +12.3k`)
	s.until(`/fast +oscin +error +2000 +25.0k +0 +0 +1.5µs +0ns +1 +3 +2`)
	if got, want := order(text), []string{"/slow", "/fast", "/net/off"}; !slices.Equal(got, want) {
		t.Errorf("at first the order is %q, want that of the plan, %q", got, want)
	}
	for _, tt := range []struct {
		keys, until string
		want        []string
	}{
		{"I", "in/s↓", []string{"/fast", "/slow", "/net/off"}},
		{"I", "in/s↑", []string{"/net/off", "/slow", "/fast"}},
		{"S", "state↑", []string{"/fast", "/net/off", "/slow"}},
		{"N", "node↑", []string{"/fast", "/net/off", "/slow"}},
		{"r", "node↓", []string{"/slow", "/net/off", "/fast"}},
		{">", "type↑", []string{"/slow", "/fast", "/net/off"}},
		{"<<", "by plan", []string{"/slow", "/fast", "/net/off"}},
		{"U/SL\r", "nodes 1 of 3: SL", []string{"/slow"}},
		{"/\x15^fast\r", `nodes 2 of 3: \^fast`, []string{"/slow", "/net/off"}},
		{"/\x15o?f\r", `nodes 1 of 3: o\?f`, []string{"/net/off"}},
		{"/\x15/n*\r", `nodes 1 of 3: /n\*`, []string{"/net/off"}},
		{"/\x15nothing\rjkGg\r", `nodes 0 of 3: nothing`, nil}, // there is none to be chosen or opened
		{"\x1b", "nodes 3 ", []string{"/slow", "/fast", "/net/off"}},
	} {
		s.type_(tt.keys)
		if got := order(s.until(tt.until)); !slices.Equal(got, tt.want) {
			t.Errorf("after keys %q the order is %q, want %q", tt.keys, got, tt.want)
		}
	}
	m.say(feed, `%s}`, head(104, 1)) // nothing has changed: the rates are 0
	s.until(`/fast +oscin +error +0 +0 `)
	s.press("q")
	if err := s.wantEnd(); err != nil {
		t.Errorf("Run = %v after q", err)
	}
}

// type_ presses keys, of which some are control characters.
func (s *shown) type_(keys string) {
	for _, r := range keys {
		switch r {
		case '\r':
			s.InjectKey(tcell.KeyEnter, 0, tcell.ModNone)
		case '\x1b':
			s.InjectKey(tcell.KeyEscape, 0, tcell.ModNone)
		case '\x15':
			s.InjectKey(tcell.KeyCtrlU, 0, tcell.ModNone)
		default:
			s.press(string(r))
		}
	}
}

// TestNothingIsTakenForACommand shows texts that mean something to terminals and to tview, wherever
// there may be some.
func TestNothingIsTakenForACommand(t *testing.T) {
	const evil = "\x1b]0;t\a\x1b[31m\u202e\u200b\x9b[red]x[:::h]"
	const shown = `\\x1b\]0;t\\a\\x1b\[31m\\u202e\\u200b\\u009b\[red\]x\[:::h\]`
	q := strings.NewReplacer("\x1b", `\u001b`, "\a", `\u0007`, "\x9b", "\u009b").Replace(evil)
	m := newFakeMonitor(t, "/"+strings.Replace(evil, "\x9b", "\u009b", 1))
	m.answer("/api/node", fmt.Sprintf(`{"path":"/%[1]s","help":"%[1]s","faults":[{"kind":"%[1]s","firstError":"%[1]s","lastError":"x\n%[1]s"}],
		"failures":[{"error":"%[1]s","row":1,"sample":"%[1]s"}],"params":[{"name":"%[1]s","value":"%[1]s"}],"inputs":["%[1]s"]}`, q))
	m.answer("/api/peers", fmt.Sprintf(`{"peers":[{"address":"%[1]s","hostname":"h%[1]s","protocol":"%[1]s"}]}`, q))
	m.answer("/api/errors", fmt.Sprintf(`{"errors":[{"node":"%[1]s","kind":"%[1]s","lastError":"x\n%[1]s"}]}`, q))
	s := show(t, m, 400, 30)
	feed := <-m.feeds
	m.say(feed, `%s,"nodes":[{"i":0,"s":"%s"}]}`, head(1, 1), q)
	check := func(where, pattern string) {
		t.Helper()
		text := s.until(pattern)
		if i := strings.IndexFunc(text, func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) }); i >= 0 {
			t.Errorf("%s shows %q", where, text[i:i+8])
		}
	}
	check("the list", "/"+shown)
	s.type_("\r")
	<-m.wishes
	<-m.wishes
	m.say(feed, `%s,"tails":{"/%s":{"columns":["c%[2]s"],"base":0,"end":1,"n":1,"reset":true,"rows":[[0,"v%[2]s"]]}}}`, head(1, 1), q)
	check("the tail", `(?s) c`+shown+`.* v`+shown)
	s.press("2")
	check("peers", `h`+shown)
	s.press("3")
	check("faults", `(?s)last: .*first: +`+shown+`.*row 1: `+shown)
	s.press("4")
	check("statistics", `reads +`+shown+`(?s:.*)`+shown+` `+shown)
	s.press("e")
	check("errors", `(?m)^`+shown)
}

func TestReconnects(t *testing.T) {
	m := newFakeMonitor(t, "/a")
	s := show(t, m, 100, 10)
	feed := <-m.feeds
	m.say(feed, `%s,"nodes":[{"i":0,"s":"ok","n":1}]}`, head(1, 1))
	s.until(`connected(?s:.*)/a +oscin +ok`)
	m.graph(7, "/b")
	if err := feed.CloseNow(); err != nil {
		t.Fatal(err)
	}
	s.until(`NOT CONNECTED(?s:.*)tried again in \d s`)
	feed = <-m.feeds
	m.say(feed, `%s,"nodes":[{"i":0,"s":"starved","n":1}]}`, head(1, 7))
	s.until(`connected(?s:.*)/b +oscin +starved`)
}

// TestFollowsEdits shows the nodes of an edited graph, and never counters of others under their names.
func TestFollowsEdits(t *testing.T) {
	m := newFakeMonitor(t, "/a", "/b")
	s := show(t, m, 100, 10)
	feed := <-m.feeds
	m.say(feed, `%s,"nodes":[{"i":0,"s":"ok","n":11},{"i":1,"s":"ok","n":22}]}`, head(1, 1))
	s.until(`/b +oscin +ok +- +- +- +22`)
	m.graph(3, "/new", "/b")
	m.say(feed, `%s,"nodes":[{"i":0,"s":"ok","n":99}]}`, head(2, 2)) // is of a graph between
	s.until(`/new +oscin +- (?s:.*)/b +oscin +ok +0 +0 +0 +22`)
	m.say(feed, `%s,"nodes":[{"i":0,"s":"ok","n":33},{"i":1,"s":"ok","n":44}]}`, head(3, 3))
	s.until(`/new +oscin +ok +- +- +- +33 (?s:.*)/b +oscin +ok +0 +0 +0 +44`)
}

// TestTail follows what the feed says, and has it anew where the feed cannot say it.
func TestTail(t *testing.T) {
	m := newFakeMonitor(t, "/a")
	m.answer("/api/node", `{"path":"/a","rows":2,"base":0,"end":2}`)
	s := show(t, m, 80, 16)
	feed := <-m.feeds
	m.say(feed, `%s,"nodes":[{"i":0,"s":"ok"}]}`, head(1, 1))
	s.until("/a +ok|/a +oscin")
	s.type_("\r")
	s.until("waiting for the table")
	for want := `{"nodes":true,"watch":[{"path":"/a","rows":200}]}`; ; {
		if got := <-m.wishes; got == want {
			break
		}
	}
	m.say(feed, `%s,"tails":{"/a":{"columns":["x","y"],"base":0,"end":2,"n":2,"reset":true,"rows":[[0,1,null],[1,{"t":"list","v":[1,"b"]}]]}}}`, head(1, 1))
	s.until(`row x +y(?s:.*)  0 1 (?s:.*)  1 \[1, b\] `)
	m.say(feed, `%s,"tails":{"/a":{"base":1,"end":10,"n":9,"skipped":7,"rows":[[9,{"t":"bytes","hex":"00ff"},"z"]]}}}`, head(1, 1))
	if text := s.until(`7 rows came too fast(?s:.*)  9 00ff +z`); strings.Contains(text, "  0 1 ") {
		t.Errorf("row 0 is shown, but the table begins with row 1:\n%s", text)
	}
	s.press(" ")
	s.until("PAUSED")
	m.say(feed, `%s,"tails":{"/a":{"base":1,"end":11,"n":10,"rows":[[10,"late"]]}}}`, head(1, 1))
	m.say(feed, `%s,"frames":1}`, head(77, 1))
	if text := s.until(`0:01:17`); strings.Contains(text, "late ") && !strings.Contains(text, "late 0") {
		t.Errorf("a row is shown while the tail is paused:\n%s", text)
	}
	s.press(" ")
	s.until(` 10 late`)
	m.answer("/api/node", `{"path":"/a","rows":1,"base":1,"end":11}`) // rows went out of the middle
	m.answer("/api/table", `{"columns":["x"],"base":1,"end":11,"n":1,"rows":[[4,"kept"]]}`)
	s.until(`row x +(?s:.*)  4 kept`)
	s.type_("\x1b")
	s.until("by plan")
}

// TestRefused says what is wrong with an address, and never touches the screen.
func TestRefused(t *testing.T) {
	answer := func(status int, body string) string {
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			fmt.Fprint(w, body)
		}))
		t.Cleanup(srv.Close)
		return srv.URL
	}
	colours := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		fmt.Fprint(conn, "HTTP/1.1 404 \x1b[31mno\r\nContent-Length: 0\r\n\r\n")
		conn.Close()
	}))
	defer colours.Close()
	nobody, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer nobody.Close()
	dead := "http://" + nobody.Addr().String()
	_ = nobody.Close()
	tests := []struct {
		name, address, want string
		refused             bool
	}{
		{"wrong token", answer(401, `{"error":"the token is wrong: take the one\u001b"}`), `the token is wrong: take the one\x1b`, true},
		{"a page of something else", answer(200, "<html>"), "is no monitor of linecook", true},
		{"another service", answer(404, "nothing here"), "is no monitor of linecook: 404", true},
		{"another service, in colours", colours.URL, `is no monitor of linecook: 404 \x1b[31mno`, true},
		{"nobody", dead, "connection refused; is linecook running there, with --monitor?", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, err := top.NewClient(tt.address, "")
			if err != nil {
				t.Fatal(err)
			}
			err = top.Config{Client: c}.Run(t.Context()) // with the terminal's screen, which there may be none of
			_, refused := errors.AsType[*top.RefusedError](err)
			_, unreachable := errors.AsType[*top.UnreachableError](err)
			if err == nil || !strings.Contains(err.Error(), tt.want) || refused != tt.refused || unreachable == tt.refused {
				t.Errorf("Run = %T %v, want %q, refused %t", err, err, tt.want, tt.refused)
			}
		})
	}
}

// TestTokenIsBrought finds the token in the address, or takes the one beside it.
func TestTokenIsBrought(t *testing.T) {
	got := make(chan string, 1)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got <- r.Header.Get("Authorization") + r.URL.RawQuery
		w.WriteHeader(http.StatusTeapot)
	}))
	defer srv.Close()
	for suffix, want := range map[string]string{"/?token=abc": "Bearer abc", "": "Bearer env"} {
		c, err := top.NewClient(srv.URL+suffix, "env")
		if err != nil {
			t.Fatal(err)
		}
		if err := (top.Config{Client: c}).Run(t.Context()); err == nil {
			t.Error("Run at a teapot = nil")
		}
		if auth := <-got; auth != want {
			t.Errorf("top at %q sends %q, want %q", suffix, auth, want)
		}
	}
}

// TestGivesTheScreenBack when it panics, and when its context ends.
func TestGivesTheScreenBack(t *testing.T) {
	m := newFakeMonitor(t, "/a")
	s := show(t, m, 80, 24)
	<-m.feeds
	s.stop()
	if err := s.wantEnd(); err != nil {
		t.Errorf("Run = %v after its context has ended", err)
	}
	c, err := top.NewClient(m.URL, "")
	if err != nil {
		t.Fatal(err)
	}
	broken := newScreen(t, 80, 24)
	broken.panics = true
	if err := run(t, top.Config{Client: c}, broken).wantEnd(); err == nil || !strings.Contains(err.Error(), "the screen is broken") {
		t.Errorf("Run with a screen that panics = %v, want that", err)
	}
}

func TestIsAddress(t *testing.T) {
	for text, want := range map[string]string{
		"http://a:1/?token=x": "http://a:1/?token=x", "localhost:7700": "http://localhost:7700", ":7700": "http://127.0.0.1:7700",
		"[::1]:7700": "http://[::1]:7700", "show.yaml": "", "dir:7/show.yaml": "", "a:b": "", "a:": "",
	} {
		if got, ok := top.IsAddress(text); got != want || ok != (want != "") {
			t.Errorf("IsAddress(%q) = %q, %t, want %q", text, got, ok, want)
		}
	}
}

// TestPipe connects in this process only, and ends.
func TestPipe(t *testing.T) {
	p := top.NewPipe()
	far := make(chan net.Conn, 1)
	go func() {
		c, err := p.Accept()
		if err != nil {
			t.Error(err)
		}
		far <- c
	}()
	near, err := p.Dial(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c := <-far
	go func() { _, _ = near.Write([]byte("x")) }()
	if n, err := c.Read(make([]byte, 2)); n != 1 || err != nil {
		t.Errorf("Read = %d, %v, want 1", n, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := p.Dial(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("Dial, while nobody accepts, = %v when its context has ended", err)
	}
	if err := errors.Join(p.Close(), p.Close()); err != nil {
		t.Error(err)
	}
	if _, err := p.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("Accept = %v after Close", err)
	}
	if _, err := p.Dial(t.Context()); !errors.Is(err, net.ErrClosed) {
		t.Errorf("Dial = %v after Close", err)
	}
}
