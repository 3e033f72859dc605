package take

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"math"
	"net/netip"
	"sync"
	"time"

	"github.com/google/uuid"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// Defaults of a Config.
const (
	DefaultLimit = 64 << 20
	DefaultEvery = 60
)

// A Config says how a take is recorded.
type Config struct {
	Info   Info         // its Version, ID and Started are set
	Limit  int          // bytes that wait to be written at most; 0 means DefaultLimit
	Every  int64        // frames from one hash of the tables to the next; 0 means DefaultEvery
	Logger *slog.Logger // nil discards
}

// A Recorder writes a take. Its methods Cut, Cooked, Sent, Saw and Changed are for a [cook.Config]; they are called
// by the goroutine that cooks, but for Saw, and never wait.
type Recorder struct {
	cfg     Config
	started int64 // ns since 1970
	out     *output

	nodes  map[*graph.Node]*source
	rows   map[*graph.Node]*source // of those whose rows are added
	peers  map[table.Peer][]byte   // encoded
	tables []*graph.Node           // those that have cooked, in the order they first did
	cooked map[*graph.Node]bool
	sums   sums
	frame  Frame        // what the next one has to say
	cut    graph.Moment // newest
	bytes  int          // of the events of the frame that has not ended
	last   graph.Moment // newest that was cooked
	lost   uint64

	outsiders map[*graph.Node]*outsider
	seeing    sync.Mutex
	seen      []Seen // in this frame

	row      []byte // as JSON
	lostRows uint64

	mu      sync.Mutex
	kept    Progress
	pending batch
	err     error // why recording has stopped

	wake  chan struct{} // much is pending
	close func() error
}

// A source is a node that receives.
type source struct {
	channel            uint16
	topic              string // until the channel is described
	dropped, malformed uint64
}

// A peer is what is recorded of one. A peer of package peer is one.
type peer interface {
	ID() uuid.UUID
	Protocol() string
	Address() string
	Port() int
	LocalAddr() netip.AddrPort
}

// knownPeers is how many peers a Recorder keeps the encoding of.
const knownPeers = 4096

// NewRecorder begins a take in w. Nothing else may write to w until Close has returned.
func NewRecorder(w io.Writer, cfg Config) (*Recorder, error) {
	if cfg.Limit == 0 {
		cfg.Limit = DefaultLimit
	}
	if cfg.Every == 0 {
		cfg.Every = DefaultEvery
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	id, err := uuid.NewV7()
	if err != nil {
		return nil, err
	}
	cfg.Info.Version, cfg.Info.ID, cfg.Info.Started = Version, id, time.Now()
	out, err := newOutput(w, &cfg.Info)
	if err != nil {
		return nil, err
	}
	r := &Recorder{
		cfg: cfg, started: cfg.Info.Started.UnixNano(), out: out, nodes: map[*graph.Node]*source{},
		rows: map[*graph.Node]*source{}, outsiders: map[*graph.Node]*outsider{}, peers: map[table.Peer][]byte{},
		cooked: map[*graph.Node]bool{}, sums: sums{}, wake: make(chan struct{}, 1),
	}
	r.start()
	return r, nil
}

// Cut records what a cut took, and what was refused until then, in order of arrival.
func (r *Recorder) Cut(n *graph.Node, at graph.Moment, events, refused []graph.Event) {
	s := r.source(r.nodes, n, "")
	r.countLosses(n, s)
	r.cut = at
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range events {
		for len(refused) > 0 && refused[0].Seq < events[i].Seq {
			r.add(s, at, &refused[0], true)
			refused = refused[1:]
		}
		r.add(s, at, &events[i], false)
	}
	for i := range refused {
		r.add(s, at, &refused[i], true)
	}
}

func (r *Recorder) add(s *source, at graph.Moment, e *graph.Event, malformed bool) {
	r.bytes += len(e.Data) + eventSize
	if r.err != nil || s == nil || r.pending.size() > r.cfg.Limit || len(e.Data) > maxData || r.bytes > maxFrame {
		r.lose(1)
		r.kept.Lost++
		return
	}
	r.kept.Events++
	r.pending.begin(s, e.Seq, r.logTime(at), uint64(e.Time))
	r.pending.arena = appendEvent(r.pending.arena, at.Frame, e, malformed, r.peer(e))
	r.pending.end()
}

// Cooked records a frame, after its cuts.
func (r *Recorder) Cooked(at graph.Moment, nodes iter.Seq[*graph.Node]) {
	for n := range nodes {
		if !r.cooked[n] {
			r.cooked[n] = true
			r.tables = append(r.tables, n)
		}
		if n.Outside() {
			r.addTable(n, at)
		}
	}
	r.bytes = 0
	hashed := r.last.Frame / r.cfg.Every
	r.last = at
	if r.addFrame(at.Frame/r.cfg.Every != hashed) > chunkSize {
		select {
		case r.wake <- struct{}{}:
		default:
		}
	}
}

// Sent has a part in the frames' hashes.
func (r *Recorder) Sent(n *graph.Node, to graph.Sink, verb graph.Verb, payload []byte) {
	r.sums.add(n, to, verb, payload)
}

// addFrame records the last frame, and returns how many bytes wait to be written.
func (r *Recorder) addFrame(hashes bool) int {
	r.frame.Number, r.frame.Time, r.frame.Seen = r.last.Frame, r.last.Time, r.takeSeen()
	var tables []shown
	if hashes {
		for _, n := range r.tables {
			tables = append(tables, shown{n.Path(), r.sums.of(n), n.Table().Snapshot()})
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err != nil {
		r.frame = Frame{} // it would grow until the end
		return 0
	}
	if r.pending.size() > r.cfg.Limit {
		r.lose(1)
		return 0
	}
	r.pending.addFrame(r.frame, tables, r.logTime(r.last))
	r.frame = Frame{}
	return r.pending.size()
}

// Progress is how much was recorded.
type Progress struct {
	Events uint64 // messages, connects and closes
	Lost   uint64 // of them, that are not in the take
	Err    error  // why recording has stopped; nil while it goes on
}

// Progress returns how much was recorded so far. Any goroutine may call it.
func (r *Recorder) Progress() Progress {
	r.mu.Lock()
	defer r.mu.Unlock()
	kept := r.kept
	kept.Err = r.err
	return kept
}

// lose counts events, or a frame, that are not recorded.
func (r *Recorder) lose(n uint64) {
	if r.frame.Lost == 0 && r.err == nil {
		r.cfg.Logger.Warn("the take lacks events: it is not written fast enough")
	}
	r.frame.Lost += n
	r.lost += n
}

// source returns what of has of n; nil if there are too many. Its topic is the node's path behind prefix.
func (r *Recorder) source(of map[*graph.Node]*source, n *graph.Node, prefix string) *source {
	s, known := of[n]
	if channels := len(r.nodes) + len(r.rows); !known && channels < maxChannels {
		s = &source{channel: uint16(channels) + framesChannel + 1, topic: prefix + string(n.Path())}
		of[n] = s
	}
	return s
}

func (r *Recorder) countLosses(n *graph.Node, s *source) {
	if s == nil {
		return
	}
	in := n.Inbox().Stats()
	if in.Dropped != s.dropped || in.Malformed != s.malformed {
		r.frame.lose(Loss{n.Path(), in.Dropped - s.dropped, in.Malformed - s.malformed})
		s.dropped, s.malformed = in.Dropped, in.Malformed
	}
}

// peer returns the encoding of an event's peer.
func (r *Recorder) peer(e *graph.Event) []byte {
	b, known := r.peers[e.Peer]
	switch {
	case e.Peer == nil:
		return nil
	case known:
		if e.Kind == graph.Close {
			delete(r.peers, e.Peer)
		}
		return b
	}
	if p, ok := e.Peer.(peer); ok {
		b = appendPeer(nil, Peer{p.ID(), p.Protocol(), p.Address(), p.Port(), addrText(p.LocalAddr())})
	}
	if len(r.peers) >= knownPeers {
		clear(r.peers)
	}
	r.peers[e.Peer] = b
	return b
}

func addrText(a netip.AddrPort) string {
	if !a.IsValid() {
		return ""
	}
	return a.String()
}

func (r *Recorder) logTime(at graph.Moment) uint64 { return uint64(r.started + int64(at.Time)) }

// ErrIncomplete is the error of a take that lacks something.
var ErrIncomplete = errors.New("the take is not complete")

// Close writes what waits, the hashes of the tables as they are now, and the take's index. It is called
// when nothing cooks any more. The error says why recording stopped before, or what the take lacks.
func (r *Recorder) Close() error {
	if r.last.Frame > 0 {
		r.cfg.Limit = math.MaxInt // the last word finds room
		r.addFrame(true)
	}
	if err := r.close(); err != nil {
		return err
	}
	if r.lostRows > 0 {
		r.cfg.Logger.Warn("the take lacks rows that found no room; its events are not concerned", "count", r.lostRows)
	}
	if r.lost > 0 {
		return fmt.Errorf("%w: %d events or frames found no room", ErrIncomplete, r.lost)
	}
	return nil
}
