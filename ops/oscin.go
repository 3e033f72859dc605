package ops

import (
	"context"
	"net/netip"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/peer"
	"linecook.dev/linecook/peer/framing"
	"linecook.dev/linecook/peer/osc"
)

// OscIn receives OSC messages, by UDP or TCP.
type OscIn struct {
	Port     int    `required:"true" min:"0" max:"65535" help:"port to listen on; 0 picks a free one"`
	Protocol string `default:"msging" menu:"msging multicastmsging tcp" help:"msging: UDP; multicastmsging: UDP sent to the group that address names; tcp: a TCP server"`
	Address  string `help:"multicast group to join, as 239.255.0.1"`
	Framing  string `default:"auto" menu:"auto size slip" help:"tcp: how packets are told apart: after their length (OSC 1.0), by SLIP (OSC 1.1), or as each peer does it; answers go out in the same way"`

	AddScope        string       `par:"addscope" help:"patterns of the addresses to take, separated by spaces (* ? [abc] [1-9]); those with a ^ in front are left out"`
	SplitBundle     graph.Toggle `default:"on" help:"a row for each message of a bundle; off: a row for each packet"`
	SplitMessage    graph.Toggle `default:"on" help:"columns address, arg1, arg2 and so on; off: one column message, with the message as text"`
	TypeTag         bool         `help:"add a column types, with the message's OSC type tags"`
	BundleTimestamp bool         `help:"add a column timestamp, with the bundle's time tag"`
	Access
	MaxPerSource int `default:"0" min:"0" max:"65536" help:"tcp: most peers at once from one address; 0: a quarter of maxpeers"`
	MaxMessage   int `default:"65507" min:"16" max:"1073741824" unit:"bytes" help:"longest packet; longer ones are dropped and counted, or end a TCP connection"`
	RecvBuffer   int `default:"4194304" min:"4096" max:"1073741824" unit:"bytes" help:"buffer to ask of the system for UDP; what it granted is logged. More than anything else it decides what is lost in bursts"`
	StreamOptions
	Secure
	Extras
	Window
	Hooks
	Endpoint `par:"-"`

	decoder oscReader // of the goroutine that receives
	called  oscReader // of the one that cooks
}

// Describe implements [graph.Describer].
func (*OscIn) Describe() graph.Description {
	return graph.Description{Name: "oscin", Class: graph.ClassSource, Help: "Receives OSC messages and bundles, by UDP, multicast or TCP."}
}

// Check implements [graph.Checker].
func (o *OscIn) Check() error {
	var scope osc.Scope
	err := ofParam("addscope", scope.Parse(o.AddScope))
	o.decoder.scope, o.called.scope = scope, scope
	o.datagrams = o.Protocol != "tcp"
	return checkAll(o.Hooks.check("onConnect", "onReceiveOSC", "onClose"), o.Access.check(), o.checkGroup(),
		o.checkSecure(), err)
}

func (o *OscIn) checkSecure() error {
	if o.speaksTLS() && o.Protocol != "tcp" {
		return &graph.ParamError{Param: "protocol", Msg: "only tcp can be TLS"}
	}
	return o.Secure.check(true)
}

func (o *OscIn) checkGroup() error {
	switch {
	case o.Protocol == "multicastmsging" && o.Address == "":
		return &graph.ParamError{Param: "protocol", Msg: "multicastmsging needs address, the group to join"}
	case o.Protocol == "tcp" && o.Address != "":
		return &graph.ParamError{Param: "address", Msg: "it is for multicast; where tcp listens is localaddress"}
	}
	return multicastGroup(o.Address)
}

// Start implements [graph.Starter].
func (o *OscIn) Start(_ context.Context, n *graph.Node) error {
	o.StartOffline(n)
	allow, err := peer.ParseAllow(o.Allow)
	if err != nil {
		return err
	}
	if o.Protocol == "tcp" {
		return o.listenTCP(n, allow)
	}
	return o.openDatagram(peer.DatagramConfig{
		Owner: n, Address: o.Address, Port: o.Port, LocalAddress: o.LocalAddress, Allow: allow,
		MaxMessage: min(o.MaxMessage, peer.MaxDatagram), MaxPeers: o.MaxPeers, IdleTimeout: o.IdleTimeout,
		RecvBuffer: o.RecvBuffer,
	})
}

// StartOffline implements [graph.OfflineStarter].
func (o *OscIn) StartOffline(n *graph.Node) { o.decoder.discarded = n.Loss("discarded") }

func (o *OscIn) listenTCP(n *graph.Node, allow []netip.Prefix) error {
	var format framing.Format
	if err := format.UnmarshalText([]byte(o.Framing)); err != nil {
		return err
	}
	secure, err := o.wrap(true, "")
	if err != nil {
		return err
	}
	return o.openStream(peer.StreamConfig{
		Owner: n, Port: o.Port, LocalAddress: o.LocalAddress, Framing: format, OSC: true, Allow: allow,
		MaxMessage: o.MaxMessage, MaxPeers: o.MaxPeers, MaxPerSource: o.MaxPerSource, IdleTimeout: o.IdleTimeout,
		SlowPeer: o.slowPolicy(), NoKeepAlive: !o.KeepAlive.On(), Secure: secure,
	}, true)
}

// Decode implements [graph.Decoder].
func (o *OscIn) Decode(e graph.Event, w *table.Writer) error { return o.decoder.decode(o, &e, w) }

// Cook implements [graph.Operator].
func (o *OscIn) Cook(c *graph.Cook) error {
	return o.cook(c, &o.Endpoint, func(k *caller, e *graph.Event) { o.called.call(k, e) })
}
