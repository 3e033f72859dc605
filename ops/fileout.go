package ops

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops/spool"
)

const (
	fileBacklog   = 16 << 20 // bytes that wait for a slow or full disk
	fileRetry     = time.Second
	fileCloseTime = time.Second // for what waits, when the node closes
)

// FileOut appends every row to a file. While that cannot be written (a full disk) the node shows why,
// rows wait in 16 MiB, and those that find no room there are counted as errors.
type FileOut struct {
	File   string `required:"true" help:"path of the file, which is made if there is none and appended to otherwise"`
	Format string `default:"csv" menu:"csv jsonl" help:"csv: a header line if the file is empty, then a line a row; jsonl: a JSON object a row"`

	offline bool
	file    *os.File
	spool   *spool.Spool
	header  bool   // to be written before the next row
	head    []byte // that header, once there is a row
	lines   lines
}

// Describe implements [graph.Describer].
func (*FileOut) Describe() graph.Description {
	return graph.Description{
		Name: "fileout", Help: "Appends every row to a file, as CSV or JSON Lines.",
		Inputs: graph.Arity{Min: 1, Max: graph.Many}, Class: graph.ClassEffect,
	}
}

// Effect implements [graph.Effect].
func (*FileOut) Effect() bool { return true }

// Start implements [graph.Starter].
func (f *FileOut) Start(_ context.Context, n *graph.Node) error {
	// Nonblocking, since a named pipe that nobody reads would keep the open waiting.
	file, err := os.OpenFile(f.File, os.O_APPEND|os.O_CREATE|os.O_WRONLY|syscall.O_NONBLOCK, 0o644)
	if err != nil {
		return err
	}
	info, err := file.Stat()
	if err != nil {
		return errors.Join(err, file.Close())
	}
	f.file = file
	f.spool = spool.Open(file, spool.Config{Limit: fileBacklog, Retry: fileRetry, Changed: func(err error) { n.SetTrouble(graph.FaultWrite, err) }})
	f.header = f.Format == "csv" && info.Size() == 0
	return nil
}

// StartOffline implements [graph.OfflineStarter]: rows are made, and not written.
func (f *FileOut) StartOffline(*graph.Node) { f.offline = true }

// Close implements [io.Closer].
func (f *FileOut) Close() error {
	return errors.Join(f.spool.Close(fileCloseTime), f.file.Close())
}

// Cook implements [graph.Operator].
func (f *FileOut) Cook(c *graph.Cook) error {
	if f.spool == nil && !f.offline {
		return fmt.Errorf("%s is not open", f.File)
	}
	for i := range c.NumInputs() {
		d := c.In(i)
		c.Each(d.View, d.Fresh, func(row table.Row) error {
			c.Post(f, 0, f.line(row))
			return nil
		})
	}
	return nil
}

// line returns a row as it is written, valid until the next call.
func (f *FileOut) line(row table.Row) []byte {
	if f.Format == "jsonl" {
		return f.lines.json(row)
	}
	if f.header && f.head == nil {
		f.head = bytes.Clone(f.lines.names(row))
	}
	return f.lines.csv(row)
}

// Accept implements [graph.Sink].
func (f *FileOut) Accept(_ graph.Verb, line []byte) error {
	if f.offline {
		return nil
	}
	if f.header {
		line = append(f.head, line...)
	}
	if _, err := f.spool.Write(line); err != nil {
		return fmt.Errorf("row not written to %s: %w", f.File, err)
	}
	f.header = false
	return nil
}

// lines makes rows text.
type lines struct {
	buf   bytes.Buffer
	cells []string
}

func (l *lines) json(row table.Row) []byte {
	l.buf.Reset()
	l.buf.Write(append(row.AppendJSON(l.buf.AvailableBuffer()), '\n'))
	return l.buf.Bytes()
}

// csv writes a row that has as many cells as its table has columns: a column that appears later makes
// the lines longer, and the header stays.
func (l *lines) csv(row table.Row) []byte {
	l.cells = l.cells[:0]
	for _, cell := range row.Cells() {
		l.cells = append(l.cells, cell.String())
	}
	return l.record()
}

// names writes the names of a row's columns.
func (l *lines) names(row table.Row) []byte {
	l.cells = l.cells[:0]
	for name := range row.Cells() {
		l.cells = append(l.cells, name)
	}
	return l.record()
}

// record returns the cells as a line, valid until the next call.
func (l *lines) record() []byte {
	l.buf.Reset()
	w := csv.NewWriter(&l.buf)
	_ = w.Write(l.cells) // a Buffer takes all
	w.Flush()
	return l.buf.Bytes()
}
