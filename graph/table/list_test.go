package table_test

import (
	"errors"
	"slices"
	"testing"

	"linecook.dev/linecook/graph/table"
)

func nested(depth int) (table.Value, error) {
	v, err := table.ListValue(table.IntValue(1))
	for range depth - 1 {
		if err == nil {
			v, err = table.ListValue(table.StringValue("beside"), v)
		}
	}
	return v, err
}

func TestListDepth(t *testing.T) {
	if _, err := nested(table.MaxDepth); err != nil {
		t.Errorf("a list of depth %d: %v", table.MaxDepth, err)
	}
	if _, err := nested(table.MaxDepth + 1); !errors.Is(err, table.ErrDepth) {
		t.Errorf("a list of depth %d: %v, want ErrDepth", table.MaxDepth+1, err)
	}
	if _, err := table.ListValue(table.PeerValue(peers[0])); !errors.Is(err, table.ErrPeerInList) {
		t.Errorf("a peer in a list: %v, want ErrPeerInList", err)
	}
}

func TestEqual(t *testing.T) {
	for i := range 17 {
		for j := range 17 {
			v, w := someValue(i), someValue(j)
			if got, want := v.Equal(w), i == j; got != want {
				t.Errorf("%v %v Equal %v %v = %t", v.Kind(), v, w.Kind(), w, got)
			}
		}
		if v := someValue(i); !v.Equal(v.Clone()) || v.Kind().String() == "" {
			t.Errorf("%v %v does not equal its clone", v.Kind(), v)
		}
	}
	same := table.PeerValue(&peer{peers[0].name})
	if same.Equal(table.PeerValue(peers[0])) {
		t.Error("two handles with one address are equal")
	}
}

func TestListStopsEarly(t *testing.T) {
	v, _ := table.ListValue(table.IntValue(1), table.IntValue(2))
	for item := range v.List() {
		if item.Int() != 1 {
			t.Errorf("the loop went on to %v", item)
		}
		break
	}
	if items := slices.Collect(table.IntValue(1).List()); items != nil {
		t.Errorf("List of an int = %v", items)
	}
}

// FuzzList checks that a list gives back the cells it was made of, also through a table.
func FuzzList(f *testing.F) {
	f.Add([]byte{0, 3, 12, 15, 16}, "text")
	f.Fuzz(func(t *testing.T, which []byte, s string) {
		want := []table.Value{table.StringValue(s)}
		for _, b := range which {
			if v := someValue(int(b)); v.Kind() != table.KindPeer {
				want = append(want, v)
			}
		}
		v, err := table.ListValue(want...)
		if err != nil {
			t.Fatal(err)
		}
		w, tab := table.NewWriter(), table.New(table.Limits{})
		w.Row()
		w.Set(w.Col("list"), v)
		tab.Commit(w)
		got := slices.Collect(tab.Cell(0, 0).List())
		if !slices.EqualFunc(got, want, table.Value.Equal) {
			t.Errorf("ListValue(%v).List() = %v", want, got)
		}
	})
}
