package ops

import (
	"fmt"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/ops/script"
	"linecook.dev/linecook/peer/osc"
)

// call calls back for each message of a packet.
func (r *oscReader) call(k *caller, e *graph.Event) {
	if err := r.parse(e.Data); err != nil {
		k.dat.Cook.Report(err)
		return
	}
	row := e.Rows.Lo
	for _, m := range r.inScope {
		if err := r.callMessage(k, e, m, row); err != nil {
			k.dat.Cook.Report(fmt.Errorf("message %s: %w", m.Address(), err))
		}
		if row+1 < e.Rows.Hi { // a bundle may be one row
			row++
		}
	}
}

func (r *oscReader) callMessage(k *caller, e *graph.Event, m *osc.Message, row uint64) error {
	args, err := r.args.cells(m)
	if err != nil {
		return err
	}
	data, err := r.alone(e, m)
	if err != nil {
		return err
	}
	r.text = osc.AppendText(r.text[:0], m)
	msg := ReceivedOSC{
		RowIndex: k.at(row), Message: string(r.text), Bytes: data, TimeStamp: timeStamp(e, m),
		Address: string(m.Address()), Args: args, Peer: k.handle(e),
	}
	if f := k.hooks.OnReceiveOSC; f != nil {
		k.dat.Cook.Try(func() error { return f(&k.dat, msg) })
	}
	k.script("onReceiveOSC", func(in *script.Instance) []script.Value {
		list := make([]script.Value, len(args))
		for i, arg := range args {
			list[i] = in.Cell(arg)
		}
		return []script.Value{
			script.Int(msg.RowIndex), script.Text(msg.Message), script.Bytes(data), script.Float(msg.TimeStamp),
			script.Text(msg.Address), script.List(list...), scriptPeer(in, e),
		}
	})
	return nil
}

// timeStamp returns the time of the message's bundle, or without one that of its arrival, in seconds
// since 1970.
func timeStamp(e *graph.Event, m *osc.Message) float64 {
	if m.Time.IsImmediate() {
		return float64(e.Time) / 1e9
	}
	return float64(m.Time.Time().UnixNano()) / 1e9
}
