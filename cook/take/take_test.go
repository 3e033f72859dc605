package take_test

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/cook/take"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/graphtest"
	"linecook.dev/linecook/graph/table"
)

// A remote is a peer that sends by TCP.
type remote struct {
	id     uuid.UUID
	port   int
	reason error
}

func (r *remote) ID() uuid.UUID             { return r.id }
func (r *remote) Protocol() string          { return "tcp" }
func (r *remote) Address() string           { return "192.0.2.1" }
func (r *remote) Port() int                 { return r.port }
func (r *remote) LocalAddr() netip.AddrPort { return netip.MustParseAddrPort("127.0.0.1:9000") }
func (r *remote) String() string            { return fmt.Sprintf("192.0.2.1:%d", r.port) }
func (r *remote) End(reason error)          { r.reason = reason }

// A show is a graph in which a filter reads a node that receives, and its engine.
type show struct {
	graph  *graph.Graph
	net    *graph.Node
	op     *graphtest.Network
	rec    *graphtest.Recorder
	engine *cook.Engine
}

func newShow(t testing.TB, c cook.Config, keep func(table.Value) bool) *show {
	t.Helper()
	s := newStill(t, c, keep)
	s.engine.Start(t.Context())
	return s
}

// newStill returns a show that has not begun.
func newStill(t testing.TB, c cook.Config, keep func(table.Value) bool) *show {
	t.Helper()
	s := &show{graph: graph.New(), op: &graphtest.Network{Listening: true}, rec: &graphtest.Recorder{}}
	err := s.graph.Edit(func(e *graph.Edit) {
		s.net = e.Add("net", s.op)
		f := e.Add("filter", &graphtest.Filter{Keep: keep})
		e.Wire(s.net, f)
		e.Wire(f, e.Add("rec", s.rec))
	})
	if err != nil {
		t.Fatal(err)
	}
	c.Offline = true
	if s.engine, err = cook.New(s.graph, c); err != nil {
		t.Fatal(err)
	}
	return s
}

func tapped(r *take.Recorder) cook.Config {
	return cook.Config{Cut: r.Cut, Cooked: r.Cooked, Sent: r.Sent, Saw: r.Saw, Changed: r.Changed}
}

func record(t testing.TB, out *bytes.Buffer, c take.Config) *take.Recorder {
	t.Helper()
	r, err := take.NewRecorder(out, c)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func put(s *show, p *remote, texts ...string) {
	for i, text := range texts {
		e := graph.Event{Time: int64(1000 + i), Data: []byte(text)}
		if p != nil {
			e.Peer = p
		}
		_ = s.net.Inbox().Put(e)
	}
}

// aShow records a show of some frames, and returns the take and what came out.
func aShow(t testing.TB) ([]byte, []string) {
	t.Helper()
	var out bytes.Buffer
	r := record(t, &out, take.Config{Every: 2, Info: take.Info{Patch: "show.yaml"}})
	s := newShow(t, tapped(r), short)
	p := &remote{id: uuid.Must(uuid.NewV7()), port: 5000}
	_ = s.net.Inbox().Put(graph.Event{Kind: graph.Connect, Peer: p, Time: 999})
	put(s, p, "one", "bad", "three")
	s.engine.Step()
	s.engine.Step()
	put(s, p, "four", "longer than that", "six")
	s.engine.StepAt(graph.Moment{Frame: 7, Time: time.Second})
	_ = s.net.Inbox().Put(graph.Event{Kind: graph.Close, Peer: p, Time: 2000, Err: errors.New("reset")})
	s.engine.Step()
	if err := s.engine.Close(); err != nil {
		t.Fatal(err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), s.rec.Got
}

func short(v table.Value) bool { return len(v.String()) < 8 }

func frames(t *testing.T, b []byte) (out []*take.Frame, torn bool) {
	t.Helper()
	r, err := take.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for f, err := range r.Frames() {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, f)
	}
	return out, r.Torn()
}

// play cooks a take and returns the show, the peers, and the first difference.
func play(t *testing.T, b []byte, keep func(table.Value) bool) (s *show, peers []*remote, different error) {
	t.Helper()
	p := take.Player{Own: true, Check: true, NewPeer: func(_ *graph.Node, q *take.Peer) take.Remote {
		peers = append(peers, &remote{id: q.ID, port: q.Port})
		return peers[len(peers)-1]
	}}
	s = newStill(t, cook.Config{Sent: p.Sent, Recall: p.Recall, Wants: p.Wants}, keep)
	p.Engine, p.Graph = s.engine, s.graph
	p.Start(t.Context())
	all, _ := frames(t, b)
	for _, f := range all {
		if err := p.Step(f); err != nil && different == nil {
			different = err
		}
	}
	return s, peers, different
}

func TestATakeIsCookedAgain(t *testing.T) {
	b, want := aShow(t)
	s, peers, err := play(t, b, short)
	if err != nil {
		t.Errorf("a difference: %v", err)
	}
	if !slices.Equal(s.rec.Got, want) || len(want) != 4 {
		t.Errorf("the take makes %q, the show made %q", s.rec.Got, want)
	}
	if len(peers) != 1 || peers[0].port != 5000 || peers[0].reason == nil || peers[0].reason.Error() != "reset" {
		t.Errorf("peers %+v, want one that ended with a reset", peers)
	}
	if got := s.net.Inbox().Stats(); got.Malformed != 1 || s.op.Got[2].Seq != 4 {
		t.Errorf("%d malformed, events %+v; want 1 and the numbers of the show", got.Malformed, s.op.Got)
	}
	var kinds []graph.EventKind
	for _, e := range s.op.Got {
		kinds = append(kinds, e.Kind)
		if e.Kind == graph.Message && e.Peer != table.Peer(peers[0]) {
			t.Errorf("event %+v has another peer", e)
		}
	}
	if kinds[0] != graph.Connect || kinds[len(kinds)-1] != graph.Close || len(kinds) != 7 {
		t.Errorf("events %v", kinds)
	}
}

func TestATakeSaysWhatWasCut(t *testing.T) {
	b, _ := aShow(t)
	all, torn := frames(t, b)
	if torn {
		t.Error("the take has no end")
	}
	first := all[0]
	if first.Number != 1 || len(first.Events) != 4 || !first.Events[2].Malformed || len(first.Losses) != 1 || first.Losses[0] != (take.Loss{Node: "/net", Malformed: 1}) {
		t.Errorf("the first frame is %+v, want 4 events, the third malformed", first)
	}
	e := first.Events[3]
	if e.Node != "/net" || e.Seq != 4 || e.Time != 1002 || string(e.Data) != "three" || e.Peer.Address != "192.0.2.1" || e.Peer.Local != "127.0.0.1:9000" {
		t.Errorf("the last event of the first frame is %+v", e)
	}
	end := all[len(all)-1]
	if before := all[len(all)-2]; end.Number != before.Number || len(end.Hashes) != 3 || len(end.Events) != 0 {
		t.Errorf("the end is %+v, want hashes of frame %d", end, before.Number)
	}
}

func TestDifferencesAreNamed(t *testing.T) {
	b, _ := aShow(t)
	_, _, err := play(t, b, func(v table.Value) bool { return v.String() != "four" })
	d, ok := errors.AsType[*take.Difference](err)
	if !ok || d.Frame != 7 || d.Node != "/filter" || d.Sent {
		t.Errorf("another patch: %v, want frame 7 and /filter", err)
	}
}

func TestFramesHaveAnOrder(t *testing.T) {
	s := newStill(t, cook.Config{}, nil)
	p := take.Player{Engine: s.engine, Graph: s.graph}
	p.Start(t.Context())
	if err := p.Step(&take.Frame{Number: 5, Time: time.Second}); err != nil {
		t.Fatal(err)
	}
	for _, f := range []*take.Frame{{Number: 4, Time: 2 * time.Second}, {Number: 6}, {Number: 5, Time: 2 * time.Second}, {Number: -1}} {
		if err := p.Step(f); !errors.Is(err, take.ErrOrder) {
			t.Errorf("frame %d at %v behind frame 5 at 1 s: %v", f.Number, f.Time, err)
		}
	}
}

// TestTornTakes cuts a take at every byte: what is left are its first frames, or it says that it is none.
func TestTornTakes(t *testing.T) {
	b, _ := aShow(t)
	whole, _ := frames(t, b)
	most := 0
	for size := range b {
		r, err := take.NewReader(bytes.NewReader(b[:size]))
		if err != nil {
			continue // it ends within what it says of itself
		}
		n := 0
		for f, err := range r.Frames() {
			if err != nil || f.Number != whole[n].Number || len(f.Events) != len(whole[n].Events) {
				t.Fatalf("%d bytes: frame %d is %+v (%v), want %+v", size, n, f, err, whole[n])
			}
			n++
		}
		if most = max(most, n); n < most || n < len(whole) && !r.Torn() {
			t.Fatalf("%d bytes: %d frames, torn: %t; fewer bytes had %d", size, n, r.Torn(), most)
		}
		r.Close()
	}
	if most != len(whole) {
		t.Errorf("%d of %d frames without the end", most, len(whole))
	}
}

// TestWhatIsOlderThanHalfASecondIsInTheFile looks into the file of a recorder that goes on.
func TestWhatIsOlderThanHalfASecondIsInTheFile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		r := record(t, &out, take.Config{})
		s := newShow(t, tapped(r), nil)
		for i := range 20 {
			put(s, nil, fmt.Sprint(i))
			s.engine.Step()
			time.Sleep(100 * time.Millisecond)
			synctest.Wait()
			if got, _ := frames(t, out.Bytes()); len(got) < i-5 {
				t.Fatalf("after %d frames, 100 ms each, the file has %d", i+1, len(got))
			}
		}
		if err := errors.Join(s.engine.Close(), r.Close()); err != nil {
			t.Error(err)
		}
	})
}

// A gate is a file that takes nothing while it is shut.
type gate struct {
	bytes.Buffer
	open chan struct{}
}

func (g *gate) Write(b []byte) (int, error) {
	<-g.open
	return g.Buffer.Write(b)
}

func TestRecordingNeverWaits(t *testing.T) {
	file := &gate{open: make(chan struct{}, 1)}
	file.open <- struct{}{} // for the head
	r, err := take.NewRecorder(file, take.Config{Limit: 10_000})
	if err != nil {
		t.Fatal(err)
	}
	s := newShow(t, tapped(r), nil)
	big := strings.Repeat("x", 1000)
	for range 100 {
		put(s, nil, big)
		s.engine.Step()
	}
	close(file.open)
	if err := errors.Join(s.engine.Close(), r.Close()); !errors.Is(err, take.ErrIncomplete) {
		t.Errorf("Close: %v, want %v", err, take.ErrIncomplete)
	}
	var events, lost int
	all, torn := frames(t, file.Bytes())
	for _, f := range all {
		events += len(f.Events)
		lost += int(f.Lost)
	}
	if events+lost < 100 || events == 0 || torn {
		t.Errorf("%d events, %d said to be lost, torn: %t; want 100 together", events, lost, torn)
	}
}

// A full file takes so many bytes.
type full int

var errFull = errors.New("no space left on device")

func (f *full) Write(b []byte) (int, error) {
	if *f -= full(len(b)); *f < 0 {
		return 0, errFull
	}
	return len(b), nil
}

func TestAFullDiskEndsTheRecordingOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		file := full(8000)
		var log bytes.Buffer
		r, err := take.NewRecorder(&file, take.Config{Logger: slog.New(slog.NewTextHandler(&log, nil))})
		if err != nil {
			t.Fatal(err)
		}
		s := newShow(t, tapped(r), nil)
		for i := range 2000 {
			put(s, nil, fmt.Sprintf("%x", uuid.New()))
			s.engine.Step()
			time.Sleep(time.Millisecond)
			if len(s.rec.Got) != i+1 {
				t.Fatalf("%d rows after %d messages", len(s.rec.Got), i+1)
			}
		}
		synctest.Wait()
		if err := errors.Join(s.engine.Close(), r.Close()); !errors.Is(err, errFull) || strings.Count(log.String(), "recording has stopped") != 1 {
			t.Errorf("Close: %v; the log:\n%s", err, &log)
		}
	})
}

// TestRecordingAllocations records frames in which nothing is new.
func TestRecordingAllocations(t *testing.T) {
	s := newShow(t, cook.Config{}, nil)
	r := record(t, &bytes.Buffer{}, take.Config{Every: 1 << 40, Limit: 1 << 30})
	p := &remote{id: uuid.Must(uuid.NewV7()), port: 5000}
	events := make([]graph.Event, 100)
	for i := range events {
		events[i] = graph.Event{Peer: p, Time: int64(i), Seq: uint64(i), Data: []byte("/fader/1 0.5")}
	}
	none := iter.Seq[*graph.Node](func(func(*graph.Node) bool) {})
	frame := int64(0)
	got := testing.AllocsPerRun(100, func() {
		frame++
		r.Cut(s.net, graph.Moment{Frame: frame}, events, nil)
		r.Cooked(graph.Moment{Frame: frame}, none)
	})
	if got > 50 {
		t.Errorf("a frame of %d events allocates %v times, want 50 at most", len(events), got)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
}

// FuzzReader reads what may be no take: it is one, or it is damaged, and no frame is larger than what
// a frame may be.
func FuzzReader(f *testing.F) {
	b, _ := aShow(f)
	f.Add(b)
	f.Add(b[:len(b)/2])
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := take.NewReader(bytes.NewReader(b))
		if err == nil {
			defer r.Close()
			for _, e := range r.Frames() {
				err = e
			}
		}
		if _, damaged := errors.AsType[*take.DamageError](err); err != nil && !damaged {
			t.Fatalf("%v is no DamageError", err)
		}
	})
}
