package ops

import (
	"fmt"
	"time"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// Aggregate computes a few values of many rows, for each key by itself. Sums and what follows from
// them are exact and rounded once, so they do not drift when rows leave a window.
//
// Over table it is about the rows as they are. Over anything else a row counts as it was when it came,
// once, whatever happens to it in the input afterwards.
type Aggregate struct {
	By      []string      `help:"columns whose cells together are the key: a row each; without it one row of all"`
	Compute []string      `default:"count" help:"what to compute, as count, mean(arg1) or level=max(arg1): count, sum, mean, min, max, first, last, median, p0 to p100 (percentiles), stddev (of the whole population), rate (rows a second)"`
	Over    string        `default:"table" menu:"table all rows time tumble" help:"table: the rows now in the input; all: every row that ever came; rows: the last rows of each key; time: what came in the last seconds of window; tumble: one window after the other, a row a key at the end of each"`
	Rows    int           `default:"100" min:"1" max:"1000000" unit:"rows" help:"how many rows of each key count, over rows"`
	Window  time.Duration `default:"1" min:"0.001" unit:"seconds" help:"how long a row counts, over time; how long each window is, over tumble"`
	MaxKeys int           `default:"10000" min:"1" max:"1000000" help:"most keys; a row with one more is an error of the node, and left out"`
	MaxRows int           `default:"1000000" min:"1" max:"50000000" unit:"rows" help:"most rows that count at once; over it the oldest leave early, which is an error of the node"`

	measures []measure
	in       keyColumns
	columns  keyColumns // that measures are computed from
	named    slips
	folds    []foldNeeds
	index    keyIndex
	keyed
	groups []group // of the entries
	kept   keptRows
	dirty  []int32
	cells  []table.Value

	broken bool // the last cook did not end
	tumbling
}

// Describe implements [graph.Describer].
func (*Aggregate) Describe() graph.Description {
	return graph.Description{
		Name: "aggregate", Help: "Computes counts, sums, means, percentiles and rates of rows, for each key.",
		Inputs: graph.Arity{Min: 1, Max: 1}, Class: graph.ClassFold,
	}
}

// Check implements [graph.Checker].
func (a *Aggregate) Check() error {
	errs := []error{checkKeys("by", a.By)}
	a.in.names, a.columns = a.By, keyColumns{}
	a.measures, a.folds = nil, nil
	names := map[string]bool{}
	for _, name := range a.By {
		names[name] = true
	}
	for _, text := range a.Compute {
		m, err := parseMeasure(text)
		if err == nil && names[m.name] {
			err = computeError("%q makes a second column %q; give it a name, as mymean=mean(arg1)", text, m.name)
		}
		if err == nil {
			err = a.fits(&m, text)
		}
		names[m.name] = true
		errs = append(errs, err)
		a.measures = append(a.measures, a.plan(m))
	}
	return checkAll(errs...)
}

// fits reports a measure that cannot be had over such rows.
func (a *Aggregate) fits(m *measure, text string) error {
	switch {
	case m.fn == "rate" && a.Over != "time" && a.Over != "tumble":
		return computeError("%q is of a span of time: it takes over: time or over: tumble", text)
	case m.fn == "percentile" && a.Over == "all":
		return computeError("%q would keep every row that ever came: it takes over: table, rows, time or tumble", text)
	}
	return nil
}

// plan notes which column m is computed from, and what that needs.
func (a *Aggregate) plan(m measure) measure {
	if m.column == "" {
		return m
	}
	for m.at = 0; m.at < len(a.columns.names) && a.columns.names[m.at] != m.column; {
		m.at++
	}
	if m.at == len(a.columns.names) {
		a.columns.names = append(a.columns.names, m.column)
		a.folds = append(a.folds, foldNeeds{})
	}
	a.folds[m.at].add(m, a.Over != "all" && a.Over != "tumble")
	return m
}

// Adopt implements [graph.Adopter], where no other values are to be computed.
func (a *Aggregate) Adopt(old graph.Operator) error {
	was, now := old.(*Aggregate), *a
	if err := differ(a.settings(), was.settings()); err != nil {
		return err
	}
	*a = *was
	a.MaxKeys, a.MaxRows = now.MaxKeys, now.MaxRows
	return nil
}

func (a *Aggregate) settings() []setting {
	return []setting{{"by", a.By}, {"compute", a.Compute}, {"over", a.Over}, {"rows", a.Rows}, {"window", a.Window}}
}

// Cook implements [graph.Operator].
func (a *Aggregate) Cook(c *graph.Cook) error {
	d, w := c.Changes(0), c.Out()
	again := a.broken || d.Reset && a.Over == "table"
	if a.broken {
		a.startOver(w)
	}
	a.broken = true
	a.follow(d.Schema(), w)
	a.named.lookFor(c, "compute", a.columns.names...)
	if a.Over == "tumble" {
		a.tumble(c, w)
		a.update(c, d, again)
		a.wakeAtEnd(c)
	} else {
		a.lost(c, c.Node().Table(), nil)
		a.update(c, d, again)
		a.pass(c)
		a.write(c.Node().Table(), w)
	}
	a.broken = false
	return nil
}

// follow follows the input's columns.
func (a *Aggregate) follow(s *table.Schema, w *table.Writer) {
	a.in.update(s)
	a.columns.update(s)
	w.AddCols(a.By...)
	if a.Over == "tumble" {
		w.AddCols("start")
	}
	for i := range a.measures {
		w.Col(a.measures[i].name)
	}
}

// update takes rows that came, and takes out those that went; or takes all of them again.
func (a *Aggregate) update(c *graph.Cook, d table.Delta, again bool) {
	switch {
	case again:
		old, fresh := d.Renew()
		a.empty()
		a.take(c, d, old)
		a.take(c, d, fresh)
	case a.Over == "table":
		a.leave(d)
		a.take(c, d, d.Appended)
	default:
		for rows := range d.News() {
			a.take(c, d, rows)
		}
	}
	if a.kept.sparse() {
		a.kept.compact(a.groups)
	}
}

// startOver forgets everything, after a cook whose writing was taken back.
func (a *Aggregate) startOver(w *table.Writer) {
	w.Reset()
	a.index.reset()
	a.keyed.reset()
	a.kept.reset()
	a.dirty = a.dirty[:0]
}

// empty takes out all rows. What those that are taken again come to is compared with what it was, so that a
// key whose values are the same keeps its row.
func (a *Aggregate) empty() {
	a.kept.reset()
	for e := a.head; e != 0; e = a.entries[e].next {
		a.groups[e].clear()
		a.mark(e)
	}
}

// leave takes out the rows that are no longer in the input, over table.
func (a *Aggregate) leave(d table.Delta) {
	if a.Over != "table" {
		return
	}
	for row := range d.Removed() {
		if at, ok := a.kept.find(row.Number()); ok {
			a.retract(at)
		}
	}
	for a.kept.live > 0 && a.kept.oldest().source < d.Window().Lo {
		a.retract(a.kept.ring.first)
	}
}

// take adds rows.
func (a *Aggregate) take(c *graph.Cook, d table.Delta, rows table.Range) {
	if a.Over == "table" {
		rows.Lo = max(rows.Lo, d.Window().Lo)
	}
	for row := range d.Rows(rows) {
		a.takeRow(c, row, c.Time)
	}
}

// pass takes out the rows whose time is over.
func (a *Aggregate) pass(c *graph.Cook) {
	if a.Over != "time" {
		return
	}
	for a.kept.live > 0 && a.kept.oldest().at+a.Window <= c.Time {
		a.retract(a.kept.ring.first)
	}
	if a.kept.live > 0 {
		c.Wake(a.kept.oldest().at + a.Window)
	}
}

// write writes the rows of keys whose values are not what they were.
func (a *Aggregate) write(own *table.Table, w *table.Writer) {
	for _, e := range a.dirty {
		g := &a.groups[e]
		g.dirty = false
		switch out := a.entries[e].out; {
		case g.rows == 0:
			a.index.remove(g.hash, uint64(e))
			a.keyed.remove(e, w)
		case out == noRow || !a.compute(g).equals(own.Row(out)):
			a.touch(e)
		}
	}
	a.dirty = a.dirty[:0]
	a.flush(own, w, func(e int32) {
		for col, v := range a.compute(&a.groups[e]) {
			w.Set(col, v)
		}
	})
}

// rowCells are the cells of a row that is to be written.
type rowCells []table.Value

func (cells rowCells) equals(row table.Row) bool {
	for col, v := range cells {
		if !v.Equal(row.Cell(col)) {
			return false
		}
	}
	return true
}

// compute returns the row of a key, valid until the next call.
func (a *Aggregate) compute(g *group) rowCells {
	a.cells = append(a.cells[:0], g.key...)
	if a.Over == "tumble" {
		a.cells = append(a.cells, table.Float64Value(a.start()))
	}
	for i := range a.measures {
		a.cells = append(a.cells, a.value(g, &a.measures[i]))
	}
	return a.cells
}

func (a *Aggregate) value(g *group, m *measure) table.Value {
	switch m.fn {
	case "count", "rate":
		n := g.rows
		if m.column != "" {
			n = g.folds[m.at].cells
		}
		if m.fn == "count" {
			return table.IntValue(int64(n))
		}
		return table.Float64Value(float64(n) / a.Window.Seconds())
	case "first":
		if a.folds[m.at].cells {
			return g.folds[m.at].first
		}
		return a.kept.cell(g.first, m.at)
	case "last":
		if a.folds[m.at].cells {
			return g.folds[m.at].last
		}
		return a.kept.cell(g.last, m.at)
	}
	return g.folds[m.at].value(m)
}

// overflow returns the error of a row with one key too many.
func (a *Aggregate) overflow(row table.Row) error {
	return keyError(row, fmt.Errorf("%s is left out: there are %d keys, as many as maxkeys says", a.in.text(row), a.n))
}
