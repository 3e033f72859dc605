package main

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"syscall"
	"text/tabwriter"
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
	out    *spool.Spool
	format func(p *rowPrinter, node graph.Path, frame int64, d table.Delta)
	log    *slog.Logger
	buf    []byte
	header string // of the csv or table that is being written
	lost   int    // rows
	losing bool
}

func newRowPrinter(w io.Writer, format string, log *slog.Logger) *rowPrinter {
	return &rowPrinter{out: spool.New(w, printLimit), format: rowFormats[format], log: log}
}

var rowFormats = map[string]func(*rowPrinter, graph.Path, int64, table.Delta){
	"jsonl": (*rowPrinter).jsonl, "csv": (*rowPrinter).csv, "table": (*rowPrinter).table,
}

// print writes the rows of d that were not printed before.
func (p *rowPrinter) print(node graph.Path, frame int64, d table.Delta) {
	p.buf = p.buf[:0]
	p.format(p, node, frame, d)
	_, err := p.out.Write(p.buf)
	if err != nil {
		p.lost += d.Fresh.Len()
		p.header = "" // it may be lost, too
		if !p.losing {
			p.log.Warn("rows are not printed", "err", err)
		}
	}
	p.losing = err != nil
}

// close writes what waits. That the reader has gone is no error.
func (p *rowPrinter) close(within time.Duration) error {
	err := p.out.Close(within)
	if errors.Is(err, syscall.EPIPE) {
		return nil
	}
	if p.lost > 0 || err != nil {
		p.log.Error("rows were not printed", "rows", p.lost, "err", err)
	}
	return err
}

// jsonl writes an object a row. Rows are counted by their absolute number.
func (p *rowPrinter) jsonl(node graph.Path, frame int64, d table.Delta) {
	for row := range d.Rows(d.Fresh) {
		b := append(p.buf, `{"node":"`...)
		b = append(append(b, node...), `","frame":`...)
		b = append(strconv.AppendInt(b, frame, 10), `,"row":`...)
		b = append(strconv.AppendUint(b, row.Number(), 10), `,"cells":`...)
		b = row.AppendJSON(b)
		p.buf = append(b, "}\n"...)
	}
}

// csv writes a record a row: node, frame, row and the cells. A header comes first, and again when
// another node's rows or more columns come.
func (p *rowPrinter) csv(node graph.Path, frame int64, d table.Delta) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	p.records(node, frame, d, func(record []string) { _ = w.Write(record) }) // a Buffer takes all
	w.Flush()
	p.buf = append(p.buf, b.Bytes()...)
}

// table writes the same as csv, in aligned columns.
func (p *rowPrinter) table(node graph.Path, frame int64, d table.Delta) {
	var b bytes.Buffer
	w := tabwriter.NewWriter(&b, 0, 8, 2, ' ', 0)
	p.header = ""
	p.records(node, frame, d, func(record []string) {
		for _, cell := range record {
			fmt.Fprintf(w, "%s\t", cleanText(cell))
		}
		fmt.Fprintln(w)
	})
	w.Flush()
	p.buf = append(p.buf, b.Bytes()...)
}

func (p *rowPrinter) records(node graph.Path, frame int64, d table.Delta, write func([]string)) {
	header := []string{"node", "frame", "row"}
	for _, name := range d.Schema().Names() {
		header = append(header, name)
	}
	if key := fmt.Sprint(node, header); d.Fresh.Len() > 0 && key != p.header {
		p.header = key
		write(header)
	}
	for row := range d.Rows(d.Fresh) {
		record := []string{string(node), strconv.FormatInt(frame, 10), strconv.FormatUint(row.Number(), 10)}
		for _, cell := range row.Cells() {
			record = append(record, cell.String())
		}
		write(record)
	}
}
