package ops_test

import (
	"context"
	"fmt"
	"net"
	"time"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops"
	"linecook.dev/linecook/peer"
	"linecook.dev/linecook/peer/osc"
)

// A graph without network, cooked by hand: what a node's table gained is read as a delta.
func Example() {
	g := graph.New()
	var loud *graph.Node
	err := g.Edit(func(e *graph.Edit) {
		faders := e.Add("faders", &ops.Table{
			Columns: []string{"address", "arg1"},
			Rows:    [][]any{{"/fader/1", 0.2}, {"/fader/2", 0.9}, {"/fader/3", 0.7}},
		})
		loud = e.Add("loud", &ops.Select{Where: "arg1 > 0.5"})
		e.Wire(faders, loud)
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	engine, err := cook.New(g, cook.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	engine.Observe(loud, func(frame int64, d table.Delta) {
		for row := range d.Rows(d.Appended) {
			fmt.Println("frame", frame, row.Get("address"), row.Get("arg1"))
		}
	})
	engine.Start(context.Background())
	engine.Step()
	if err := engine.Close(); err != nil {
		fmt.Println(err)
	}
	// Output:
	// frame 1 /fader/2 0.9
	// frame 1 /fader/3 0.7
}

// An echo server and its client, cooked live: as soon as something has arrived.
func ExampleTcpIp() {
	server := &ops.TcpIp{Mode: "server"} // port 0: one that is free
	server.OnReceive = func(_ *ops.Dat, m ops.Received) error {
		_, err := m.Peer.Send("\n", m.Message)
		return err
	}
	server.OnClose = func(*ops.Dat, peer.Handle) error {
		fmt.Println("server: closed")
		return nil
	}
	live(func(e *graph.Edit) { e.Add("server", server) }, func() {
		c, err := net.Dial("tcp", server.LocalAddr().String())
		if err != nil {
			fmt.Println(err)
			return
		}
		defer c.Close()
		fmt.Fprintln(c, "hello")
		var answer string
		fmt.Fscan(c, &answer)
		fmt.Println("client:", answer)
	})
	// Output:
	// client: hello
	// server: closed
}

// An OSC message is answered to whoever sent it, from the port it was sent to.
func ExampleOscIn() {
	in := &ops.OscIn{Port: 0, AddScope: "/fader/*"}
	in.OnReceiveOSC = func(dat *ops.Dat, m ops.ReceivedOSC) error {
		fmt.Printf("%s row %d: %s %v\n", dat.Path(), m.RowIndex, m.Address, m.Args)
		_, err := m.Peer.SendOSC(osc.Options{}, osc.Pair{Address: "/ack", Values: []any{m.Address, true}})
		return err
	}
	live(func(e *graph.Edit) { e.Add("faders", in) }, func() {
		c, err := net.Dial("udp", in.LocalAddr().String())
		if err != nil {
			fmt.Println(err)
			return
		}
		defer c.Close()
		question, _, err := osc.AppendValues(nil, nil, osc.Options{}, osc.Pair{Address: "/fader/1", Values: []any{0.5, "dB"}})
		if err != nil {
			fmt.Println(err)
			return
		}
		_, _ = c.Write(question)
		fmt.Println(readOSC(c))
	})
	// Output:
	// /faders row 0: /fader/1 [0.5 dB]
	// /ack "/fader/1" True
}

// live runs an engine with the graph that build makes, until use has returned.
func live(build func(*graph.Edit), use func()) {
	g := graph.New()
	if err := g.Edit(build); err != nil {
		fmt.Println(err)
		return
	}
	engine, err := cook.New(g, cook.Config{Mode: cook.ArrivalMode})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- engine.Run(ctx) }()
	<-engine.Ready()
	use()
	stop()
	if err := <-ended; err != nil {
		fmt.Println(err)
	}
}

// readOSC returns the next packet, a message, as text.
func readOSC(c net.Conn) string {
	_ = c.SetReadDeadline(time.Now().Add(10 * time.Second))
	buf := make([]byte, 1500)
	n, err := c.Read(buf)
	if err != nil {
		return err.Error()
	}
	var p osc.Packet
	if err := p.Parse(buf[:n]); err != nil {
		return err.Error()
	}
	return string(osc.AppendText(nil, &p.Messages()[0]))
}
