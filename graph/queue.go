package graph

import "slices"

// keptBatches is how many empty batches a queue keeps for later.
const keptBatches = 2

// A batchQueue is what waits for the cuts, a batch for each.
type batchQueue struct {
	waiting []*batch // in order of arrival; all but the last are as large as one cut takes
	spare   []*batch // empty
	count   int      // of what waits
	bytes   int      // of its messages
}

func (q *batchQueue) isFull() bool { return q.count >= InboxEvents || q.bytes >= InboxBytes }

// last returns the batch to which what arrives is added: a message of so many bytes.
func (q *batchQueue) last(size int) *batch {
	if n := len(q.waiting); n > 0 && q.waiting[n-1].hasRoom(size) {
		return q.waiting[n-1]
	}
	if n := len(q.spare); n > 0 {
		q.waiting, q.spare = append(q.waiting, q.spare[n-1]), q.spare[:n-1]
	} else {
		q.waiting = append(q.waiting, new(batch))
	}
	return q.waiting[len(q.waiting)-1]
}

// add appends an event.
func (q *batchQueue) add(e *Event, keep bool) {
	size := len(e.Data)
	q.last(size).add(e, keep)
	q.count++
	q.bytes += size
}

// refuse appends a message that could not be decoded, if there is room.
func (q *batchQueue) refuse(e *Event) {
	if n := len(q.waiting); n > 0 {
		q.waiting[n-1].refuse(e)
		return
	}
	q.last(0).refuse(e)
}

// take returns what one cut takes, for done, which gives back what was taken before; nothing of it may be used any more.
func (q *batchQueue) take(done *batch) *batch {
	done.reset()
	if len(q.waiting) == 0 {
		return done
	}
	b := q.waiting[0]
	q.waiting = slices.Delete(q.waiting, 0, 1)
	q.count -= b.count
	q.bytes -= b.bytes
	if len(q.spare) < keptBatches {
		q.spare = append(q.spare, done)
	}
	b.alias()
	return b
}

// more reports whether something is left for another cut, and the first row that it made.
func (q *batchQueue) more() (from uint64, more bool) {
	if len(q.waiting) == 0 {
		return 0, false
	}
	return q.waiting[0].from, q.waiting[0].count > 0
}
