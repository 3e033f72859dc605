package script

import (
	"errors"
	"fmt"
	"slices"

	"go.starlark.net/starlark"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/peer"
)

// A Dat is a node and its table in a script. It is made once for an Instance, so that a script may
// keep it; before each callback the operator says what it shows.
type Dat struct {
	in   *Instance
	node *graph.Node
	view table.View
	own  bool // it is the node that the callbacks belong to
	ref  int  // if node is nil: index among the node's references
}

// Own returns the Dat of n, the node that the callbacks belong to; always the same one. It can send,
// and has peers.
func (in *Instance) Own(n *graph.Node) *Dat {
	in.own.node = n
	return &in.own
}

// Other returns the Dat of another node, as of an input.
func (in *Instance) Other(n *graph.Node) *Dat { return &Dat{in: in, node: n} }

// Show makes v what the callbacks from now on see. It must be valid while they run.
func (d *Dat) Show(v table.View) { d.view = v }

// look returns the node and its table as they are in the present callback.
func (d *Dat) look() (*graph.Node, *table.View, error) {
	c := d.in.cook
	switch {
	case c == nil:
		return nil, nil, fmt.Errorf("a table can be read in a callback only")
	case d.node == nil:
		return c.Node().Refs()[d.ref], &c.Ref(d.ref).View, nil
	}
	return d.node, &d.view, nil
}

// String returns the node's path.
func (d *Dat) String() string {
	n, _, err := d.look()
	if err != nil {
		return "dat"
	}
	return n.String()
}

// Type returns "dat".
func (d *Dat) Type() string { return "dat" }

// Freeze does nothing: a script cannot change a Dat.
func (d *Dat) Freeze() {}

// Truth returns True, also of an empty table.
func (d *Dat) Truth() starlark.Bool { return true }

// Hash returns a hash of the node.
func (d *Dat) Hash() (uint32, error) { return starlark.String(d.String()).Hash() }

// Get implements dat[row, column]: the cell, or None if no column has that name.
func (d *Dat) Get(key starlark.Value) (starlark.Value, bool, error) {
	at, ok := key.(starlark.Tuple)
	if !ok || len(at) != 2 {
		return nil, false, fmt.Errorf("a cell is dat[row, column]; a row is dat.row(i)")
	}
	_, v, err := d.look()
	if err != nil {
		return nil, false, err
	}
	row, err := index("row", at[0], v.NumRows())
	if err != nil {
		return d.beyond(err)
	}
	col, err := column(v, at[1])
	if err != nil {
		return d.beyond(err)
	}
	if col < 0 {
		return starlark.None, true, nil
	}
	return d.in.Cell(v.Cell(v.At(row), col)), true, nil
}

// beyond is what there is outside of a table: in an expression None, else an error.
func (d *Dat) beyond(err error) (starlark.Value, bool, error) {
	if _, ok := errors.AsType[*rangeError](err); ok && d.in.pure {
		return starlark.None, true, nil
	}
	return nil, false, err
}

// A rangeError is an index of something that is not there.
type rangeError struct {
	what string
	i, n int
}

func (e *rangeError) Error() string {
	return fmt.Sprintf("%s %d is out of range: there are %d", e.what, e.i, e.n)
}

// index reads a place in a list of n, which may count from the end.
func index(what string, v starlark.Value, n int) (int, error) {
	i, err := starlark.AsInt32(v)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", what, err)
	}
	if i < -n || i >= n {
		return 0, &rangeError{what, i, n}
	}
	if i < 0 {
		i += n
	}
	return i, nil
}

// column returns the number of a column, which is given by name or number; -1 if no column has that
// name.
func column(v *table.View, key starlark.Value) (int, error) {
	if name, ok := key.(starlark.String); ok {
		return v.Schema().Index(string(name)), nil
	}
	return index("column", key, v.Schema().Len())
}

var datMethods = map[string]*starlark.Builtin{
	"row":  builtin("row", datRow),
	"col":  builtin("col", datCol),
	"rows": builtin("rows", datRows),
	"cols": builtin("cols", datCols),
}

var ownMethods = map[string]*starlark.Builtin{
	"send":      builtin("send", send),
	"sendBytes": builtin("sendBytes", sendBytes),
	"sendOSC":   builtin("sendOSC", sendOSC),
}

// AttrNames returns the names of members and methods.
func (d *Dat) AttrNames() []string {
	names := append(attrNames(datMethods), "name", "path", "numRows", "numCols")
	if d.own {
		names = append(append(names, attrNames(ownMethods)...), "peers")
	}
	return names
}

// Attr returns a member or a method.
func (d *Dat) Attr(name string) (starlark.Value, error) {
	if m, err := attr(datMethods, d, name); m != nil || err != nil {
		return m, err
	}
	if !slices.Contains(d.AttrNames(), name) {
		return nil, nil
	}
	if m, err := attr(ownMethods, d, name); m != nil || err != nil {
		return m, err
	}
	n, v, err := d.look()
	if err != nil {
		return nil, err
	}
	switch name {
	case "name":
		return starlark.String(n.Name()), nil
	case "path":
		return starlark.String(n.Path()), nil
	case "numRows":
		return starlark.MakeInt(v.NumRows()), nil
	case "numCols":
		return starlark.MakeInt(v.Schema().Len()), nil
	}
	return d.peers(), nil
}

func (d *Dat) peers() starlark.Value {
	var list []starlark.Value
	if d.in.env.Peers != nil {
		for _, p := range d.in.env.Peers(d.in.cook) {
			list = append(list, &peerValue{d.in, p})
		}
	}
	return starlark.NewList(list)
}

func (d *Dat) sender() (peer.Sender, error) {
	switch {
	case d.in.env.Sender == nil:
		return nil, fmt.Errorf("%s cannot send", d)
	case d.in.cook == nil:
		return nil, fmt.Errorf("%s can send in a callback only", d)
	}
	return d.in.env.Sender(d.in.cook), nil
}

// line returns the cells of a row.
func (d *Dat) line(v *table.View, row int) starlark.Value {
	cells, at := make([]starlark.Value, v.Schema().Len()), v.At(row)
	for col := range cells {
		cells[col] = d.in.Cell(v.Cell(at, col))
	}
	return starlark.NewList(cells)
}

// upright returns the cells of a column.
func (d *Dat) upright(v *table.View, col int) starlark.Value {
	cells := make([]starlark.Value, 0, v.NumRows())
	for row := range v.Rows(v.Window()) {
		cells = append(cells, d.in.Cell(row.Cell(col)))
	}
	return starlark.NewList(cells)
}

func datRow(c call) (starlark.Value, error) {
	var at starlark.Value
	if err := c.unpack(1, &at); err != nil {
		return nil, err
	}
	d := c.recv.(*Dat)
	_, v, err := d.look()
	if err != nil {
		return nil, err
	}
	row, err := index("row", at, v.NumRows())
	if err != nil {
		return nil, err
	}
	if err := c.spend(v.Schema().Len()); err != nil {
		return nil, err
	}
	return d.line(v, row), nil
}

func datCol(c call) (starlark.Value, error) {
	var at starlark.Value
	if err := c.unpack(1, &at); err != nil {
		return nil, err
	}
	d := c.recv.(*Dat)
	_, v, err := d.look()
	if err != nil {
		return nil, err
	}
	col, err := column(v, at)
	if err != nil || col < 0 {
		return starlark.None, err
	}
	if err := c.spend(v.NumRows()); err != nil {
		return nil, err
	}
	return d.upright(v, col), nil
}

func datRows(c call) (starlark.Value, error) {
	return datAll(c, func(v *table.View) int { return v.NumRows() }, (*Dat).line)
}

func datCols(c call) (starlark.Value, error) {
	return datAll(c, func(v *table.View) int { return v.Schema().Len() }, (*Dat).upright)
}

// datAll returns the n lists that one makes.
func datAll(c call, n func(*table.View) int, one func(*Dat, *table.View, int) starlark.Value) (starlark.Value, error) {
	if err := c.unpack(0); err != nil {
		return nil, err
	}
	d := c.recv.(*Dat)
	_, v, err := d.look()
	if err != nil {
		return nil, err
	}
	if err := c.spend(v.NumRows() * v.Schema().Len()); err != nil {
		return nil, err
	}
	list := make([]starlark.Value, n(v))
	for i := range list {
		list[i] = one(d, v, i)
	}
	return starlark.NewList(list), nil
}
