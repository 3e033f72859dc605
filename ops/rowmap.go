package ops

import (
	"cmp"
	"slices"
)

// A rowMap knows from which row of the input each row of an operator's table came, so that rows
// expire together with theirs. It costs sixteen bytes for each gap between rows that were passed on.
type rowMap struct {
	runs []rowRun // ascending
	head int      // the first that is not gone
	end  uint64   // behind the last row
	base uint64   // the first row that is left
}

// A rowRun is rows that follow each other, in the table as in the input.
type rowRun struct{ row, source uint64 }

func (m *rowMap) reset() { m.runs, m.head = m.runs[:0], 0 }

// add notes that n rows from row on came from source on.
func (m *rowMap) add(row, source uint64, n int) {
	if m.head == len(m.runs) {
		m.reset()
		m.base = row
	}
	m.end = row + uint64(n)
	if last := len(m.runs) - 1; last >= m.head && source-row == m.runs[last].source-m.runs[last].row {
		return
	}
	if len(m.runs) == cap(m.runs) && m.head > len(m.runs)/2 {
		m.runs = m.runs[:copy(m.runs, m.runs[m.head:])]
		m.head = 0
	}
	m.runs = append(m.runs, rowRun{row, source})
}

// expire returns the first row that is left when the input's rows below base have gone.
func (m *rowMap) expire(base uint64) uint64 {
	for ; m.head < len(m.runs) && m.runs[m.head].source < base; m.head++ {
		r, end := m.runs[m.head], m.end
		if m.head+1 < len(m.runs) {
			end = m.runs[m.head+1].row
		}
		if m.base = min(end, r.row+base-r.source); m.base < end {
			break
		}
	}
	return m.base
}

// find returns the row that came from source, if there is one.
func (m *rowMap) find(source uint64) (row uint64, ok bool) {
	live := m.runs[m.head:]
	i, exact := slices.BinarySearchFunc(live, source, func(r rowRun, source uint64) int { return cmp.Compare(r.source, source) })
	if !exact {
		i--
	}
	if i < 0 {
		return 0, false
	}
	end := m.end
	if i+1 < len(live) {
		end = live[i+1].row
	}
	row = live[i].row + source - live[i].source
	return row, row >= m.base && row < end
}
