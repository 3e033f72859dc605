package main

import (
	"errors"
	"log/slog"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/cook/monitor"
	"linecook.dev/linecook/cook/take"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/patches"
)

func newRecord() *cobra.Command {
	var o runOptions
	cmd := &cobra.Command{
		Use: "record PATCH -o FILE", Short: "Cook a patch live, and keep everything that arrives in a take", Args: cobra.ExactArgs(1),
		Long: `Cook a patch live, as run does, and keep everything that arrives in a take: a file that cook cooks
again, and that take looks into. run --record FILE is the same.

Recording never keeps the patch waiting. If the disk is full it stops, the patch goes on, and the exit
code is 3. A take whose recorder was killed lacks no more than the last half second.`,
		RunE: func(cmd *cobra.Command, args []string) error { return runPatch(cmd, args[0], o) },
	}
	o.flags(cmd.Flags())
	cmd.Flags().StringVarP(&o.record, "output", "o", "", "the take, `FILE`, which must not exist yet")
	_ = cmd.MarkFlagRequired("output") // it is there
	return cmd
}

// A recording is a take that is being made. All of its methods do nothing if it is nil.
type recording struct {
	take *take.Recorder
	file *os.File
	rows []*graph.Node // that are added to it
}

// record begins the take that o names, if any. The rows of nodes are printed.
func (s *source) record(o runOptions, p *patches.Patch, g *graph.Graph, nodes []*graph.Node, log *slog.Logger) (*recording, error) {
	if o.record == "" {
		return nil, nil
	}
	r := &recording{}
	if o.rows {
		r.rows = receivers(g)
	}
	var err error
	if r.file, err = createTake(o.record); err != nil {
		return nil, err
	}
	r.take, err = take.NewRecorder(r.file, take.Config{Info: s.info(p, slices.Concat(nodes, r.rows)), Logger: log})
	if err != nil {
		return nil, errors.Join(err, r.file.Close())
	}
	return r, nil
}

// receivers returns the nodes that messages arrive at.
func receivers(g *graph.Graph) (out []*graph.Node) {
	for n := range g.Nodes() {
		if n.Inbox() != nil {
			out = append(out, n)
		}
	}
	return out
}

// observe has the engine give the recording the rows that it adds.
func (r *recording) observe(e *cook.Engine) {
	if r == nil {
		return
	}
	for _, n := range r.rows {
		e.Observe(n, func(frame int64, d table.Delta) { r.take.Rows(n, frame, d) })
	}
}

// info returns what a take of the patch says it is of.
func (s *source) info(p *patches.Patch, nodes []*graph.Node) take.Info {
	info := take.Info{
		Patch: s.name(), Files: s.files, Set: s.set, Params: s.params, Mode: string(p.Timeline.Mode), FPS: p.Timeline.FPS,
	}
	for _, n := range nodes {
		info.Watched = append(info.Watched, n.Path())
	}
	return info
}

// tap has the engine tell the recording.
func (r *recording) tap(c *cook.Config) {
	if r != nil {
		c.Changed = r.changed
		c.Cut, c.Cooked, c.Sent, c.Saw = r.take.Cut, r.take.Cooked, r.take.Sent, r.take.Saw
	}
}

// changed records a change; of another patch, what it is made of.
func (r *recording) changed(at graph.Moment, c graph.Change) {
	if s, ok := c.Patch.(*source); ok {
		c.Patch = &take.Info{Patch: s.name(), Files: s.files, Set: s.set, Params: s.params}
	}
	r.take.Changed(at, c)
}

// state returns how far the take is.
func (r *recording) state() monitor.Take {
	if r == nil {
		return monitor.Take{}
	}
	kept := r.take.Progress()
	t := monitor.Take{File: r.file.Name(), Events: kept.Events, Lost: kept.Lost}
	if kept.Err != nil {
		t.Error = kept.Err.Error()
	}
	if info, err := r.file.Stat(); err == nil {
		t.Bytes = info.Size()
	}
	return t
}

// close ends the take, once the engine has ended.
func (r *recording) close() error {
	if r == nil {
		return nil
	}
	return errors.Join(r.take.Close(), r.file.Close())
}
