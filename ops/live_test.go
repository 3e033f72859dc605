package ops_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops"
	"linecook.dev/linecook/peer"
)

// runLive runs an engine as soon as something arrives. stop ends it and waits.
func runLive(t *testing.T, build func(e *graph.Edit)) (engine *cook.Engine, stop func()) {
	t.Helper()
	g := graph.New()
	if err := g.Edit(build); err != nil {
		t.Fatal(err)
	}
	engine, err := cook.New(g, cook.Config{Mode: cook.ArrivalMode})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- engine.Run(ctx) }()
	<-engine.Ready()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Run() = %v, want nil", err)
		}
	})
	t.Cleanup(stop)
	return engine, stop
}

// Clients come and go from several goroutines, and some are there to the end: each connection has one
// onConnect before all and one onClose after all, in Go and in the script.
func TestEveryConnectionBeginsAndEndsOnce(t *testing.T) {
	const goroutines, each = 4, 40
	var j journal
	op := &ops.TcpIp{Mode: "server", Hooks: j.hooks()}
	op.Callbacks.Text = `
state = {}
def onConnect(dat, peer):
    if peer in state:
        fail('%s connects again' % peer)
    state[peer] = 0
def onReceive(dat, rowIndex, message, bytes, peer):
    if state[peer] != int(message):
        fail('%s: got %s, want %d' % (peer, message, state[peer]))
    state[peer] += 1
    peer.send(message, terminator='\n')
def onClose(dat, peer):
    if state.pop(peer) != 5:
        fail('%s ends too soon' % peer)
`
	var n *graph.Node
	_, stop := runLive(t, func(e *graph.Edit) { n = e.Add("in", op) })
	var clients sync.WaitGroup
	var kept sync.Map
	for g := range goroutines {
		clients.Go(func() {
			for i := range each {
				c, err := net.Dial("tcp", op.LocalAddr().String())
				if err != nil {
					t.Error(err)
					return
				}
				fmt.Fprint(c, "0\n1\n2\n3\n4\n")
				answers := bufio.NewScanner(c)
				for range 5 {
					if !answers.Scan() {
						t.Errorf("no answer: %v", answers.Err())
					}
				}
				if (g+i)%8 == 0 {
					kept.Store(c, true)
				} else {
					c.Close()
				}
			}
		})
	}
	clients.Wait()
	stop()
	for c := range kept.Range {
		c.(net.Conn).Close()
	}
	if err := n.Err(); err != nil {
		t.Error(err)
	}
	connections := map[string][]string{}
	for _, line := range j.lines {
		what, who, _ := strings.Cut(line, " ")
		connections[who] = append(connections[who], what)
	}
	if len(connections) != goroutines*each {
		t.Errorf("hooks were called for %d connections, want %d", len(connections), goroutines*each)
	}
	for who, calls := range connections {
		expect(t, "hooks for "+who, calls, "connect", "0", "1", "2", "3", "4", "close")
	}
}

// An answerer is an operator that answers to the peers in its input's column peer.
type answerer struct{}

func (answerer) Effect() bool { return true }

func (answerer) Cook(c *graph.Cook) error {
	d := c.In(0)
	c.EachNew(d, func(row table.Row) error {
		_, err := row.Get("peer").Peer().(*peer.Peer).In(c).Send("\n", "got", row.Get("message").Str())
		return err
	})
	return nil
}

func TestPeerCellCanBeAnswered(t *testing.T) {
	op := &ops.TcpIp{Mode: "server", Extras: ops.Extras{Peer: true}}
	runLive(t, func(e *graph.Edit) {
		filter := e.Add("filter", &ops.Select{Where: "message != 'no'"})
		e.Wire(e.Add("in", op), filter)
		e.Wire(filter, e.Add("answer", answerer{}))
	})
	c := dialTCP(t, op.LocalAddr())
	send(t, c, "no\nyes\n")
	if got, err := bufio.NewReader(c).ReadString('\n'); got != "got\n" || err != nil {
		t.Errorf("client read %q, %v", got, err)
	}
}

// A node that is made inactive ends its connections, and says so.
func TestConnectionsEndWithInactiveNode(t *testing.T) {
	var j journal
	op := &ops.TcpIp{Hooks: j.hooks()}
	r := newServer(t, op)
	c := dialTCP(t, op.LocalAddr())
	send(t, c, "0\n")
	r.cookUntil("the message", func() bool { return len(j.lines) == 2 })
	if err := r.engine.Edit(func(e *graph.Edit) { e.SetActive(r.g.Node("in"), false) }); err != nil {
		t.Fatal(err)
	}
	r.close()
	j.check(t, c.LocalAddr(), 1)
}
