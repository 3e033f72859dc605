package ops

import (
	"fmt"
	"time"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// Latest keeps the last row of each key: the state of every fader. Its rows are in the order in which
// they came; a key that comes again moves to the end, and what reads the table is given that row only.
// A row stays when its input's is gone.
type Latest struct {
	By      []string      `default:"address" help:"columns whose cells together are the key"`
	Timeout time.Duration `default:"0" min:"0" unit:"seconds" help:"a key that had no row for so long is taken out; 0: never"`
	MaxKeys int           `default:"100000" min:"1" max:"10000000" help:"most keys; a row with one more is an error of the node, and left out"`

	in, out keyColumns // in the input, in its own table
	columns columnCopy
	index   keyIndex // hash of a key: its entry
	keyed
	keys  []latestKey // of the entries
	cooks uint64
	seen  uint64 // rows of the input below it were given
	times []latestKey
}

type latestKey struct {
	hash uint64
	row  uint64        // of the input
	cook uint64        // in which that was given
	at   time.Duration // of that cook
}

// Describe implements [graph.Describer].
func (*Latest) Describe() graph.Description {
	return graph.Description{
		Name: "latest", Help: "Keeps the last row of each key: the state of every fader.",
		Inputs: graph.Arity{Min: 1, Max: 1}, Class: graph.ClassFold,
	}
}

// Check implements [graph.Checker].
func (l *Latest) Check() error {
	l.in.names, l.out.names = l.By, l.By
	return checkKeys("by", l.By)
}

// Adopt implements [graph.Adopter]: keys whose rows are gone from the input stay.
func (l *Latest) Adopt(old graph.Operator) error {
	was, now := old.(*Latest), *l
	if err := differ([]setting{{"by", l.By}}, []setting{{"by", was.By}}); err != nil {
		return err
	}
	*l = *was
	l.By, l.Timeout, l.MaxKeys = now.By, now.Timeout, now.MaxKeys
	return nil
}

// Cook implements [graph.Operator].
func (l *Latest) Cook(c *graph.Cook) error {
	d, w, own := c.Changes(0), c.Out(), c.Node().Table()
	l.cooks++
	l.in.update(d.Schema())
	l.out.update(own.Schema())
	l.columns.update(d.Schema(), w)
	if d.Reset {
		for _, past := range d.Past {
			l.take(c, d, past)
			l.write(nil, d, w)
		}
		l.begin(w)
		from := w.End()
		old, fresh := d.Renew()
		l.take(c, d, old)
		l.write(nil, d, w)
		w.RestateFrom(from)
		l.take(c, d, fresh)
		own = nil
	} else {
		l.lost(c, own, func(e int32) { l.drop(e, w) })
		l.take(c, d, d.Appended)
	}
	l.write(own, d, w)
	l.seen = d.Window().Hi
	l.expire(c, w)
	return nil
}

// begin forgets all keys, but when their rows came.
func (l *Latest) begin(w *table.Writer) {
	l.times = l.times[:0]
	for e := l.head; e != 0; e = l.entries[e].next {
		l.times = append(l.times, l.keys[e])
	}
	w.Reset()
	l.index.reset()
	l.keyed.reset()
}

// take has each of the rows be its key's last one.
func (l *Latest) take(c *graph.Cook, d table.Delta, rows table.Range) {
	known := l.times
	for row := range d.Rows(rows) {
		n, at := row.Number(), c.Time
		if d.Reset && n < l.seen && l.Timeout > 0 {
			for len(known) > 0 && known[0].row < n {
				known = known[1:]
			}
			if len(known) == 0 || known[0].row != n || known[0].at+l.Timeout <= c.Time {
				continue // another row of its key came later, or its time was over
			}
			at = known[0].at
		}
		if l.in.missing != nil {
			c.Report(keyError(row, l.in.missing))
			continue
		}
		l.takeRow(c, d, row, at)
	}
}

func (l *Latest) takeRow(c *graph.Cook, d table.Delta, row table.Row, at time.Duration) {
	hash := l.in.hash(row)
	e := l.find(c, d, row, hash)
	switch {
	case e != 0:
		l.touch(e)
	case l.n >= l.MaxKeys:
		c.Report(keyError(row, fmt.Errorf("%s is left out: there are %d keys, as many as maxkeys says", l.in.text(row), l.n)))
		return
	default:
		e = l.add()
		l.index.add(hash, uint64(e))
	}
	for len(l.keys) <= int(e) {
		l.keys = append(l.keys, latestKey{})
	}
	l.keys[e] = latestKey{hash: hash, row: row.Number(), cook: l.cooks, at: at}
}

// find returns the entry of a row's key, or 0.
func (l *Latest) find(c *graph.Cook, d table.Delta, row table.Row, hash uint64) int32 {
	for p := l.index.probe(hash); ; {
		e, ok := p.next()
		if !ok {
			return 0
		}
		var other table.Row
		at := l.in.at
		if k := &l.keys[e]; k.cook == l.cooks {
			other = d.Row(k.row)
		} else {
			other, at = c.Node().Table().Row(l.entries[e].out), l.out.at
		}
		if l.in.same(row, other, at) {
			return int32(e)
		}
	}
}

func (l *Latest) write(own *table.Table, d table.Delta, w *table.Writer) {
	l.flush(own, w, func(e int32) { l.columns.copy(w, d.Row(l.keys[e].row)) })
}

// expire takes out the keys that had no row for too long.
func (l *Latest) expire(c *graph.Cook, w *table.Writer) {
	if l.Timeout <= 0 {
		return
	}
	for l.head != 0 && l.keys[l.head].at+l.Timeout <= c.Time {
		l.drop(l.head, w)
	}
	if l.head != 0 {
		c.Wake(l.keys[l.head].at + l.Timeout)
	}
}

func (l *Latest) drop(e int32, w *table.Writer) {
	l.index.remove(l.keys[e].hash, uint64(e))
	l.keyed.remove(e, w)
}
