package ops

// A rowMap knows from which row of the input each row of an operator's table came, so that rows
// expire together with theirs. It costs eight bytes a row.
type rowMap struct {
	first  uint64   // row of the table that source[head] belongs to
	source []uint64 // ascending
	head   int
}

func (m *rowMap) reset() { m.source, m.head = m.source[:0], 0 }

// add notes that row came from source.
func (m *rowMap) add(row, source uint64) {
	if m.head == len(m.source) {
		m.reset()
		m.first = row
	}
	if len(m.source) == cap(m.source) && m.head > len(m.source)/2 {
		m.source = m.source[:copy(m.source, m.source[m.head:])]
		m.head = 0
	}
	m.source = append(m.source, source)
}

// expire returns the first row that is left when the input's rows below base have gone.
func (m *rowMap) expire(base uint64) uint64 {
	for m.head < len(m.source) && m.source[m.head] < base {
		m.head++
		m.first++
	}
	return m.first
}
