package table_test

import (
	"testing"

	"linecook.dev/linecook/graph/table"
)

type remote string

func (r remote) String() string { return string(r) }

func TestCopyKeepsKindAndValue(t *testing.T) {
	list, err := table.ListValue(table.IntValue(1), table.StringValue("two"))
	if err != nil {
		t.Fatal(err)
	}
	cells := []table.Value{
		{}, table.BoolValue(true), table.IntValue(-1), table.Int64Value(2), table.Float32Value(0.5),
		table.Float64Value(0.25), table.TimeTagValue(7), table.CharValue('x'), table.ColourValue(8),
		table.MIDIValue(9), table.InfinitumValue(), table.PeerValue(remote("a:1")), table.StringValue("text"),
		table.SymbolValue("symbol"), table.BytesValue([]byte{0, 255}), list,
	}
	from, w := table.New(table.Limits{}), table.NewWriter()
	col := w.Col("cell")
	for _, v := range cells {
		w.Row()
		w.Set(col, v)
	}
	from.Commit(w)
	to, copies := table.New(table.Limits{}), table.NewWriter()
	copies.AddCols("none", "copy")
	for row := range from.Rows(from.Window()) {
		copies.Row()
		copies.Copy(copies.Col("copy"), row, col)
		copies.Copy(copies.Col("none"), row, 17) // a column that the row lacks
		copies.Copy(-1, row, col)
	}
	to.Commit(copies)
	for i, want := range cells {
		if got := to.Cell(uint64(i), 1); !got.Equal(want) {
			t.Errorf("a copy of %v %v is %v %v", want.Kind(), want, got.Kind(), got)
		}
		if got := to.Cell(uint64(i), 0); !got.IsNil() {
			t.Errorf("a copy of a column that the row lacks is %v, want nil", got)
		}
	}
}
