package ops

import (
	"context"
	"net/netip"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/peer"
	"linecook.dev/linecook/peer/osc"
)

// OscIn receives OSC messages, by UDP, UDT or TCP.
type OscIn struct {
	Port     int    `required:"true" min:"0" max:"65535" help:"port to listen on; 0 picks a free one. Of a client, the server's"`
	Protocol string `default:"msging" menu:"msging multicastmsging reliablemsging tcp" help:"msging: UDP; multicastmsging: UDP sent to the group that address names; reliablemsging: UDT messages; tcp: a TCP server"`
	Address  string `help:"multicast group to join, as 239.255.0.1; reliablemsging: name or IP address of the server that a client connects to"`
	Mode     string `default:"server" menu:"server client" help:"reliablemsging: server: others connect to port; client: it connects to address and port, and again when the connection has ended"`
	Framing  string `default:"auto" menu:"auto size slip" help:"tcp: how packets are told apart: after their length (OSC 1.0), by SLIP (OSC 1.1), or as each peer does it; answers go out in the same way"`

	AddScope        string       `par:"addscope" help:"patterns of the addresses to take, separated by spaces (* ? [abc] [1-9]); those with a ^ in front are left out"`
	SplitBundle     graph.Toggle `default:"on" help:"a row for each message of a bundle; off: a row for each packet"`
	SplitMessage    graph.Toggle `default:"on" help:"columns address, arg1, arg2 and so on; off: one column message, with the message as text"`
	TypeTag         bool         `help:"add a column types, with the message's OSC type tags"`
	BundleTimestamp bool         `help:"add a column timestamp, with the bundle's time tag"`
	Access
	MaxPerSource int `default:"0" min:"0" max:"65536" help:"tcp, reliablemsging: most peers at once from one address; 0: a quarter of maxpeers, but 16 if maxpeers allows them"`
	MaxMessage   int `default:"65507" min:"16" max:"1073741824" unit:"bytes" help:"longest packet; longer ones are dropped and counted, or end a TCP connection"`
	RecvBuffer   int `default:"4194304" min:"4096" max:"1073741824" unit:"bytes" help:"buffer to ask of the system for UDP; what it granted is logged. More than anything else it decides what is lost in bursts"`
	StreamOptions
	Secure
	Extras
	Window
	Hooks
	Endpoint `par:"-"`

	rows    oscRows
	decoder oscReader // of the goroutine that receives
	called  oscReader // of the one that cooks
}

// Describe implements [graph.Describer].
func (*OscIn) Describe() graph.Description {
	return graph.Description{Name: "oscin", Class: graph.ClassSource, Help: "Receives OSC messages and bundles, by UDP, multicast, UDT or TCP."}
}

// Check implements [graph.Checker].
func (o *OscIn) Check() error {
	var scope osc.Scope
	err := ofParam("addscope", scope.Parse(o.AddScope))
	o.decoder.reset(scope)
	o.called.reset(scope)
	o.rows = oscRows{!o.SplitBundle.On(), !o.SplitMessage.On(), o.TypeTag, o.BundleTimestamp, o.Extras}
	o.datagrams = o.Protocol == "msging" || o.Protocol == "multicastmsging"
	o.heard.limit(o.MaxPeers, o.IdleTimeout)
	return checkAll(o.Hooks.check("onConnect", "onReceiveOSC", "onClose"), o.Access.check(), o.checkAddress(),
		o.checkProtocol(), o.checkSecure(), err)
}

func (o *OscIn) checkSecure() error {
	if o.speaksTLS() && o.Protocol != "tcp" {
		return &graph.ParamError{Param: "protocol", Msg: "only tcp can be TLS"}
	}
	return o.Secure.check(true)
}

func (o *OscIn) checkAddress() error {
	client := o.Protocol == "reliablemsging" && o.Mode == "client"
	switch {
	case o.Protocol == "multicastmsging" && o.Address == "":
		return &graph.ParamError{Param: "protocol", Msg: "multicastmsging needs address, the group to join"}
	case client && (o.Address == "" || o.Port == 0):
		return &graph.ParamError{Param: "mode", Msg: "a client needs address and port, to connect to"}
	case client:
		return nil
	case !o.datagrams && o.Address != "":
		return &graph.ParamError{
			Param: "address", Msg: "it is for multicast and for clients; where " + o.Protocol + " listens is localaddress",
		}
	}
	return multicastGroup(o.Address)
}

// checkProtocol reports what only applies to other protocols.
func (o *OscIn) checkProtocol() error {
	var errs []error
	if o.Protocol != "tcp" {
		errs = append(errs, misplaced(o, "protocol tcp", "framing"))
	}
	if o.Protocol != "reliablemsging" {
		errs = append(errs, misplaced(o, "protocol reliablemsging", "mode"))
	}
	if o.datagrams {
		errs = append(errs, misplaced(o, "protocols tcp and reliablemsging", "maxpersource", "slowpeer", "keepalive"))
	} else {
		errs = append(errs, misplaced(o, "protocols msging and multicastmsging", "recvbuffer"))
	}
	return checkAll(errs...)
}

// Start implements [graph.Starter].
func (o *OscIn) Start(_ context.Context, n *graph.Node) error {
	o.StartOffline(n)
	allow, err := peer.ParseAllow(o.Allow)
	if err != nil {
		return err
	}
	if !o.datagrams {
		return o.openConnections(n, allow)
	}
	return o.openDatagram(peer.DatagramConfig{
		Owner: n, Address: o.Address, Port: o.Port, LocalAddress: o.LocalAddress, Allow: allow,
		MaxMessage: min(o.MaxMessage, peer.MaxDatagram), MaxPeers: o.MaxPeers, IdleTimeout: o.IdleTimeout,
		RecvBuffer: o.RecvBuffer,
	})
}

// StartOffline implements [graph.OfflineStarter].
func (o *OscIn) StartOffline(n *graph.Node) { o.decoder.discarded = n.Loss("discarded") }

// openConnections opens a TCP server, or a UDT server or client.
func (o *OscIn) openConnections(n *graph.Node, allow []netip.Prefix) error {
	cfg := peer.StreamConfig{
		Owner: n, Protocol: peer.UDTMessages, Address: o.Address, Port: o.Port, LocalAddress: o.LocalAddress, OSC: true,
		Allow: allow, MaxMessage: o.MaxMessage, MaxPeers: o.MaxPeers, MaxPerSource: o.MaxPerSource,
		IdleTimeout: o.IdleTimeout, SlowPeer: o.slowPolicy(), NoKeepAlive: !o.KeepAlive.On(),
	}
	if o.Protocol == "tcp" {
		cfg.Protocol = peer.TCP
		if err := cfg.Framing.UnmarshalText([]byte(o.Framing)); err != nil {
			return err
		}
	}
	var err error
	if cfg.Secure, err = o.wrap(true, ""); err != nil {
		return err
	}
	return o.openStream(cfg, o.Mode == "server")
}

// Decode implements [graph.Decoder].
func (o *OscIn) Decode(e *graph.Event, w *table.Writer) error { return o.decoder.decode(&o.rows, e, w) }

// Cook implements [graph.Operator].
func (o *OscIn) Cook(c *graph.Cook) error {
	return o.cook(c, &o.Endpoint, func(k *caller, e *graph.Event) { o.called.call(k, e) })
}
