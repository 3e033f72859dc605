package ops_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops"
)

// A memory says of what an operator's table is a function.
type memory int

const (
	ofWindow  memory = iota // of the rows that are in its inputs
	ofHistory               // of those that it was given since it was last told 'all of it', gone or not
	ofTime                  // of these and of the frame in which each was given to it
)

// An oracleCase is how the law of [TestDeltaIsFull] is tried on one type of operator.
type oracleCase struct {
	operators []graph.Operator // parameter sets; none of them may allocate in steady state
	slow      []graph.Operator // parameter sets that may: they interpret, or learn or report something for each row
	inputs    int              // 0: 1
	memory    memory
	columns   []string                                      // of the inputs, behind id; nil: key, n, text
	cell      func(r *rand.Rand, column string) table.Value // nil: oracleCell
	unordered bool                                          // the order of its rows depends on what happened
	final     bool                                          // no column comes later
	edits     []string                                      // columns whose cells may be edited; nil: all but id
	wild      bool                                          // columns come of cells, in the order in which they are met
	front     bool                                          // no row is taken out of the middle
	places    bool                                          // rows are asked for by place: see drawer.places
	logs      bool                                          // rows only come and go: nothing else happens to them, and the operator is not bypassed
}

// An oracle cooks one operator delta by delta.
type oracle struct {
	oracleCase
	t       *rapid.T
	op      graph.Operator
	g       *graph.Graph
	node    *graph.Node
	feeds   []*drawer
	seen    []*history
	fresh   *table.Cursor // of a reader of the operator's table
	given   map[int64]bool
	widened bool
	failed  uint64 // rows when all was cooked at once
	frame   int64
	wake    time.Duration
}

// A history is the rows that an operator was given of one input.
type history struct {
	shadow  *table.Cursor // moves with the operator's own
	keeps   bool          // rows that are gone too, after the operator was told 'all of it'
	columns []string
	rows    []givenRow // by number
}

// A givenRow is a row that an operator was given.
type givenRow struct {
	number uint64
	frame  int64 // in which it was given first
	cells  []table.Value
}

const oracleFPS = 60

func oracleTime(frame int64) time.Duration { return time.Duration(frame-1) * time.Second / oracleFPS }

// likeness returns a new operator with the parameters of op.
func likeness(op graph.Operator) graph.Operator {
	typ, err := graph.Describe(op)
	if err != nil {
		panic(err)
	}
	if err := typ.Complete(op); err != nil {
		panic(err)
	}
	same := typ.New()
	for _, p := range typ.Params {
		if v := p.Get(op); !reflect.ValueOf(v).IsZero() {
			if err := p.Set(same, v); err != nil {
				panic(err)
			}
		}
	}
	return same
}

// graphOf returns a graph of op behind inputs.
func graphOf(tb interface{ Fatal(...any) }, op graph.Operator, inputs []graph.Operator) (g *graph.Graph, node *graph.Node, from []*graph.Node) {
	g = graph.New()
	err := g.Edit(func(e *graph.Edit) {
		node = e.Add("op", op)
		for i, in := range inputs {
			from = append(from, e.Add(fmt.Sprintf("in%d", i), in))
			e.Wire(from[i], node)
		}
	})
	if err != nil {
		tb.Fatal(err)
	}
	return g, node, from
}

func newOracle(t *rapid.T, c oracleCase, op graph.Operator) *oracle {
	o := &oracle{oracleCase: c, t: t, op: op, given: map[int64]bool{}, wake: graph.Never}
	columns := c.columns
	if columns == nil {
		columns = []string{"key", "n", "text"}
	}
	if o.cell == nil {
		o.cell = oracleCell
	}
	var inputs []graph.Operator
	for range max(1, c.inputs) {
		d := &drawer{cell: o.cell, edits: columns, known: 1 + len(columns), late: !c.final}
		d.resets, d.removes, d.renews = c.memory != ofTime && !c.logs, !c.logs && !c.front, c.memory == ofWindow
		if c.edits != nil {
			d.edits = c.edits
		}
		if c.logs {
			d.edits = nil
		}
		d.passes, d.places = d.renews, c.places
		d.feed = &feed{Limit: rapid.SampledFrom([]int{0, 5, 300}).Draw(t, "limit"), columns: append([]string{"id"}, columns...)}
		o.feeds, inputs = append(o.feeds, d), append(inputs, d.feed)
	}
	var from []*graph.Node
	o.g, o.node, from = graphOf(t, likeness(op), inputs)
	for i, n := range from {
		o.feeds[i].node = n
		o.feeds[i].shadow = n.Table().Reader()
		o.seen = append(o.seen, &history{shadow: o.feeds[i].shadow, keeps: c.memory == ofTime})
	}
	o.fresh = o.node.Table().Reader()
	return o
}

var oddCells = []table.Value{
	{}, table.BoolValue(true), table.IntValue(7), table.Float64Value(0.5), table.Float32Value(0.1),
	table.StringValue("x"), table.BytesValue([]byte("b")), table.SymbolValue("key1"),
}

// oracleCell draws cells of which a few are not of the kind that the others in the column have.
func oracleCell(r *rand.Rand, column string) table.Value {
	if r.IntN(10) == 0 {
		return oddCells[r.IntN(len(oddCells))]
	}
	switch column {
	case "key":
		return table.StringValue([]string{"key1", "key2", "key10"}[r.IntN(3)])
	case "text":
		return table.StringValue([]string{"", "a", "abc", "/fader/1", "12", "x=1 y=2"}[r.IntN(6)])
	}
	return table.IntValue(int64(r.IntN(9) - 3))
}

// step makes a frame: changes in the inputs, and a cook of the operator in most.
func (o *oracle) step() {
	o.frame++
	for _, d := range o.feeds {
		for range rapid.IntRange(0, 3).Draw(o.t, "changes") {
			d.draw(o.t)
		}
		mustRun(o.t, d.node, o.frame)
	}
	switch rapid.IntRange(0, 9).Draw(o.t, "operator") {
	case 0, 1: // it waits
	case 2:
		o.bypass()
	case 3:
		o.replace()
	default:
		o.cook()
	}
	for n := range o.g.Nodes() {
		n.Release()
	}
}

func mustRun(t *rapid.T, n *graph.Node, frame int64) (wake time.Duration, changed bool) {
	wake, changed, err := n.Run(frame, oracleTime(frame))
	if err != nil {
		t.Fatalf("cook %s in frame %d: %v", n, frame, err)
	}
	return wake, changed
}

// bypass lets the operator miss what its inputs have to say.
func (o *oracle) bypass() {
	if o.logs || len(o.feeds) > 1 { // only the first of them would pass
		return
	}
	if o.memory == ofTime {
		o.cook() // when it was not given what came and went, is not known
	}
	o.mustEdit(func(e *graph.Edit) { e.SetBypass(o.node, true) })
	o.cookOnly()
	o.mustEdit(func(e *graph.Edit) { e.SetBypass(o.node, false) })
	for _, h := range o.seen {
		h.shadow.Restart()
	}
	o.cook()
}

// replace has another operator with the same parameters go on: from what the one before knew, or from the rows
// that are there.
func (o *oracle) replace() {
	_, adopts := o.op.(graph.Adopter)
	_, isScript := o.op.(*ops.Script)
	adopts = adopts && !isScript
	if !adopts && (o.memory != ofWindow || o.logs) {
		return
	}
	o.mustEdit(func(e *graph.Edit) { e.Replace(o.node, likeness(o.op)) })
	for _, h := range o.seen {
		if !adopts {
			h.shadow.Restart()
		}
	}
	o.cookOnly()
	o.checkFresh()
}

func (o *oracle) mustEdit(f func(e *graph.Edit)) {
	if err := o.g.Edit(f); err != nil {
		o.t.Fatal(err)
	}
}

// cook cooks the operator, and checks that it changed only what it was asked to.
func (o *oracle) cook() {
	asked := o.node.Stale() || o.wake <= oracleTime(o.frame) || o.frame == 1
	if changed := o.cookOnly(); changed && !asked {
		o.t.Fatalf("frame %d: the table changed, but no input did, and no cook was asked for", o.frame)
	}
	o.checkFresh()
}

func (o *oracle) cookOnly() (changed bool) {
	for i, h := range o.seen {
		h.take(o.frame)
		o.feeds[i].removed, o.feeds[i].again = false, false
	}
	o.wake, changed = mustRun(o.t, o.node, o.frame)
	return changed
}

// take adds what the operator is about to be given.
func (h *history) take(frame int64) {
	d, was := h.shadow.Changes(), h.rows
	given := d.Appended
	if d.Reset {
		given = d.Window()
		for rows := range d.News() {
			given.Lo = min(given.Lo, rows.Lo)
		}
		h.rows = slices.DeleteFunc(slices.Clone(was), func(r givenRow) bool {
			return !h.keeps || r.number >= given.Lo && h.shadow.Table().Has(r.number)
		})
	}
	columns, cells := rowsOf(h.shadow.Table(), given)
	for row := range d.Rows(given) {
		r := givenRow{row.Number(), frame, cells[0]}
		if cells = cells[1:]; !isGiven(d, r.number) {
			continue
		}
		if i := slices.IndexFunc(was, func(r givenRow) bool { return r.number == row.Number() }); i >= 0 {
			r.frame = was[i].frame
		}
		h.rows = append(h.rows, r)
	}
	h.columns = columns
	slices.SortStableFunc(h.rows, func(a, b givenRow) int { return cmp.Compare(a.number, b.number) })
	h.shadow.Advance()
}

// isGiven reports whether a reader of d is given a row: it is news, or in the window.
func isGiven(d table.Delta, row uint64) bool {
	for rows := range d.News() {
		if row >= rows.Lo && row < rows.Hi {
			return true
		}
	}
	return row >= d.Window().Lo
}

// gone returns how many rows are no longer in the table from the front, and which are none of those.
func (h *history) gone() (front int, others []uint64) {
	base := h.shadow.Table().Window().Lo
	for i, r := range h.rows {
		switch {
		case r.number < base:
			front++
		case !h.shadow.Table().Has(r.number):
			others = append(others, uint64(i))
		}
	}
	return front, others
}

// checkFresh reports a row of a linear operator's that is new for the second time.
func (o *oracle) checkFresh() {
	d := o.fresh.Delta()
	if o.node.Type().Class == graph.ClassLinear {
		for row := range d.NewRows() {
			id := row.Get("id")
			if id.Kind() == table.KindInt && o.given[id.Int()] {
				o.t.Fatalf("frame %d: row %d is new for the second time", o.frame, id.Int())
			}
			o.given[id.Int()] = true
		}
	}
	o.fresh.Advance()
}

// compare reports what differs between the operator's table and that of one which cooks all at once.
// It may differ in the numbers of its rows; and in that columns which came later are on the right,
// and those that went are there and empty.
func (o *oracle) compare(how string, full *graph.Node) {
	got, want := o.node.Table(), full.Table()
	if err := sameTable(got, want, o.widened, o.unordered); err != nil {
		_, in := rowsOf(o.feeds[0].node.Table(), o.feeds[0].node.Table().Window())
		o.t.Fatalf("frame %d, %s: %v\ninput 0: %v\n got %q\nwant %q", o.frame, how, err, in, content(got), content(want))
	}
	if n := o.rowFaults(o.node); n < o.failed {
		o.t.Fatalf("frame %d, %s: %d rows failed, and %d when all is cooked at once", o.frame, how, n, o.failed)
	}
}

func (o *oracle) rowFaults(n *graph.Node) uint64 {
	for _, f := range n.Faults() {
		if f.Kind == graph.FaultRow {
			return f.Count
		}
	}
	return 0
}

func sameTable(got, want *table.Table, widened, unordered bool) error {
	if g, w := got.NumRows(), want.NumRows(); g != w {
		return fmt.Errorf("%d rows, want %d", g, w)
	}
	if g, w := got.Schema().Len(), want.Schema().Len(); g != w && !widened {
		return fmt.Errorf("%d columns, want %d", g, w)
	}
	for col, name := range want.Schema().Names() {
		at := got.Schema().Index(name)
		if at < 0 || at != col && !widened {
			return fmt.Errorf("column %q is at %d, want %d", name, at, col)
		}
	}
	wanted := orderOf(want, unordered)
	for i, row := range orderOf(got, unordered) {
		for col, name := range got.Schema().Names() {
			g := got.Cell(row, col)
			var w table.Value
			if at := want.Schema().Index(name); at >= 0 {
				w = want.Cell(wanted[i], at)
			}
			if !g.Equal(w) {
				return fmt.Errorf("row %d, column %q: %s %q, want %s %q", i, name, g.Kind(), g, w.Kind(), w)
			}
		}
	}
	return nil
}

// full returns the node of a new operator that has been given every row at once, or each in its
// frame.
func (o *oracle) full(op graph.Operator, m memory) *graph.Node {
	var inputs []graph.Operator
	for range o.seen {
		inputs = append(inputs, &feed{})
	}
	_, node, from := graphOf(o.t, likeness(op), inputs)
	first := o.frame
	if m == ofTime {
		first = 1
	}
	for frame := first; frame <= o.frame; frame++ {
		for i, n := range from {
			o.refeed(n.Operator().(*feed), i, m, frame)
			mustRun(o.t, n, frame)
		}
		mustRun(o.t, node, frame)
	}
	o.failed = o.rowFaults(node)
	if m == ofHistory {
		for _, n := range from {
			mustRun(o.t, n, o.frame+1)
		}
		mustRun(o.t, node, o.frame+1)
	}
	return node
}

// refeed has f write the rows of input i that are for that frame, and in the last frame take out those
// that are gone.
func (o *oracle) refeed(f *feed, i int, m memory, frame int64) {
	h := o.seen[i]
	front, others := h.gone()
	if m == ofWindow {
		front, others = 0, nil
	}
	remove := func(w *table.Writer) {
		for _, row := range others {
			w.Remove(row)
		}
	}
	f.do(func(w *table.Writer) {
		w.AddCols(f.columnsOf(h.shadow.Table())...)
		for _, row := range h.rows {
			gone := !h.shadow.Table().Has(row.number)
			if m == ofTime && row.frame != frame || m == ofWindow && gone {
				continue
			}
			putRows(w, h.columns, [][]table.Value{row.cells})
		}
		switch {
		case frame < o.frame:
		case m == ofHistory: // rows that were removed are given first
			w.Expire(uint64(front))
			f.then = remove
		default:
			w.Expire(uint64(front))
			remove(w)
		}
	})
}

func (*feed) columnsOf(tab *table.Table) (columns []string) {
	for _, name := range tab.Schema().Names() {
		columns = append(columns, name)
	}
	return columns
}

// checkOracle tries random scripts of what can happen to the inputs of op.
func checkOracle(t *testing.T, c oracleCase, op graph.Operator) {
	rapid.Check(t, func(t *rapid.T) {
		o := newOracle(t, c, op)
		for range rapid.IntRange(1, 12).Draw(t, "frames") {
			o.step()
		}
		o.frame++
		o.cook()
		for _, d := range o.feeds {
			o.widened = o.widened || c.wild || len(d.columns) > d.known
		}
		switch c.memory {
		case ofWindow:
			o.compare("of the rows in the inputs", o.full(op, ofWindow))
			o.compare("of all rows that were", o.full(op, ofHistory))
		default:
			o.compare("of all rows that were", o.full(op, c.memory))
		}
	})
}
