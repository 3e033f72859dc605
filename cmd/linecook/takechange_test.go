package main_test

import (
	"encoding/json"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/coder/websocket"
)

// A desk changes a running patch by its monitor.
type desk struct {
	t   *testing.T
	url string
}

const deskToken = "0123456789abcdef0123456789abcdef"

// newDesk waits until the monitor of l listens, which has the token of the desk.
func newDesk(l live) *desk {
	l.t.Helper()
	d := &desk{t: l.t}
	l.errs.next("where the monitor listens", func(line string) bool {
		var r struct{ Msg, Proto, Addr string }
		_ = json.Unmarshal([]byte(line), &r) // another line is not the one
		d.url = "http://" + r.Addr
		return r.Msg == "listening" && r.Proto == "http"
	})
	return d
}

func (d *desk) post(path, body string) {
	d.t.Helper()
	req, err := http.NewRequestWithContext(d.t.Context(), http.MethodPost, d.url+path, strings.NewReader(body))
	if err != nil {
		d.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+deskToken)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		d.t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		d.t.Fatalf("POST %s %s: %s", path, body, resp.Status)
	}
}

const changing = `linecook: v1
nodes:
  in:
    tcpip: {mode: server, port: 0, maxlines: 100}
    callbacks: |
      heard = []
      def onReceive(dat, rowIndex, message, bytes, peer):
          heard.append(message)
          peer.send('%d' % len(heard), terminator='\n')
  loud:
    select: {where: "int(message) > 5"}
    in: in
  state:
    latest: {by: message}
    in: loud
  odd:
    select: {where: "int(message) % 2 == 1"}
    in: in
`

// TestChangesAreInATake changes parameters and flags of a patch while it is recorded, and presses a button.
func TestChangesAreInATake(t *testing.T) {
	t.Setenv("LINECOOK_MONITOR_TOKEN", deskToken)
	l := recorded(t, writePatch(t, changing), "--monitor=127.0.0.1:0", "--monitor-write", "--print", "loud", "--print", "state")
	d := newDesk(l)
	c := converse(t, l.addr("/in"))
	said := 0
	say := func(lines ...string) {
		for _, line := range lines {
			said++
			c.ask(line, strconv.Itoa(said))
		}
	}
	say("3", "7", "9")
	d.post("/api/set", `{"path":"/loud","param":"where","value":"int(message) > 2"}`)
	say("3", "1", "4")
	d.post("/api/flag", `{"path":"/loud","bypass":true}`)
	say("1", "2")
	d.post("/api/flag", `{"path":"/loud","bypass":false}`)
	d.post("/api/pulse", `{"path":"/in","param":"clear"}`)
	say("5", "6")
	d.post("/api/flag", `{"path":"/state","active":false}`)
	say("8")
	d.post("/api/flag", `{"path":"/state","active":true}`)
	say("9", "0")
	l.stop()
}

// TestWhatViewersMadeCookIsInATake watches a node that nothing else wants for a while.
func TestWhatViewersMadeCookIsInATake(t *testing.T) {
	t.Setenv("LINECOOK_MONITOR_TOKEN", deskToken)
	l := recorded(t, writePatch(t, changing), "--monitor=127.0.0.1:0", "--print", "loud")
	d := newDesk(l)
	c := converse(t, l.addr("/in"))
	c.ask("3", "1")
	//nolint:bodyclose // the body is the connection
	conn, _, err := websocket.Dial(t.Context(), d.url+"/feed?token="+deskToken, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := conn.Write(t.Context(), websocket.MessageText, []byte(`{"watch":[{"path":"/odd","rows":10}]}`)); err != nil {
		t.Fatal(err)
	}
	for said, feed := 1, ""; !strings.Contains(feed, `"7"`); {
		said++
		c.ask("7", strconv.Itoa(said))
		_, b, err := conn.Read(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		feed += string(b)
	}
	if err := conn.Close(websocket.StatusNormalClosure, ""); err != nil {
		t.Error(err)
	}
	l.stop()
	export := start(t, "linecook", "take", "export", l.take.take)
	if export.exit() != 0 || !strings.Contains(export.out.String(), `{"change":"watch","node":"/odd","value":"on"}`) {
		t.Errorf("the take does not have that /odd was watched:\n%s", export.out)
	}
}

// TestPatchSwapsAreInATake exchanges the patch while it is recorded. The take is verified with both patches, and
// so is a part of it that begins after the exchange; what is cooked is the patch that cook is given.
func TestPatchSwapsAreInATake(t *testing.T) {
	dir := t.TempDir()
	take, part := filepath.Join(dir, "take.mcap"), filepath.Join(dir, "part.mcap")
	r := reload(t, changing, "--record", take, "--print", "loud")
	c := converse(t, r.addr("/in"))
	c.ask("3", "1")
	c.ask("7", "2")
	r.change("message) > 5", "message) > 2")
	c.ask("3", "3")
	c.ask("1", "4")
	r.change("  odd:\n", "  even:\n    select: {where: 'int(message) % 2 == 0'}\n    in: in\n  odd:\n")
	c.ask("4", "5")
	r.write(changing)
	r.log("reloaded", "")
	c.ask("6", "6")
	r.stop()
	first := writePatch(t, changing)
	other := writePatch(t, strings.Replace(changing, "> 5", "> 6", 1))
	for _, run := range []struct {
		args []string
		want string
	}{
		{[]string{"take", "verify", take}, "hashes are as they were recorded"},
		{[]string{"take", "cut", take, part, "--frames", "2-"}, "events"},
		{[]string{"take", "verify", part}, "hashes are as they were recorded"},
		{[]string{"cook", first, "--take", take}, "from this frame on another patch was run"},
		{[]string{"cook", other, "--take", take}, "what it makes is not compared"},
		{[]string{"take", "info", take}, "3 times another patch"},
		{[]string{"take", "export", take}, `"change":"patch","files":{"patch.yaml":`},
	} {
		p := start(t, "linecook", run.args...)
		if code := p.exit(); code != 0 || !strings.Contains(p.out.String()+p.errs.String(), run.want) {
			t.Errorf("linecook %q: exit code %d, want 0 and %q\n%s\n%s", run.args, code, run.want, p.out, p.errs)
		}
	}
}
