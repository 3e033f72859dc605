package ops

import (
	"fmt"
	"reflect"

	"linecook.dev/linecook/graph"
)

// A setting is a parameter that an operator reads when it opens.
type setting struct {
	name  string
	value any
}

// differ says which of the settings of an operator are not those that one before it has opened with; nil if none.
func differ(now, was []setting) error {
	for i, s := range now {
		if !reflect.DeepEqual(s.value, was[i].value) {
			return fmt.Errorf("%s has changed", s.name)
		}
	}
	return nil
}

// settings are the parameters that a socket is opened with.
func (a *Access) settings() []setting {
	return []setting{
		{"localaddress", a.LocalAddress}, {"allow", a.Allow}, {"maxpeers", a.MaxPeers}, {"idletimeout", a.IdleTimeout},
	}
}

func (s *StreamOptions) settings() []setting {
	return []setting{{"slowpeer", s.SlowPeer}, {"keepalive", s.KeepAlive}}
}

func (s *Secure) settings() []setting {
	return []setting{{"tlscert", s.TlsCert}, {"tlskey", s.TlsKey}, {"tlsca", s.TlsCa}}
}

// takeOver makes e the sockets of an operator before it, and all that is known of them.
func (e *Endpoint) takeOver(old *Endpoint) {
	e.open.Store(old.open.Load())
	e.last.Store(old.last.Load())
	e.to.Store(old.to.Load())
	e.connected, e.heard.order, e.heard.at = old.connected, old.heard.order, old.heard.at
}

// takeOver goes on with the script of an operator before, if it is the same. at is where its sends go.
func (h *Hooks) takeOver(old *Hooks, at *Endpoint) {
	if r := old.running; r != nil && r.err == nil && h.Callbacks.Same(old.Callbacks) {
		h.program, h.running = old.program, r
		r.at = at
	}
}

// succeed has an operator with sockets, of endpoint e and hooks h, take over from one before it.
func succeed(e *Endpoint, h *Hooks, wasAt *Endpoint, wasHooks *Hooks, now, was []setting) error {
	h.takeOver(wasHooks, e)
	err := differ(now, was)
	if err == nil {
		e.takeOver(wasAt)
	}
	return err
}

// Adopt implements [graph.Adopter].
func (u *UdpIn) Adopt(old graph.Operator) error {
	was := old.(*UdpIn)
	return succeed(&u.Endpoint, &u.Hooks, &was.Endpoint, &was.Hooks, u.settings(), was.settings())
}

func (u *UdpIn) settings() []setting {
	return append(u.Access.settings(), []setting{
		{"port", u.Port}, {"address", u.Address}, {"maxmessage", u.MaxMessage}, {"recvbuffer", u.RecvBuffer},
	}...)
}

// Adopt implements [graph.Adopter].
func (u *UdpOut) Adopt(old graph.Operator) error {
	was := old.(*UdpOut)
	return succeed(&u.Endpoint, &u.Hooks, &was.Endpoint, &was.Hooks, u.settings(), was.settings())
}

func (u *UdpOut) settings() []setting {
	return []setting{{"port", u.Port}, {"address", u.Address}, {"localaddress", u.LocalAddress}, {"replies", u.wanted()}}
}

// Adopt implements [graph.Adopter].
func (t *TcpIp) Adopt(old graph.Operator) error {
	was := old.(*TcpIp)
	return succeed(&t.Endpoint, &t.Hooks, &was.Endpoint, &was.Hooks, t.settings(), was.settings())
}

func (t *TcpIp) settings() []setting {
	list := append(t.Access.settings(), t.StreamOptions.settings()...)
	return append(append(list, t.Secure.settings()...), []setting{
		{"mode", t.Mode}, {"port", t.Port}, {"address", t.Address}, {"format", t.Format},
		{"maxpersource", t.MaxPerSource}, {"maxmessage", t.MaxMessage},
	}...)
}

// Adopt implements [graph.Adopter].
func (u *UdtIn) Adopt(old graph.Operator) error {
	was := old.(*UdtIn)
	return succeed(&u.Endpoint, &u.Hooks, &was.Endpoint, &was.Hooks, u.settings(), was.settings())
}

func (u *UdtIn) settings() []setting { return append(u.Udt.settings(), u.role().settings()...) }

func (u *Udt) settings() []setting {
	list := append(u.Access.settings(), u.StreamOptions.settings()...)
	list = append(list, []setting{{"protocol", u.Protocol}, {"maxpersource", u.MaxPerSource}, {"maxmessage", u.MaxMessage}}...)
	if !u.messages() {
		list = append(list, setting{"format", u.Format})
	}
	return list
}

func (r udtRole) settings() []setting {
	return []setting{{"mode", r.mode}, {"port", r.port}, {"address", r.address}, {"localport", r.localPort}}
}

// Adopt implements [graph.Adopter]. Rows that wait for a server go on waiting.
func (u *UdtOut) Adopt(old graph.Operator) error {
	was := old.(*UdtOut)
	err := succeed(&u.Endpoint, &u.Hooks, &was.Endpoint, &was.Hooks, u.settings(), was.settings())
	if err == nil {
		u.rowsOut = was.rowsOut
	}
	return err
}

func (u *UdtOut) settings() []setting { return append(u.Udt.settings(), u.role().settings()...) }

// Adopt implements [graph.Adopter].
func (o *OscIn) Adopt(old graph.Operator) error {
	was := old.(*OscIn)
	o.decoder.discarded = was.decoder.discarded
	return succeed(&o.Endpoint, &o.Hooks, &was.Endpoint, &was.Hooks, o.settings(), was.settings())
}

func (o *OscIn) settings() []setting {
	list := append(o.Access.settings(), o.StreamOptions.settings()...)
	return append(append(list, o.Secure.settings()...), []setting{
		{"protocol", o.Protocol}, {"mode", o.Mode}, {"port", o.Port}, {"address", o.Address}, {"framing", o.Framing},
		{"maxpersource", o.MaxPerSource}, {"maxmessage", o.MaxMessage}, {"recvbuffer", o.RecvBuffer},
	}...)
}

// Adopt implements [graph.Adopter]. Rows that wait for a server go on waiting.
func (o *OscOut) Adopt(old graph.Operator) error {
	was := old.(*OscOut)
	o.decoder.discarded = was.decoder.discarded
	err := succeed(&o.Endpoint, &o.Hooks, &was.Endpoint, &was.Hooks, o.settings(), was.settings())
	if err == nil {
		o.rows = was.rows
	}
	return err
}

func (o *OscOut) settings() []setting {
	list := append(o.Access.settings(), o.StreamOptions.settings()...)
	return append(list, []setting{
		{"protocol", o.Protocol}, {"mode", o.Mode}, {"port", o.Port}, {"address", o.Address},
		{"localaddress", o.LocalAddress}, {"maxpersource", o.MaxPerSource}, {"replies", o.wanted()},
	}...)
}
