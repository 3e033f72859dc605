package graph

import (
	"errors"
	"iter"
	"slices"
	"sync"

	"linecook.dev/linecook/graph/table"
)

// Limits of an inbox between two cuts (reliability R3).
const (
	InboxEvents = 64 << 10 // events that wait for a cut
	InboxBytes  = 16 << 20 // bytes of their data
	InboxRows   = 64 << 20 // bytes of the rows they became
	MaxCut      = 10_000   // events that one cut takes; the rest waits for the next
	MaxCutBytes = 4 << 20  // bytes of their data
)

// framesAtOnce is how many frames of a stream are put before others may reach the inbox.
const framesAtOnce = 64

// ErrInboxFull is the error of a Put that was dropped.
var ErrInboxFull = errors.New("inbox full")

// An Inbox takes what network goroutines bring to a node. Each event is decoded as it comes, into
// rows that count from the next cut on. Any goroutine may call [Inbox.Put].
type Inbox struct {
	mu      sync.Mutex
	space   sync.Cond // a cut made room, or nobody is to wait any longer
	writer  *table.Writer
	decoder Decoder
	keep    bool   // events keep their bytes, since the operator listens
	taped   bool   // they do, since somebody is told of the cuts
	arrived func() // called when the first event since the last cut comes
	ending  bool   // the sockets are being closed

	one         Event // that is being put
	told        bool  // the engine knows that something waits
	waiting     batchQueue
	taken       *batch
	held        bool
	parked      []Event // what came while it was held
	parkedBytes int     // of their data
	seq         uint64
	counts      InboxStats
	bad         error // the newest decode error
}

// InboxStats counts what came to an inbox, and what of it was lost there.
type InboxStats struct {
	Events    uint64 // all that came, dropped and malformed ones included
	Bytes     uint64 // of messages
	Malformed uint64 // messages that Decode refused
	Dropped   uint64 // events that found the inbox full
	Stalls    uint64 // times that a stream had to wait for room
	Truncated uint64 // cells that were cut, and columns that were refused, over a table's limits
}

func newInbox(w *table.Writer, d Decoder, keep bool) *Inbox {
	in := &Inbox{writer: w, decoder: d, keep: keep, arrived: func() {}, taken: &batch{}}
	in.space.L = &in.mu
	return in
}

// Put decodes e and keeps it for the next cut. If the inbox is full, e is dropped and counted.
func (in *Inbox) Put(e Event) error {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.putOne(e)
}

// PutAll puts events in one go. It may change them.
func (in *Inbox) PutAll(events []Event) {
	in.mu.Lock()
	defer in.mu.Unlock()
	for i := range events {
		_ = in.put(&events[i]) // counted
	}
}

// PutWait is Put for streams: while the inbox is full, or as much waits for a [Inbox.Hold] to end as one cut takes,
// it waits, so that the sender is held back.
func (in *Inbox) PutWait(e Event) error {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.wait()
	return in.putOne(e)
}

// PutFrames is PutWait for each of the frames of a stream: e, which it changes, with that frame as its data. It
// calls refuse for each error that comes among them, and returns how many frames there were.
func (in *Inbox) PutFrames(e *Event, frames iter.Seq2[[]byte, error], refuse func(error)) (count int) {
	in.mu.Lock()
	defer in.mu.Unlock()
	for frame, err := range frames {
		if err != nil {
			in.apart(func() { refuse(err) })
			continue
		}
		in.wait()
		e.Data = frame
		_ = in.put(e) // counted
		if count++; count%framesAtOnce == 0 {
			in.apart(func() {}) // a cut need not wait for all of them
		}
	}
	return count
}

// apart calls f without the lock.
func (in *Inbox) apart(f func()) {
	in.mu.Unlock()
	defer in.mu.Lock()
	f()
}

// wait waits until there is room, or no more is to come.
func (in *Inbox) wait() {
	if in.crowded() {
		in.counts.Stalls++
	}
	for in.crowded() && !in.ending {
		in.space.Wait()
	}
}

// crowded reports whether streams are to wait.
func (in *Inbox) crowded() bool {
	return in.full() || in.held && (len(in.parked) >= MaxCut || in.parkedBytes >= MaxCutBytes)
}

// putOne is put for an event that is nowhere yet.
func (in *Inbox) putOne(e Event) error {
	in.one = e
	err := in.put(&in.one)
	in.one = Event{}
	return err
}

func (in *Inbox) put(e *Event) error {
	if in.held {
		return in.park(e)
	}
	in.counts.Events++
	in.counts.Bytes += uint64(len(e.Data))
	if in.full() && !(in.ending && e.Kind != Message) {
		in.counts.Dropped++
		in.wake()
		return ErrInboxFull
	}
	in.seq++
	e.Seq = in.seq
	e.Rows.Lo = in.writer.End()
	err := in.decode(e)
	e.Rows.Hi = in.writer.End()
	switch {
	case err == nil:
		in.waiting.add(e, in.keep || in.taped)
	case in.taped:
		e.Err = err
		in.waiting.refuse(e)
		e.Err = nil
	}
	in.wake()
	return err
}

// park keeps e undecoded. What is dropped is counted here, all else when it is put.
func (in *Inbox) park(e *Event) error {
	if e.Kind == Message && (len(in.parked) >= InboxEvents || in.parkedBytes >= InboxBytes) {
		in.counts.Events++
		in.counts.Bytes += uint64(len(e.Data))
		in.counts.Dropped++
		return ErrInboxFull
	}
	parked := *e
	parked.Data = slices.Clone(e.Data)
	in.parked = append(in.parked, parked)
	in.parkedBytes += len(e.Data)
	return nil
}

func (in *Inbox) full() bool {
	return in.waiting.isFull() || in.writer.Pending() >= InboxRows
}

// decode turns a panic of the decoder into an error: one bad packet must not end a node.
func (in *Inbox) decode(e *Event) (err error) {
	if e.Kind != Message {
		return nil
	}
	m := in.writer.Mark()
	defer func() {
		if p := recover(); p != nil {
			err = panicError(p)
		}
		if err != nil {
			in.writer.Undo(m)
			in.counts.Malformed++
			in.bad = err
		}
	}()
	return in.decoder.Decode(e, in.writer)
}

func (in *Inbox) wake() {
	if !in.told {
		in.told = true
		in.arrived()
	}
}

// cut takes what waits, up to MaxCut and MaxCutBytes, commits its rows and reports whether more is
// left.
func (in *Inbox) cut(t *table.Table) (more bool) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.taken = in.waiting.take(in.taken)
	end, more := in.waiting.more()
	if !more {
		end = in.writer.End()
	}
	t.CommitTo(in.writer, end)
	in.told = more
	in.space.Broadcast()
	return more
}

// Hold leaves what comes undecoded until the function that it returns is called: the node is given another
// operator. Whoever holds it cuts all that waits. It is for engines.
func (in *Inbox) Hold() (resume func()) {
	in.hold(true)
	return func() { in.hold(false) }
}

func (in *Inbox) hold(on bool) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.held = on; on {
		return
	}
	for i := range in.parked {
		_ = in.put(&in.parked[i]) // counted
	}
	in.parked, in.parkedBytes = nil, 0
	in.space.Broadcast()
}

// Refuse counts a message that is malformed before it could be put. err says why, and from whom it is.
func (in *Inbox) Refuse(err error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.counts.Events++
	in.counts.Malformed++
	in.bad = err
	in.wake()
}

// refused returns how many messages were malformed so far, and the newest one's error.
func (in *Inbox) refused() (uint64, error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.counts.Malformed, in.bad
}

func (in *Inbox) onArrival(f func()) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.arrived = f
	if in.told {
		f()
	}
}

// record says whether events are to keep their bytes even if the operator does not listen.
func (in *Inbox) record(on bool) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.taped = on
}

// clear empties the table from the next cut on.
func (in *Inbox) clear() {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.writer.Clear()
	in.wake()
}

func (in *Inbox) release(t *table.Table) {
	in.mu.Lock()
	defer in.mu.Unlock()
	t.Release(in.writer)
}

// Stats returns the counters as they are now. Any goroutine may call it.
func (in *Inbox) Stats() InboxStats {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.counts.Truncated = in.writer.Truncated()
	return in.counts
}

// open lets streams wait for room again.
func (in *Inbox) open() {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.ending = false
}

// end releases everyone who waits for room. From now on connects and closes always find room, so
// that each connection's end is told.
func (in *Inbox) end() {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.ending = true
	in.space.Broadcast()
}
