package cook_test

import (
	"context"
	"errors"
	"fmt"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// Count puts out the frame's number in every frame.
type Count struct{}

func (Count) Cook(c *graph.Cook) error {
	w := c.Out()
	n := w.Col("n")
	w.Row()
	w.SetInt(n, c.Frame)
	c.Wake(c.Time + 1) // in the next frame
	return nil
}

// Multiply passes on its input's column n, multiplied.
type Multiply struct {
	By int `default:"2" min:"-100" max:"100" help:"factor"`
}

func (m *Multiply) Cook(c *graph.Cook) error {
	d, w := c.In(0), c.Out()
	rows := d.Appended
	if d.Reset { // all of it: what was put out before is put out again, and is no news
		var old table.Range
		old, rows = d.Renew()
		for _, past := range d.Past {
			m.pass(w, d, past)
		}
		w.Reset()
		from := w.End()
		m.pass(w, d, old)
		w.RestateFrom(from)
	}
	m.pass(w, d, rows)
	return nil
}

func (m *Multiply) pass(w *table.Writer, d table.Delta, rows table.Range) {
	n := w.Col("n")
	for row := range d.Rows(rows) {
		w.Row()
		w.SetInt(n, row.Get("n").Int()*int64(m.By))
	}
}

// A graph is built of operators, one's own as well, and cooked by hand, frame by frame.
func Example() {
	g := graph.New()
	var product *graph.Node
	err := g.Edit(func(e *graph.Edit) {
		count := e.Add("count", Count{})
		product = e.Add("product", &Multiply{By: 3})
		e.Wire(count, product)
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	e, err := cook.New(g, cook.Config{FPS: 25})
	if err != nil {
		fmt.Println(err)
		return
	}
	e.Observe(product, func(frame int64, d table.Delta) {
		for row := range d.NewRows() {
			fmt.Printf("frame %d, row %d: %v\n", frame, row.Number(), row.Get("n"))
		}
	})
	e.Start(context.Background())
	for range 3 {
		e.Step()
	}
	if err := e.Close(); err != nil {
		fmt.Println(err)
	}
	// Output:
	// frame 1, row 0: 3
	// frame 2, row 1: 6
	// frame 3, row 2: 9
	// frame 4, row 3: 12
	// frame 5, row 4: 15
}

// Everything that is wrong with an edit is reported at once, and nothing of it is done.
func ExampleEngine_Edit() {
	g := graph.New()
	e, err := cook.New(g, cook.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	err = e.Edit(func(e *graph.Edit) {
		a, b := e.Add("a", &Multiply{By: 1000}), e.Add("b", &Multiply{})
		e.Wire(a, b)
		e.Wire(b, a)
	})
	fmt.Println(err)
	// Output:
	// 2 errors occurred:
	// 	* add /a: by: 1000 is not a whole number from -100 to 100
	// 	* wire /a: loop: /a -> /b -> /a
}

// What nothing wants is not cooked, until somebody asks for it.
func ExampleEngine_Cook() {
	g := graph.New()
	if err := g.Edit(func(e *graph.Edit) { e.Wire(e.Add("count", Count{}), e.Add("double", &Multiply{})) }); err != nil {
		fmt.Println(err)
		return
	}
	e, err := cook.New(g, cook.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	e.Start(context.Background())
	defer e.Close()
	e.Step()
	e.Step()
	s, err := e.Cook(g.Node("double"))
	if err != nil {
		fmt.Println(err)
		return
	}
	for row := range s.Rows(s.Window()) {
		fmt.Println(row.Get("n"))
	}
	// Output:
	// 4
}

// A graph is edited while it is cooked: between two frames, wherever the call comes from. The node stays the same,
// and so do its wires; its rows are made again.
func ExampleEngine_Edit_running() {
	g := graph.New()
	if err := g.Edit(func(e *graph.Edit) { e.Wire(e.Add("count", Count{}), e.Add("times", &Multiply{By: 10})) }); err != nil {
		fmt.Println(err)
		return
	}
	e, err := cook.New(g, cook.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	stop := e.Observe(g.Node("times"), func(frame int64, d table.Delta) {
		for row := range d.NewRows() {
			fmt.Printf("frame %d: %v\n", frame, row.Get("n"))
		}
	})
	e.Start(context.Background())
	defer e.Close()
	defer stop()
	e.Step()
	for _, by := range []string{"50", "5000"} {
		if err := e.Edit(func(x *graph.Edit) { x.Set(x.Node("times"), "by", by) }); err != nil {
			fmt.Println(errors.Unwrap(err))
		}
	}
	e.Step()
	// Output:
	// frame 1: 10
	// set /times: by: 5000 is not a whole number from -100 to 100
	// frame 2: 100
}
