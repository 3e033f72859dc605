package table_test

import (
	"fmt"

	"linecook.dev/linecook/graph/table"
)

func Example() {
	t, w := table.New(table.Limits{Rows: 2}), table.NewWriter()
	reader := t.Reader()

	address, level := w.Col("address"), w.Col("level")
	for i, name := range []string{"/kick", "/snare", "/hat"} {
		w.Row()
		w.SetString(address, name)
		w.SetFloat32(level, float32(i)/10)
	}
	fmt.Println("before the commit:", t.NumRows(), "rows")
	t.Commit(w)

	d := reader.Delta()
	for row := range d.Rows(d.Appended) {
		fmt.Println("new:", row.Number(), row.Get("address"), row.Get("level"))
	}
	for row := range d.Rows(d.Expired) {
		fmt.Println("gone:", row.Number(), row.Get("address"))
	}
	reader.Advance()
	fmt.Println("window:", t.Window())
	// Output:
	// before the commit: 0 rows
	// new: 0 /kick 0
	// new: 1 /snare 0.1
	// new: 2 /hat 0.2
	// gone: 0 /kick
	// window: {1 3}
}

func ExampleTable_Snapshot() {
	t, w := table.New(table.Limits{}), table.NewWriter()
	n := w.Col("n")
	w.Row()
	w.SetInt(n, 1)
	t.Commit(w)
	before := t.Snapshot()

	w.Edit(0, n, table.IntValue(2))
	t.Commit(w)
	fmt.Println(before.Cell(0, n), t.Cell(0, n), t.Latest() == before)
	fmt.Println(t.Snapshot() == t.Latest())
	// Output:
	// 1 2 true
	// true
}

func ExampleWriter_Undo() {
	t, w := table.New(table.Limits{}), table.NewWriter()
	w.Row()
	w.SetInt(w.Col("good"), 1)
	m := w.Mark()
	w.Row()
	w.SetInt(w.Col("bad"), 2)
	w.Undo(m)
	t.Commit(w)
	fmt.Println(t.NumRows(), "row,", t.Schema().Len(), "column")
	// Output: 1 row, 1 column
}

func ExampleBlock_Column() {
	t, w := table.New(table.Limits{}), table.NewWriter()
	n := w.Col("n")
	for i := range int64(1000) {
		w.Row()
		w.SetInt(n, i)
	}
	t.Commit(w)
	sum := int64(0)
	for b := range t.Blocks(t.Window()) {
		kinds, nums := b.Column(n)
		for i, k := range kinds {
			if k == table.KindInt {
				sum += int64(nums[i])
			}
		}
	}
	fmt.Println(sum)
	// Output: 499500
}

func ExampleValue_AppendJSON() {
	list, _ := table.ListValue(table.Float32Value(0.1), table.StringValue("<on>"), table.Value{})
	fmt.Printf("%s %s\n", list.AppendJSON(nil), table.ColourValue(0xff8000ff).AppendJSON(nil))
	// Output: [0.1,"<on>",null] {"rgba":"ff8000ff"}
}
