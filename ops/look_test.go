package ops_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops"
)

// cells returns what a row has in some columns.
func cells(row table.Row, columns ...string) string {
	var out []string
	for _, name := range columns {
		out = append(out, row.Get(name).String())
	}
	return strings.Join(out, "|")
}

// tableOf returns what the rows of a node have in some columns.
func (r *rig) tableOf(name string, columns ...string) (rows []string) {
	t := r.g.Node(name).Table()
	for row := range t.Rows(t.Window()) {
		rows = append(rows, cells(row, columns...))
	}
	return rows
}

func TestErrors(t *testing.T) {
	r := newRig(t, func(e *graph.Edit) {
		bad := e.Add("bad", &ops.Eval{Expr: []string{"x = 1 // (n - n)"}})
		e.Wire(e.Add("source", &burst{columns: []string{"address", "n"}}), bad)
		all := e.Add("all", &ops.Errors{})
		e.Wire(all, e.Add("log", &ops.Eval{Expr: []string{"x = 1 // (frame - frame)"}}))
		e.Add("cooks", &ops.Errors{Kinds: []string{"cook"}})
		e.Add("others", &ops.Errors{Op: []string{"*", "^b?d"}})
	})
	for _, name := range []string{"bad", "all", "cooks", "others", "log"} {
		r.watch(name)
	}
	r.engine.Step()
	r.source.Operator().(*burst).add(2)
	r.cook()
	if n := r.g.Node("all").Table().NumRows(); n != 0 {
		t.Errorf("in the frame of the failures errors has %d rows, want none", n)
	}
	r.steps(5)
	got := r.tableOf("all", "frame", "node", "kind", "count", "row", "sample")
	expect(t, "errors", got, `2|/bad|row|1|0|{"address":"/abc","n":1}`, `2|/bad|row|1|1|{"address":"/abc","n":2}`)
	if m := r.tableOf("all", "message")[0]; !strings.Contains(m, "zero") {
		t.Errorf("message is %q, want that of a division by zero", m)
	}
	expect(t, "errors of kind cook", r.tableOf("cooks", "node"))
	expect(t, "errors of others", r.tableOf("others", "node"), "/log", "/log")
	expect(t, "mistakes", mistakes(&ops.Errors{Kinds: []string{"rows"}, Op: []string{"a"}}),
		`add /n: kinds: "rows" is no kind of failure; did you mean "row"?`)
	expect(t, "mistakes", mistakes(&ops.Errors{Op: []string{"["}}), `add /n: op: "[" has a [ without characters and a ] behind it; write \[ for a bracket`)
}

func TestInfo(t *testing.T) {
	r := newRig(t, func(e *graph.Edit) {
		bad := e.Add("bad", &ops.Eval{Expr: []string{"x = 1 // (n - n)"}})
		e.Wire(e.Add("source", &burst{columns: []string{"address", "n"}}), bad)
		e.Add("info", &ops.Info{Survey: ops.Survey{Interval: 500 * time.Millisecond}})
		e.Add("times", &ops.Info{Times: true, Survey: ops.Survey{Op: []string{"/bad"}}})
	})
	r.watch("bad")
	shown := r.watch("info")
	r.watch("times")
	r.source.Operator().(*burst).add(3)
	r.steps(2)
	r.steps(60)
	n := len(*shown)
	got := r.tableOf("info", "time", "frame", "node", "operator", "errors", "rowsin", "rowsout")
	expect(t, "info", got, "1|61|/info|info|0|0|8", "1|61|/source|burst|0|0|3", "1|61|/times|info|0|0|1", "1|61|/bad|eval|3|3|0")
	if n != 12 {
		t.Errorf("in 62 frames info {interval: 0.5} has put out %d rows of 4 nodes, want 12", n)
	}
	if err := r.tableOf("info", "error")[3]; !strings.Contains(err, "zero") || !strings.HasPrefix(err, "row: ") {
		t.Errorf("info shows error %q, want that of the division", err)
	}
	names := fmt.Sprint(r.g.Node("times").Table().Schema().Len())
	if got := r.tableOf("times", "node"); len(got) != 1 || got[0] != "/bad" {
		t.Errorf("info {op: /bad, times: on} has rows %q and %s columns, want one of /bad", got, names)
	}
}

func TestPeersOperator(t *testing.T) {
	server := &ops.TcpIp{Mode: "server"}
	r := newRig(t, func(e *graph.Edit) {
		e.Add("in", server)
		e.Add("peers", &ops.Peers{Survey: ops.Survey{Interval: 20 * time.Millisecond}})
		e.Add("other", &ops.Peers{Survey: ops.Survey{Op: []string{"x*"}}})
	})
	r.watch("peers")
	r.watch("other")
	r.watch("in")
	conn := dialTCP(t, server.LocalAddr())
	send(t, conn, "hello\n")
	r.cookUntil("the line", func() bool { return r.g.Node("in").Table().NumRows() == 1 })
	r.steps(4)
	port := strings.TrimPrefix(conn.LocalAddr().String(), "127.0.0.1:")
	expect(t, "peers", r.tableOf("peers", "node", "peer", "protocol", "address", "port", "messagesin", "bytesin", "messagesout"),
		"/in|127.0.0.1:"+port+"|tcp|127.0.0.1|"+port+"|1|6|0")
	expect(t, "peers of other nodes", r.tableOf("other", "node"))
	conn.Close()
	r.cookUntil("the end of the connection", func() bool {
		r.g.Node("in").Touch()
		return len(r.tableOf("peers", "node")) == 0
	})
}
