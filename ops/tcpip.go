package ops

import (
	"context"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/peer"
	"linecook.dev/linecook/peer/framing"
)

// TcpIp is a TCP server or client.
type TcpIp struct {
	Mode    string `default:"client" menu:"client server" help:"server: others connect to port; client: it connects to address and port, and again when the connection has ended"`
	Address string `default:"127.0.0.1" help:"client: name or IP address of the server"`
	Port    int    `required:"true" min:"0" max:"65535" help:"server: TCP port to listen on, 0 picks a free one; client: port of the server"`
	Format  string `default:"perline" menu:"perbyte perline all size slip" help:"what becomes a row: each byte; each line (ended by LF, CR, CRLF or NUL; the last one also by the end of the connection); what one read returned; each frame after its length (int32, big-endian); each SLIP frame"`
	Access
	MaxPerSource int `default:"0" min:"0" max:"65536" help:"server: most peers at once from one address; 0: a quarter of maxpeers, but 16 if maxpeers allows them"`
	MaxMessage   int `default:"1048576" min:"1" max:"1073741824" unit:"bytes" help:"longest line or frame; a longer one is dropped and counted, or ends the connection if its end cannot be found"`
	StreamOptions
	Secure
	Extras
	Window
	Hooks
	Endpoint `par:"-"`

	rows messageRows
}

// StreamOptions is the parameters of operators that have connections.
type StreamOptions struct {
	SlowPeer  string       `default:"close" menu:"close drop" help:"a peer that does not read what is sent to it: close it when it has taken nothing for 5 seconds, or drop what its queue has no room for"`
	KeepAlive graph.Toggle `default:"on" help:"find dead connections within a minute"`
}

// Describe implements [graph.Describer].
func (*TcpIp) Describe() graph.Description {
	return graph.Description{Name: "tcpip", Class: graph.ClassSource, Help: "A TCP server or client: lines, frames or bytes in, answers out."}
}

// Check implements [graph.Checker].
func (t *TcpIp) Check() error {
	return checkAll(t.Hooks.check("onConnect", "onReceive", "onClose"), t.Access.check(), t.checkPort(), t.Secure.check(t.Mode == "server"))
}

func (t *TcpIp) checkPort() error {
	if t.Mode == "client" && t.Port == 0 {
		return &graph.ParamError{Param: "port", Msg: "0 is no port to connect to"}
	}
	return nil
}

// Start implements [graph.Starter].
func (t *TcpIp) Start(_ context.Context, n *graph.Node) error {
	cfg, err := t.config(n)
	if err != nil {
		return err
	}
	return t.openStream(cfg, t.Mode == "server")
}

func (t *TcpIp) config(n *graph.Node) (peer.StreamConfig, error) {
	var format framing.Format
	if err := format.UnmarshalText([]byte(t.Format)); err != nil {
		return peer.StreamConfig{}, err
	}
	allow, err := peer.ParseAllow(t.Allow)
	if err != nil {
		return peer.StreamConfig{}, err
	}
	secure, err := t.wrap(t.Mode == "server", t.Address)
	return peer.StreamConfig{
		Owner: n, Address: t.Address, Port: t.Port, LocalAddress: t.LocalAddress, Framing: format, Allow: allow,
		MaxMessage: t.MaxMessage, MaxPeers: t.MaxPeers, MaxPerSource: t.MaxPerSource, IdleTimeout: t.IdleTimeout,
		SlowPeer: t.slowPolicy(), NoKeepAlive: !t.KeepAlive.On(), Secure: secure,
	}, err
}

func (s *StreamOptions) slowPolicy() peer.SlowPolicy {
	if s.SlowPeer == "drop" {
		return peer.SlowDrop
	}
	return peer.SlowClose
}

// Decode implements [graph.Decoder].
func (t *TcpIp) Decode(e *graph.Event, w *table.Writer) error {
	t.rows.add(w, &t.Extras, e, e.Data)
	return nil
}

// Cook implements [graph.Operator].
func (t *TcpIp) Cook(c *graph.Cook) error {
	return t.cook(c, &t.Endpoint, func(k *caller, e *graph.Event) {
		k.received(e, e.Rows.Lo, e.Data)
	})
}
