package monitor_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"linecook.dev/linecook/cook/monitor"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// A lamp has a level that can be set, and a button.
type lamp struct {
	Level   int         `default:"5" min:"0" max:"10" unit:"lux" help:"how bright"`
	Flash   graph.Pulse `help:"be bright once"`
	flashes int64
}

func (l *lamp) Adopt(old graph.Operator) error { l.flashes = old.(*lamp).flashes; return nil }

func (l *lamp) Pulse(n *graph.Node, _ string) { l.flashes++; n.Touch() }

func (l *lamp) Cook(c *graph.Cook) error {
	w := c.Out()
	level, flashes := w.Col("level"), w.Col("flashes")
	w.Row()
	w.SetInt(level, int64(l.Level))
	w.SetInt(flashes, l.flashes)
	return nil
}

// post makes a request that is to change something, and returns its status and answer.
func (r *rig) post(path, body string, header ...string) (int, string) {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), "POST", r.server.URL+path, strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return res.StatusCode, string(text)
}

// asked are the headers of a request that may change something.
func (r *rig) asked() []string {
	return []string{"Origin", r.server.URL, "Authorization", "Bearer " + r.m.Token(), "Content-Type", "application/json"}
}

// lastRow returns the newest row of a table, as Go values by name.
func (r *rig) lastRow(path string) map[string]table.Value {
	r.t.Helper()
	row := map[string]table.Value{}
	r.engine.Do(func(g *graph.Graph) {
		t := g.Node(path).Table()
		for _, name := range t.Schema().Names() {
			row[name] = t.Cell(t.Window().Hi-1, t.Schema().Index(name))
		}
	})
	return row
}

func TestChanges(t *testing.T) {
	closed := ""
	r := newRig(t, func(e *graph.Edit) { e.Add("lamp", &lamp{}) }, monitor.Config{
		Write: true,
		Peers: func(graph.Operator) []monitor.Peer {
			return []monitor.Peer{{ID: "first"}, {ID: "second", Close: func() bool { closed = "second"; return true }}}
		},
	})
	c := r.watch(`{"nodes":true,"watch":[{"path":"/lamp"}]}`)
	c.until("has a row", func(u update) bool { return u.Tails["/lamp"].End == 1 })
	do := func(path, body string) {
		t.Helper()
		if status, text := r.post(path, body, r.asked()...); status != 200 {
			t.Errorf("POST %s %s: %d %s; want 200", path, body, status, text)
		}
	}
	var before struct {
		Nodes []struct{ Params map[string]string }
	}
	if r.get("/api/graph", &before); len(before.Nodes[0].Params) > 0 {
		t.Errorf("GET /api/graph: the parameters that are not at their defaults are %v; want none", before.Nodes[0].Params)
	}
	do("/api/set", `{"path":"/lamp","param":"level","value":"9"}`)
	c.until("shows the level", func(update) bool { return r.lastRow("/lamp")["level"].Int() == 9 })
	do("/api/pulse", `{"path":"/lamp","param":"flash"}`)
	c.until("shows the flash", func(update) bool { return r.lastRow("/lamp")["flashes"].Int() == 1 })
	do("/api/flag", `{"path":"/lamp","active":false}`)
	c.until("is inactive", func(u update) bool { return len(u.Nodes) == 1 && u.Nodes[0].S == "inactive" })
	do("/api/peers/close", `{"node":"/lamp","id":"second"}`)
	if closed != "second" {
		t.Error("POST /api/peers/close did not close the peer")
	}
	var node struct {
		Params []struct {
			Name, Type, Value, Default, Unit string
			Settable                         bool
		}
	}
	r.get("/api/node?path=/lamp", &node)
	var g struct {
		Nodes []struct{ Params map[string]string }
	}
	if r.get("/api/graph", &g); g.Nodes[0].Params["level"] != "9" {
		t.Errorf("GET /api/graph: the parameters are %v; want level 9", g.Nodes[0].Params)
	}
	if p := node.Params[0]; p.Value != "9" || p.Default != "5" || p.Unit != "lux" || !p.Settable || p.Type != "int" {
		t.Errorf("GET /api/node: the parameter is %+v; want level 9, default 5, in lux, to be set", p)
	}
}

func TestChangesThatAreRefused(t *testing.T) {
	r := newRig(t, func(e *graph.Edit) { e.Add("lamp", &lamp{}) }, monitor.Config{Write: true})
	tests := []struct {
		name, path, body string
		status           int
		says             string
	}{
		{"a value out of its limits", "/api/set", `{"path":"/lamp","param":"level","value":"11"}`, 422, "from 0 to 10"},
		{"a value that is none", "/api/set", `{"path":"/lamp","param":"level","value":"much"}`, 422, "/lamp"},
		{"no value", "/api/set", `{"path":"/lamp","param":"level"}`, 400, "value"},
		{"an expression without a language", "/api/set", `{"path":"/lamp","param":"level","value":"=frame"}`, 422, "expression"},
		{"no such parameter", "/api/set", `{"path":"/lamp","param":"leveel","value":"1"}`, 404, "level"},
		{"no such node", "/api/set", `{"path":"/lamb","param":"level","value":"1"}`, 404, "/lamp"},
		{"no such pulse", "/api/pulse", `{"path":"/lamp","param":"level"}`, 422, "/lamp"},
		{"no flag", "/api/flag", `{"path":"/lamp"}`, 400, "active"},
		{"no such peer", "/api/peers/close", `{"node":"/lamp","id":"x"}`, 404, "/lamp"},
		{"no JSON", "/api/set", `path=/lamp`, 400, ""},
		{"JSON that nests deep", "/api/set", strings.Repeat("[", 100), 400, "deeper"},
		{"a body that is too long", "/api/set", `{"value":"` + strings.Repeat("x", 2<<20) + `"}`, 413, "longer"},
	}
	for _, tt := range tests {
		status, text := r.post(tt.path, tt.body, r.asked()...)
		var answer struct{ Error string }
		if err := json.Unmarshal([]byte(text), &answer); err != nil || status != tt.status || !strings.Contains(answer.Error, tt.says) {
			t.Errorf("POST %s with %s: %d %s; want %d and an error with %q", tt.path, tt.name, status, text, tt.status, tt.says)
		}
	}
	if got := r.refused("body"); got != 1 {
		t.Errorf("a body that is too long is counted %d times; want once", got)
	}
}

// TestSetWhileReloading finds no race between a change and edits that give the node another operator.
func TestSetWhileReloading(t *testing.T) {
	r := newRig(t, func(e *graph.Edit) { e.Add("lamp", &lamp{}) }, monitor.Config{Write: true})
	var edits sync.WaitGroup
	defer edits.Wait()
	edits.Go(func() {
		for range 50 {
			err := r.engine.Edit(func(x *graph.Edit) { x.Replace(x.Node("lamp"), &lamp{Level: 5}) })
			if err != nil {
				t.Errorf("Edit() = %v", err)
			}
		}
	})
	for range 20 {
		if status, text := r.post("/api/set", `{"path":"lamp","param":"level","value":"7"}`, r.asked()...); status != 200 {
			t.Errorf("POST /api/set: %d %s; want 200", status, text)
		}
	}
}

func TestWhoMayChange(t *testing.T) {
	body := `{"path":"/lamp","active":true}`
	r := newRig(t, func(e *graph.Edit) { e.Add("lamp", &lamp{}) }, monitor.Config{Write: true})
	token, jsonType := "Bearer "+r.m.Token(), "application/json"
	tests := []struct {
		name   string
		header []string
		want   int
	}{
		{"all that is needed", r.asked(), 200},
		{"the token alone", []string{"Authorization", token, "Content-Type", jsonType}, 200},
		{"no token", []string{"Origin", r.server.URL, "Content-Type", jsonType}, 401},
		{"neither", []string{"Content-Type", jsonType}, 403},
		{"another site's page", []string{"Origin", "http://evil.example", "Content-Type", jsonType}, 403},
		{"a form", []string{"Origin", r.server.URL, "Authorization", token, "Content-Type", "text/plain"}, 415},
		{"a wrong token", []string{"Origin", r.server.URL, "Authorization", "Bearer no", "Content-Type", jsonType}, 401},
	}
	for _, tt := range tests {
		if got, text := r.post("/api/flag", body, tt.header...); got != tt.want {
			t.Errorf("POST /api/flag with %s: %d %s; want %d", tt.name, got, text, tt.want)
		}
	}
	shows := newRig(t, func(e *graph.Edit) { e.Add("lamp", &lamp{}) }, monitor.Config{})
	if got, text := shows.post("/api/flag", body, shows.asked()...); got != 403 || !strings.Contains(text, "--monitor-write") {
		t.Errorf("POST /api/flag to a monitor that only shows: %d %s; want 403 and --monitor-write", got, text)
	}
}

func TestTokenForThePage(t *testing.T) {
	for _, tt := range []struct {
		config monitor.Config
		site   string
		given  bool
	}{
		{monitor.Config{Write: true}, "same-origin", true},
		{monitor.Config{Write: true}, "cross-site", false},
		{monitor.Config{Write: true}, "", false},
		{monitor.Config{}, "same-origin", false},
	} {
		r := newRig(t, chain(1), tt.config)
		req, err := http.NewRequestWithContext(t.Context(), "GET", r.server.URL+"/api/graph", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Sec-Fetch-Site", tt.site)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(res.Body)
		res.Body.Close()
		if given := bytes.Contains(text, []byte(r.m.Token())); err != nil || given != tt.given {
			t.Errorf("GET /api/graph, write %t, Sec-Fetch-Site %q: token given: %t; want %t", tt.config.Write, tt.site, given, tt.given)
		}
	}
}
