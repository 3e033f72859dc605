package take

import (
	"errors"
	"io"

	"github.com/google/uuid"

	"linecook.dev/linecook/graph"
)

// A Writer writes frames into a take that was not recorded now: one that is made of another.
type Writer struct {
	out     *output
	started int64 // ns since 1970
	nodes   map[graph.Path]*source
	batch   batch
}

// NewWriter begins a take in w. Its Version and ID are set; Started is when frame 1 began.
func NewWriter(w io.Writer, info Info) (*Writer, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return nil, err
	}
	info.Version, info.ID = Version, id
	out, err := newOutput(w, &info)
	if err != nil {
		return nil, err
	}
	return &Writer{out: out, started: info.Started.UnixNano(), nodes: map[graph.Path]*source{}}, nil
}

// Write writes a frame with its events, behind those before.
func (w *Writer) Write(f *Frame) error {
	log := uint64(w.started + int64(f.Time))
	for i := range f.Events {
		e := &f.Events[i]
		w.batch.begin(w.source(e.Node), e.Seq, log, uint64(e.Time))
		w.batch.arena = appendEvent(w.batch.arena, f.Number, e.event(), e.Malformed, appendPeer(nil, e.Peer))
		w.batch.end()
	}
	w.batch.addFrame(*f, nil, log)
	defer w.batch.reset()
	for i := range w.batch.items {
		if err := w.out.message(&w.batch, &w.batch.items[i]); err != nil {
			return err
		}
	}
	return nil
}

func (w *Writer) source(node graph.Path) *source {
	s := w.nodes[node]
	if s == nil {
		s = &source{channel: uint16(len(w.nodes)) + framesChannel + 1, topic: string(node)}
		w.nodes[node] = s
	}
	return s
}

// Close writes the take's end.
func (w *Writer) Close() error { return w.out.close() }

// event returns what the node was given.
func (e *Event) event() *graph.Event {
	ev := &graph.Event{Kind: e.Kind, Seq: e.Seq, Time: e.Time, Data: e.Data}
	if e.Reason != "" {
		ev.Err = errors.New(e.Reason)
	}
	return ev
}
