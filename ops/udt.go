package ops

import (
	"iter"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/peer"
	"linecook.dev/linecook/peer/framing"
)

// Udt is the parameters of operators that speak UDT, beside those of who connects to whom.
type Udt struct {
	Protocol string `default:"reliablemsging" menu:"faststreaming reliablemsging" help:"faststreaming: a stream of bytes, as TCP has; reliablemsging: messages, which arrive as they were sent. Both ends must have the same"`
	Format   string `default:"permessage" menu:"perbyte perline permessage size slip" help:"what becomes a row: each byte; each line (ended by LF, CR, CRLF, NUL or the message's end); each message, with faststreaming what one read returned; faststreaming: each frame after its length (int32, big-endian), each SLIP frame"`
	Access
	MaxPerSource int `default:"0" min:"0" max:"65536" help:"server: most peers at once from one address; 0: a quarter of maxpeers, but 16 if maxpeers allows them"`
	MaxMessage   int `default:"1048576" min:"1" max:"1073741824" unit:"bytes" help:"longest message, line or frame; a longer one is dropped and counted, or ends the connection if its end cannot be found"`
	StreamOptions
	Extras
	Window
	Hooks
	Endpoint `par:"-"`

	rows messageRows
}

func (u *Udt) check() error {
	var formatErr error
	if u.messages() && (u.Format == "size" || u.Format == "slip") {
		formatErr = &graph.ParamError{Param: "format", Msg: u.Format + " is for faststreaming; messages of reliablemsging need no framing"}
	}
	return checkAll(u.Hooks.check("onConnect", "onReceive", "onClose"), u.Access.check(), formatErr)
}

func (u *Udt) messages() bool { return u.Protocol == "reliablemsging" }

// config returns what is the same for servers and clients.
func (u *Udt) config(n *graph.Node) (peer.StreamConfig, error) {
	allow, err := peer.ParseAllow(u.Allow)
	cfg := peer.StreamConfig{
		Owner: n, Protocol: peer.UDTMessages, LocalAddress: u.LocalAddress, Allow: allow,
		MaxMessage: u.MaxMessage, MaxPeers: u.MaxPeers, MaxPerSource: u.MaxPerSource, IdleTimeout: u.IdleTimeout,
		SlowPeer: u.slowPolicy(), NoKeepAlive: !u.KeepAlive.On(),
	}
	if !u.messages() {
		cfg.Protocol, cfg.Framing = peer.UDTStream, u.framing()
	}
	return cfg, err
}

// framing returns how a stream is cut.
func (u *Udt) framing() framing.Format {
	switch u.Format {
	case "perbyte":
		return framing.PerByte
	case "perline":
		return framing.PerLine
	case "size":
		return framing.Size
	case "slip":
		return framing.SLIP
	}
	return framing.All
}

// parts walks what becomes a row each of what arrived: of a stream that is a frame already.
func (u *Udt) parts(data []byte) iter.Seq[[]byte] {
	if u.messages() {
		return parts(data, u.Format)
	}
	return parts(data, "permessage")
}

// Decode implements [graph.Decoder].
func (u *Udt) Decode(e *graph.Event, w *table.Writer) error {
	for part := range u.parts(e.Data) {
		u.rows.add(w, &u.Extras, e, part)
	}
	return nil
}

// receive follows what happened at the connections, and calls back.
func (u *Udt) receive(c *graph.Cook) error {
	return u.cook(c, &u.Endpoint, func(k *caller, e *graph.Event) { k.receivedParts(e, u.parts(e.Data)) })
}
