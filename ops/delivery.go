package ops

import (
	"sync"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/peer"
)

// What a client keeps for a server that it is not connected to: what the queue of a peer takes.
const (
	heldMessages = 1024
	heldBytes    = 1 << 20
)

// A delivery sends rows to all that are connected. A client's rows wait while it is not; those of a server
// that nobody is connected to are nobody's, and counted.
type delivery struct {
	client bool
	unsent *graph.Counter

	mu   sync.Mutex // a node may be cooked while it is closed
	held []byte
	ends []int // where each message ends in held
}

func newDelivery(n *graph.Node, client bool) *delivery {
	return &delivery{client: client, unsent: n.Loss("unsent")}
}

// sendRows sends what encode makes of each new row of all inputs to the peers there are.
func (d *delivery) sendRows(c *graph.Cook, to peer.Group, encode encoder) {
	d.release(c, to)
	sendRows(c, encode, func(data []byte) error { return d.send(to, data) })
}

func (d *delivery) send(to peer.Group, data []byte) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case len(to) > 0:
		_, err := to.SendBytes(data)
		return err
	case !d.client:
		d.unsent.Add(1)
		return nil
	case len(d.ends) == heldMessages || len(d.held)+len(data) > heldBytes:
		d.unsent.Add(1)
		return &peer.QueueError{
			Messages: len(d.ends) + 1, Bytes: len(d.held) + len(data), MaxMessages: heldMessages, MaxBytes: heldBytes,
		}
	}
	d.held = append(d.held, data...)
	d.ends = append(d.ends, len(d.held))
	return nil
}

// release sends what waits, once there is somebody.
func (d *delivery) release(c *graph.Cook, to peer.Group) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(to) == 0 || len(d.ends) == 0 {
		return
	}
	start := 0
	for _, end := range d.ends {
		if _, err := to.SendBytes(d.held[start:end]); err != nil {
			c.Report(err)
		}
		start = end
	}
	d.held, d.ends = nil, nil
}

// abandon counts what waits and will not be sent.
func (d *delivery) abandon() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.ends) > 0 {
		d.unsent.Add(uint64(len(d.ends)))
		d.held, d.ends = nil, nil
	}
}

// refuseRows reports each new row of all inputs, which cannot be sent: nothing is open.
func refuseRows(c *graph.Cook) {
	for i := range c.NumInputs() {
		delta := c.In(i)
		c.Each(delta.View, delta.Fresh, func(table.Row) error { return errNotOpen })
	}
}

// An encoder makes what is sent of a row.
type encoder func(*table.Schema, table.Row) ([]byte, error)

// sendRows sends what encode makes of each new row of all inputs.
func sendRows(c *graph.Cook, encode encoder, send func(data []byte) error) {
	for i := range c.NumInputs() {
		delta := c.In(i)
		c.EachNew(delta, func(row table.Row) error {
			data, err := encode(delta.Schema(), row)
			if err == nil {
				err = send(data)
			}
			return err
		})
	}
}
