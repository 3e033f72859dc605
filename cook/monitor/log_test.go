package monitor_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"linecook.dev/linecook/cook/monitor"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// A mailbox has a row for each message, which is a text, and sends it back in capitals.
type mailbox struct{}

func (*mailbox) Effect() bool  { return true }
func (*mailbox) Listens() bool { return false }
func (*mailbox) Decode(e *graph.Event, w *table.Writer) error {
	if strings.HasPrefix(string(e.Data), "bad") {
		return errors.New("it is bad")
	}
	col := w.Col("text")
	w.Row()
	w.SetText(col, e.Data)
	return nil
}

func (*mailbox) Cook(c *graph.Cook) error {
	c.EachNew(c.Own(), func(row table.Row) error {
		c.Post(sender("desk:1"), 0, []byte(strings.ToUpper(row.Cell(0).Str())))
		return nil
	})
	return nil
}

// A sender is the other end.
type sender string

func (s sender) String() string                { return string(s) }
func (sender) Protocol() string                { return "udp" }
func (sender) Accept(graph.Verb, []byte) error { return nil }

// describeWords takes the first word of a message for its address.
func describeWords(m monitor.Message) (address, text string) {
	address, text, _ = strings.Cut(string(m.Data), " ")
	return address, text
}

// mail puts messages into a mailbox.
func (r *rig) mail(path, from string, messages ...string) {
	for _, text := range messages {
		_ = r.node(path).Inbox().Put(graph.Event{Peer: sender(from), Time: 1e18, Data: []byte(text)}) // bad ones are counted
	}
}

func mailboxes(e *graph.Edit) {
	e.Add("left", &mailbox{})
	e.Add("right", &mailbox{})
}

// messages follows a log until one has that text, and returns "node dir peer address text" of each.
func (c *client) messages(last string) (lines []string) {
	c.t.Helper()
	c.until("with "+last, func(u update) bool {
		for _, m := range u.Log {
			lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s %s %s %s %s %s", m.Node, m.Dir, m.Peer, m.Address, m.Text, m.Error)))
			if m.Text == last {
				return true
			}
		}
		return false
	})
	return lines
}

func TestLog(t *testing.T) {
	tests := []struct {
		name, wish string
		want       []string
	}{
		{"all that was received", `{"log":{"on":true}}`, []string{
			"/left in udp desk:1 /fader/1 0.5", "/left in udp desk:2 /fader/2 0.6", "/right in udp desk:1 /alarm fire", "/right in udp desk:1 /end end",
		}},
		{"with what was sent", `{"log":{"on":true,"sent":true,"node":"/r*"}}`, []string{
			"/right in udp desk:1 /alarm fire", "/right in udp desk:1 /end end", "/right out udp desk:1 /ALARM FIRE", "/right out udp desk:1 /END END",
		}},
		{"of a peer", `{"log":{"on":true,"peer":"*desk:1"}}`, []string{
			"/left in udp desk:1 /fader/1 0.5", "/right in udp desk:1 /alarm fire", "/right in udp desk:1 /end end",
		}},
		{"of a node", `{"log":{"on":true,"node":"right"}}`, []string{"/right in udp desk:1 /alarm fire", "/right in udp desk:1 /end end"}},
		{"of an address", `{"log":{"on":true,"address":"/*r*"}}`, []string{
			"/left in udp desk:1 /fader/1 0.5", "/left in udp desk:2 /fader/2 0.6", "/right in udp desk:1 /alarm fire",
		}},
	}
	for _, tt := range tests {
		r := newRig(t, mailboxes, monitor.Config{Describe: describeWords})
		c := r.watch(tt.wish)
		c.next() // from now on it is heard
		r.mail("/left", "desk:1", "/fader/1 0.5")
		r.mail("/left", "desk:2", "/fader/2 0.6")
		r.mail("/right", "desk:1", "/alarm fire", "/end end")
		last := tt.want[len(tt.want)-1]
		got := slices.Sorted(slices.Values(c.messages(last[strings.LastIndexByte(last, ' ')+1:])))
		if !slices.Equal(got, tt.want) {
			t.Errorf("the log of %s is\n%s\nwant\n%s", tt.name, strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
		}
	}
}

func TestRaw(t *testing.T) {
	r := newRig(t, mailboxes, monitor.Config{})
	var answer struct {
		Events []struct {
			Seq                          uint64
			From, Kind, Hex, Error, Peer string
			Bytes, Rows                  int
			Row                          *uint64
		}
		Note string
	}
	r.get("/api/raw?path=/left", &answer)
	if len(answer.Events) > 0 || !strings.Contains(answer.Note, "watch") {
		t.Errorf("GET /api/raw of a node that nobody watches: %+v; want nothing, and what to do", answer)
	}
	c := r.watch(`{"watch":[{"path":"left","raw":true}]}`)
	c.next()
	r.mail("/left", "desk:1", "one", "bad", strings.Repeat("x", 5000))
	c.until("has the rows", func(u update) bool { return u.Tails["/left"].End == 2 })
	r.get("/api/raw?path=/left", &answer)
	if len(answer.Events) != 3 {
		t.Fatalf("GET /api/raw: %+v; want 3 messages", answer)
	}
	one, bad, long := answer.Events[0], answer.Events[1], answer.Events[2]
	if one.Hex != "6f6e65" || one.Kind != "message" || one.From != "udp desk:1" || one.Rows != 1 || one.Row == nil || *one.Row != 0 {
		t.Errorf("GET /api/raw: the first message is %+v; want 6f6e65 from udp desk:1, row 0", one)
	}
	if bad.Kind != "error" || bad.Error == "" {
		t.Errorf("GET /api/raw: the second message is %+v; want an error that says why", bad)
	}
	if long.Bytes != 5000 || len(long.Hex) != 2048 {
		t.Errorf("GET /api/raw: of the third message %d bytes are said, %d shown; want 5000 and 1024", long.Bytes, len(long.Hex)/2)
	}
}
