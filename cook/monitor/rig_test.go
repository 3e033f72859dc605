package monitor_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/cook/monitor"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/graphtest"
	"linecook.dev/linecook/graph/table"
)

// A rig is an engine that runs, its monitor, and a server for that.
type rig struct {
	t      *testing.T
	g      *graph.Graph
	engine *cook.Engine
	m      *monitor.Monitor
	server *httptest.Server
}

// newRig runs a graph that build makes until the test ends.
func newRig(t *testing.T, build func(e *graph.Edit), config monitor.Config) *rig {
	t.Helper()
	r := &rig{t: t, g: graph.New()}
	if err := r.g.Edit(build); err != nil {
		t.Fatal(err)
	}
	var err error
	if r.engine, err = cook.New(r.g, cook.Config{FPS: 200}); err != nil {
		t.Fatal(err)
	}
	r.m = monitor.New(r.engine, config)
	r.server = httptest.NewServer(r.m)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- r.engine.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("Run() = %v", err)
		}
		if err := r.m.Close(); err != nil {
			t.Errorf("Close() = %v", err)
		}
		r.server.Close()
		http.DefaultClient.CloseIdleConnections()
	})
	<-r.engine.Ready()
	return r
}

// node returns a node of the rig's graph.
func (r *rig) node(path string) *graph.Node {
	r.t.Helper()
	n := r.g.Node(path)
	if n == nil {
		r.t.Fatalf("there is no node %s", path)
	}
	return n
}

// feed gives a source rows.
func (r *rig) feed(path string, values ...int64) {
	n := r.node(path)
	r.engine.Do(func(*graph.Graph) { n.Operator().(*graphtest.Source).Ints(values...) })
	n.Touch()
}

// rows returns the newest rows of a table as the monitor shows them, and their numbers.
func (r *rig) rows(path string, most int) (out []json.RawMessage) {
	n := r.node(path)
	r.engine.Do(func(*graph.Graph) {
		v := &n.Table().View
		for row := range v.Rows(v.Window()) {
			b, err := json.Marshal([]any{row.Number(), row.Cell(0).Int()})
			if err != nil {
				r.t.Error(err)
			}
			out = append(out, b)
		}
	})
	return out[max(0, len(out)-most):]
}

// get decodes the answer to a GET into v.
func (r *rig) get(path string, v any) {
	r.t.Helper()
	res, err := http.Get(r.server.URL + path)
	if err != nil {
		r.t.Fatal(err)
	}
	defer res.Body.Close()
	if err := json.NewDecoder(res.Body).Decode(v); err != nil {
		r.t.Fatalf("GET %s: %v", path, err)
	}
}

// A client is a viewer.
type client struct {
	t    *testing.T
	conn *websocket.Conn
}

// dial connects to the feed, as the page does, and returns the status of the answer: 101 if that was done.
func (r *rig) dial(header ...string) (*client, int) {
	h := http.Header{"Origin": {r.server.URL}}
	for i := 0; i < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	opts := &websocket.DialOptions{HTTPHeader: h, Host: h.Get("Host")}
	h.Del("Host")
	conn, res, err := websocket.Dial(r.t.Context(), strings.Replace(r.server.URL, "http", "ws", 1)+"/feed", opts)
	if err != nil {
		if res == nil {
			r.t.Fatal(err)
		}
		res.Body.Close()
		return nil, res.StatusCode
	}
	conn.SetReadLimit(1 << 20)
	r.t.Cleanup(func() { _ = conn.CloseNow() })
	return &client{r.t, conn}, http.StatusSwitchingProtocols
}

// watch connects, and says what it wants.
func (r *rig) watch(wish string) *client {
	r.t.Helper()
	c, status := r.dial()
	if c == nil {
		r.t.Fatalf("WebSocket /feed: %d; want 101", status)
	}
	c.say(wish)
	return c
}

func (c *client) say(wish string) {
	c.t.Helper()
	if err := c.conn.Write(c.t.Context(), websocket.MessageText, []byte(wish)); err != nil {
		c.t.Fatal(err)
	}
}

// An update is a message of the feed.
type update struct {
	Frame      int64   `json:"frame"`
	Time       float64 `json:"time"`
	Wall       float64 `json:"wall"`
	Generation uint64  `json:"generation"`
	Errors     int     `json:"errors"`
	Nodes      []struct {
		I    int    `json:"i"`
		S    string `json:"s"`
		C    uint64 `json:"c"`
		N    int    `json:"n"`
		W    int    `json:"w"`
		Lost uint64 `json:"lost"`
	} `json:"nodes"`
	Log []struct {
		Node    string `json:"node"`
		Dir     string `json:"dir"`
		Peer    string `json:"peer"`
		Address string `json:"address"`
		Text    string `json:"text"`
		Hex     string `json:"hex"`
		Error   string `json:"error"`
	} `json:"log"`
	FrameLog []struct {
		Frame int64   `json:"frame"`
		Ns    int64   `json:"ns"`
		Cooks [][]any `json:"cooks"`
	} `json:"frameLog"`
	LogSkipped uint64 `json:"logSkipped"`
	Tails      map[string]struct {
		Columns []string          `json:"columns"`
		Base    uint64            `json:"base"`
		End     uint64            `json:"end"`
		N       int               `json:"n"`
		Reset   bool              `json:"reset"`
		Skipped uint64            `json:"skipped"`
		Rows    []json.RawMessage `json:"rows"`
		Error   string            `json:"error"`
	} `json:"tails"`
}

// next returns the next message.
func (c *client) next() update {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), 10*time.Second)
	defer cancel()
	_, text, err := c.conn.Read(ctx)
	if err != nil {
		c.t.Fatalf("the feed ended: %v", err)
	}
	var u update
	if err := json.Unmarshal(text, &u); err != nil {
		c.t.Fatalf("the feed said %s: %v", text, err)
	}
	return u
}

// until returns the first message for which f is true.
func (c *client) until(what string, f func(u update) bool) update {
	c.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); {
		if u := c.next(); f(u) {
			return u
		}
	}
	c.t.Fatalf("no message in 20 seconds %s", what)
	return update{}
}

// chain makes /a, a source of at most max rows, and /b, which passes its rows on.
func chain(maxRows int) func(e *graph.Edit) {
	return func(e *graph.Edit) {
		a := e.Add("a", &graphtest.Source{Max: maxRows})
		e.Wire(a, e.Add("b", &graphtest.Filter{Keep: func(table.Value) bool { return true }}))
	}
}
