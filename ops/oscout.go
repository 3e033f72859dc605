package ops

import (
	"cmp"
	"context"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/peer"
	"linecook.dev/linecook/peer/osc"
)

// OscOut sends every new row as an OSC message, by UDP or UDT. What OscIn makes of a message becomes that
// message again, type by type. What comes back can make the rows of its own table.
type OscOut struct {
	Address      string `default:"127.0.0.1" help:"IP address or name to send to; UDP: may be a broadcast address or a multicast group"`
	Port         int    `required:"true" min:"0" max:"65535" help:"port to send to; of a server, to listen on, 0 picks a free one"`
	Protocol     string `default:"msging" menu:"msging multicastmsging reliablemsging" help:"msging: UDP; multicastmsging: UDP to the group that address names; reliablemsging: UDT messages, which all arrive"`
	Mode         string `default:"client" menu:"client server" help:"reliablemsging: client: it connects to address and port, and again when the connection has ended, and rows wait until then, up to 1024 or 1 MiB; server: others connect to port, and each row goes to all that are connected, if anybody is"`
	LocalAddress string `help:"IP address of the network interface to send from; empty is the system's choice. Of a server, the address to listen on; empty is 127.0.0.1"`
	Access
	MaxPerSource int `default:"0" min:"0" max:"65536" help:"server: most peers at once from one address; 0: a quarter of maxpeers, but 16 if maxpeers allows them"`
	StreamOptions
	AddScope string `par:"addscope" help:"replies: patterns of the addresses to take, separated by spaces (* ? [abc] [1-9]); those with a ^ in front are left out"`
	Answers
	Endpoint `par:"-"`

	rows    *delivery // of reliablemsging, else nil
	message oscRow
	decoder oscReader // of replies, of the goroutine that receives
	called  oscReader // of the one that cooks
}

// Describe implements [graph.Describer].
func (*OscOut) Describe() graph.Description {
	return graph.Description{
		Name: "oscout", Help: "Sends every new row as an OSC message: column address, and arg1, arg2 and so on (or all others) with their types. Its table can have the replies.",
		Inputs: graph.Arity{Min: 1, Max: graph.Many}, Class: graph.ClassEffect,
	}
}

// Check implements [graph.Checker].
func (o *OscOut) Check() error {
	var scope osc.Scope
	err := ofParam("addscope", scope.Parse(o.AddScope))
	o.decoder.reset(scope)
	o.called.reset(scope)
	callbacks := []string{"onConnect", "onReceiveOSC", "onClose"}
	return checkAll(o.Answers.check(o, callbacks, "addscope"), sendable(o.LocalAddress), o.Access.check(), o.checkProtocol(), o.checkPort(), err)
}

// Effect implements [graph.Effect].
func (*OscOut) Effect() bool { return true }

func (o *OscOut) checkProtocol() error {
	switch {
	case o.Protocol == "reliablemsging" && o.Mode == "server":
		return misplaced(o, "client; a server listens at localaddress and port", "address")
	case o.Protocol == "reliablemsging":
		return nil
	case o.Protocol == "multicastmsging":
		if err := multicastGroup(o.Address); err != nil {
			return err
		}
	}
	return misplaced(o, "protocol reliablemsging", "mode", "allow", "maxpeers", "maxpersource", "idletimeout", "slowpeer", "keepalive")
}

func (o *OscOut) checkPort() error {
	if o.Port == 0 && o.Mode == "client" {
		return &graph.ParamError{Param: "port", Msg: "0 is no port to send to"}
	}
	return nil
}

// Start implements [graph.Starter].
func (o *OscOut) Start(_ context.Context, n *graph.Node) error {
	if o.wanted() {
		o.decoder.discarded = n.Loss("discarded")
	}
	if o.Protocol != "reliablemsging" {
		return o.openDestination(peer.DatagramConfig{
			Owner: n, Address: o.Address, Port: o.Port, LocalAddress: o.LocalAddress, NoReplies: !o.wanted(),
		})
	}
	allow, err := peer.ParseAllow(o.Allow)
	if err != nil {
		return err
	}
	o.rows = newDelivery(n, o.Mode == "client")
	return o.openStream(peer.StreamConfig{
		Owner: n, Protocol: peer.UDTMessages, Address: o.Address, Port: o.Port, LocalAddress: o.LocalAddress, OSC: true, Allow: allow,
		MaxPeers: o.MaxPeers, MaxPerSource: o.MaxPerSource, IdleTimeout: o.IdleTimeout,
		SlowPeer: o.slowPolicy(), NoKeepAlive: !o.KeepAlive.On(),
	}, o.Mode == "server")
}

// StartOffline implements [graph.OfflineStarter].
func (o *OscOut) StartOffline(n *graph.Node) {
	if o.Protocol != "reliablemsging" {
		o.openDestinationOffline(n, o.Address, o.Port)
		return
	}
	o.rows = newDelivery(n, o.Mode == "client")
	o.opened(offlineSocket{})
}

// Close implements [io.Closer].
func (o *OscOut) Close() error {
	err := o.Endpoint.Close()
	if o.rows == nil {
		return err
	}
	o.rows.abandon()
	return err
}

// Decode implements [graph.Decoder].
func (o *OscOut) Decode(e *graph.Event, w *table.Writer) error {
	if !o.wanted() {
		return nil
	}
	return o.decoder.decode(&oscRows{extras: o.Extras}, e, w)
}

// Cook implements [graph.Operator].
func (o *OscOut) Cook(c *graph.Cook) error {
	err := o.cook(c, &o.Endpoint, func(k *caller, e *graph.Event) { o.called.call(k, e) })
	switch {
	case o.Protocol != "reliablemsging":
		return cmp.Or(err, o.sendRows(c, o.encode))
	case isShut(c, o.open.Load() == nil):
		refuseRows(c)
	default:
		o.rows.sendRows(c, o.targets(c), o.encode)
	}
	return err
}

func (o *OscOut) encode(s *table.Schema, row table.Row) ([]byte, error) {
	o.message.update(s)
	return o.message.encode(row)
}
