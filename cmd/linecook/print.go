package main

import (
	"errors"
	"io"
	"log/slog"
	"strconv"
	"syscall"
	"time"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops/spool"
)

// printLimit is how many bytes of rows wait for a slow reader of standard output.
const printLimit = 16 << 20

// A rowPrinter writes the new rows of nodes to an output, in one of three formats. It never waits:
// rows that a slow reader leaves no room for are lost and counted.
type rowPrinter struct {
	out *spool.Spool
	log *slog.Logger
	rowText
	lost   int // rows
	losing bool
}

// A rowText makes rows text, in one of three formats.
type rowText struct {
	format func(t *rowText, node graph.Path, frame int64, d table.Delta) // appends the new rows to buf
	buf    []byte
	columns
}

func newRowText(format string) rowText { return rowText{format: rowFormats[format]} }

// of returns the new rows of d as text, valid until the next call.
func (t *rowText) of(node graph.Path, frame int64, d table.Delta) []byte {
	t.buf = t.buf[:0]
	t.format(t, node, frame, d)
	return t.buf
}

// newRowPrinter returns a rowPrinter. gone is called, once, when nobody can read the output any more.
func newRowPrinter(w io.Writer, format string, log *slog.Logger, gone func()) *rowPrinter {
	out := spool.Open(w, spool.Config{Limit: printLimit, Changed: func(err error) {
		if errors.Is(err, syscall.EPIPE) {
			gone()
		}
	}})
	return &rowPrinter{out: out, rowText: newRowText(format), log: log}
}

var rowFormats = map[string]func(*rowText, graph.Path, int64, table.Delta){
	"jsonl": (*rowText).jsonl, "csv": (*rowText).csv, "table": (*rowText).table,
}

// print writes the rows of d that were not printed before.
func (p *rowPrinter) print(node graph.Path, frame int64, d table.Delta) {
	if d.Missed > 0 {
		p.log.Warn("rows went before they were printed", "node", string(node), "rows", d.Missed)
	}
	_, err := p.out.Write(p.of(node, frame, d))
	if err != nil {
		for rows := range d.News() {
			p.lost += rows.Len()
		}
		p.columns = columns{} // the header may be lost, too
		if !p.losing && !errors.Is(err, syscall.EPIPE) {
			p.log.Warn("rows are not printed", "err", err)
		}
	}
	p.losing = err != nil
}

// close writes what waits. That the reader has gone is no error, nor is it after a signal that the
// reader takes nothing: that is logged.
func (p *rowPrinter) close(within time.Duration, signalled bool) error {
	err := p.out.Close(within)
	if errors.Is(err, syscall.EPIPE) {
		return nil
	}
	if p.lost > 0 || err != nil {
		p.log.Error("rows were not printed: standard output was not read in time", "lost", p.lost, "err", err)
	}
	if signalled && errors.Is(err, spool.ErrDeadline) {
		return nil
	}
	return err
}

// jsonl writes an object a row. Rows are counted by their absolute number.
func (t *rowText) jsonl(node graph.Path, frame int64, d table.Delta) {
	for row := range d.NewRows() {
		b := append(t.buf, `{"node":"`...)
		b = append(append(b, node...), `","frame":`...)
		b = append(strconv.AppendInt(b, frame, 10), `,"row":`...)
		b = append(strconv.AppendUint(b, row.Number(), 10), `,"cells":`...)
		b = row.AppendJSON(b)
		t.buf = append(b, "}\n"...)
	}
}
