package bench

import "testing"

func TestTreesAgree(t *testing.T) {
	e, leaf, root, err := newTree(t.Context(), 1000, 999)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	q, handLeaf, handRoot := newHandTree(1000, 999)
	for i := range int64(10) {
		before := e.Stats().Cooks
		change(e, leaf, i+1)
		q.change(handLeaf, i+1)
		if got, want := rootSum(root), handRoot.value; got != want || want != i+1 {
			t.Errorf("the sum at the root is %d, by hand %d, want %d", got, want, i+1)
		}
		if got := e.Stats().Cooks - before; got != 10 {
			t.Errorf("%d nodes cooked, want the leaf and the 9 above it", got)
		}
	}
}

// BenchmarkTree changes one leaf, in the engine and in the tree that is written by hand.
func BenchmarkTree(b *testing.B) {
	b.Run("engine", func(b *testing.B) {
		e, leaf, _, err := newTree(b.Context(), treeNodes, treeLeaf)
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { e.Close() })
		before, i := e.Stats().Cooks, int64(0)
		for b.Loop() {
			i++
			change(e, leaf, i)
		}
		cooked := float64(e.Stats().Cooks - before)
		b.ReportMetric(cooked/float64(b.N), "cooks/op")
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/cooked, "ns/cook")
	})
	b.Run("hand", func(b *testing.B) {
		q, leaf, _ := newHandTree(treeNodes, treeLeaf)
		i := int64(0)
		for b.Loop() {
			i++
			q.change(leaf, i)
		}
	})
}
