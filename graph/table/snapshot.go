package table

// A Snapshot is a table at one moment. It never changes and any goroutine may read it.
type Snapshot struct {
	View
	version uint64
}

// Version returns the version of the table that the Snapshot shows.
func (s *Snapshot) Version() uint64 { return s.version }

// Snapshot publishes the table as it is now for [Table.Latest], and returns it.
func (t *Table) Snapshot() *Snapshot {
	if s := t.latest.Load(); s != nil && s.version == t.version {
		return s
	}
	s := &Snapshot{View: t.View, version: t.version}
	s.chunks = t.chunks[t.dead:len(t.chunks):len(t.chunks)]
	t.shown = t.end
	t.shared = true
	t.snapshots++
	t.latest.Store(s)
	return s
}

// Latest returns the newest Snapshot, or nil before the first. Any goroutine may call it; it takes
// no lock.
func (t *Table) Latest() *Snapshot { return t.latest.Load() }
