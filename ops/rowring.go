package ops

// A rowRing has something to say about each row of a window: rows are added at its end and expire from
// its front. It allocates when it holds more than ever before. The zero rowRing is empty.
type rowRing[T any] struct {
	first uint64 // the row that items[head] is about
	items []T
	head  int
}

func (r *rowRing[T]) reset() { r.items, r.head = r.items[:0], 0 }

func (r *rowRing[T]) len() int { return len(r.items) - r.head }

// end returns the number of the row after the last one.
func (r *rowRing[T]) end() uint64 { return r.first + uint64(r.len()) }

// add adds an item about row; if there are others, row is the end.
func (r *rowRing[T]) add(row uint64, item T) {
	if r.head == len(r.items) {
		r.reset()
		r.first = row
	}
	if len(r.items) == cap(r.items) && r.head > len(r.items)/2 {
		r.items = r.items[:copy(r.items, r.items[r.head:])]
		r.head = 0
	}
	r.items = append(r.items, item)
}

// at returns the item about row, which must be there. It is valid until the next add.
func (r *rowRing[T]) at(row uint64) *T { return &r.items[r.head+int(row-r.first)] }

// has reports whether there is an item about row.
func (r *rowRing[T]) has(row uint64) bool { return row >= r.first && row < r.end() }

// pop takes out the first item.
func (r *rowRing[T]) pop() {
	r.head++
	r.first++
}
