package peer_test

import (
	"bufio"
	"context"
	"fmt"
	"net"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/peer"
	"linecook.dev/linecook/peer/framing"
)

// An Echo is an operator that answers every line with itself.
type Echo struct{ server *peer.Listener }

func (e *Echo) Start(_ context.Context, n *graph.Node) (err error) {
	e.server, err = peer.Listen(peer.StreamConfig{Owner: n, Framing: framing.PerLine})
	return err
}

func (e *Echo) Close() error { return e.server.Close() }

// Decode makes no rows: this operator needs the events alone.
func (e *Echo) Decode(*graph.Event, *table.Writer) error { return nil }
func (e *Echo) Listens() bool                            { return true }

func (e *Echo) Cook(c *graph.Cook) error {
	for _, event := range c.Events() {
		from := event.Peer.(*peer.Peer)
		switch event.Kind {
		case graph.Message:
			if _, err := from.In(c).Send("\n", "echo: "+string(event.Data)); err != nil {
				c.Report(err)
			}
		case graph.Close:
			from.Gone(c)
		}
	}
	return nil
}

// A server that echoes lines, with a cook loop of three lines for an engine.
func Example() {
	echo := &Echo{}
	var node *graph.Node
	var g graph.Graph
	if err := g.Edit(func(e *graph.Edit) { node = e.Add("echo", echo) }); err != nil {
		fmt.Println(err)
		return
	}
	arrived := make(chan struct{}, 100)
	node.Attach(graph.Env{Wake: func(*graph.Node) { arrived <- struct{}{} }})
	if err := node.Start(context.Background(), graph.Moment{}); err != nil {
		fmt.Println(err)
		return
	}
	answers := make(chan string)
	go client(echo.server.LocalAddr().String(), answers)
	for frame := int64(1); ; frame++ {
		select {
		case <-arrived:
			_, _ = node.Cut(graph.Moment{Frame: frame})
			_, _, _ = node.Run(frame, 0)
			node.Flush(graph.Moment{Frame: frame})
		case answer := <-answers:
			fmt.Println(answer)
			fmt.Println(node.Stop()())
			return
		}
	}
	// Output:
	// echo: hello
	// <nil>
}

func client(address string, answers chan<- string) {
	c, err := net.Dial("tcp", address)
	if err != nil {
		answers <- err.Error()
		return
	}
	defer c.Close()
	fmt.Fprintln(c, "hello")
	lines := bufio.NewScanner(c)
	lines.Scan()
	answers <- lines.Text()
}
