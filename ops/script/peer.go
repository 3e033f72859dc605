package script

import (
	"fmt"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/peer"
)

// A Peer is what a script can do with a remote end in one cook. A [peer.Handle] is one.
type Peer interface {
	peer.Sender
	Owner() *graph.Node
	Port() int
	Address() string
	Hostname() string
	Reason() error // why it has ended
	Close() bool
}

// A peerValue is a peer in a script. It stays valid from callback to callback: it is the handle that
// the cell holds, and what it does it does in the cook that is going on.
type peerValue struct {
	in   *Instance
	peer table.Peer
}

func (p *peerValue) String() string        { return p.peer.String() }
func (p *peerValue) Type() string          { return "peer" }
func (p *peerValue) Freeze()               {}
func (p *peerValue) Truth() starlark.Bool  { return true }
func (p *peerValue) Hash() (uint32, error) { return starlark.String(p.peer.String()).Hash() }

// CompareSameType compares identities: the same connection or source address is the same peer.
func (p *peerValue) CompareSameType(op syntax.Token, y starlark.Value, _ int) (bool, error) {
	same := p.peer == y.(*peerValue).peer
	switch op {
	case syntax.EQL:
		return same, nil
	case syntax.NEQ:
		return !same, nil
	}
	return false, fmt.Errorf("peers have no order")
}

// use returns what can be done with the peer in the present cook.
func (p *peerValue) use() (Peer, error) {
	c := p.in.cook
	if c == nil {
		return nil, fmt.Errorf("peer %s can be used in a callback only", p.peer)
	}
	if p.in.env.Peer != nil {
		return p.in.env.Peer(c, p.peer), nil
	}
	if q, ok := p.peer.(*peer.Peer); ok {
		return q.In(c), nil
	}
	return nil, fmt.Errorf("peer %s cannot be used here", p.peer)
}

func (p *peerValue) sender() (peer.Sender, error) { return p.act() }

// act is use for what changes something.
func (p *peerValue) act() (Peer, error) {
	if p.in.pure {
		return nil, fmt.Errorf("an expression can only look at a peer; callbacks can send")
	}
	if p.in.env.Looks {
		return nil, fmt.Errorf("this operator can only look at a peer; callbacks of the operator that received can send, and so can reply")
	}
	return p.use()
}

var peerMethods = map[string]*starlark.Builtin{
	"close":     builtin("close", closePeer),
	"send":      builtin("send", send),
	"sendBytes": builtin("sendBytes", sendBytes),
	"sendOSC":   builtin("sendOSC", sendOSC),
}

// AttrNames returns the names of members and methods.
func (p *peerValue) AttrNames() []string {
	return append(attrNames(peerMethods), "owner", "port", "address", "hostname", "reason")
}

// Attr returns a member or a method.
func (p *peerValue) Attr(name string) (starlark.Value, error) {
	if m, err := attr(peerMethods, p, name); m != nil || err != nil {
		return m, err
	}
	switch name {
	case "owner", "port", "address", "hostname", "reason":
	default:
		return nil, nil
	}
	r, err := p.use()
	if err != nil {
		return nil, err
	}
	return remoteMember(r, name), nil
}

func remoteMember(r Peer, name string) starlark.Value {
	switch name {
	case "owner":
		return nodeValue{r.Owner()}
	case "port":
		return starlark.MakeInt(r.Port())
	case "address":
		return starlark.String(r.Address())
	case "reason":
		if err := r.Reason(); err != nil {
			return starlark.String(err.Error())
		}
		return starlark.None
	}
	return starlark.String(r.Hostname())
}

func closePeer(c call) (starlark.Value, error) {
	if err := c.unpack(0); err != nil {
		return nil, err
	}
	r, err := c.recv.(*peerValue).act()
	if err != nil {
		return nil, err
	}
	return starlark.Bool(r.Close()), nil
}

// A nodeValue is a node in a script: its name and path.
type nodeValue struct{ node *graph.Node }

func (n nodeValue) String() string        { return n.node.String() }
func (n nodeValue) Type() string          { return "node" }
func (n nodeValue) Freeze()               {}
func (n nodeValue) Truth() starlark.Bool  { return true }
func (n nodeValue) Hash() (uint32, error) { return starlark.String(n.node.String()).Hash() }
func (n nodeValue) AttrNames() []string   { return []string{"name", "path"} }

// Attr returns the node's name or path.
func (n nodeValue) Attr(name string) (starlark.Value, error) {
	switch name {
	case "name":
		return starlark.String(n.node.Name()), nil
	case "path":
		return starlark.String(n.node.Path()), nil
	}
	return nil, nil
}
