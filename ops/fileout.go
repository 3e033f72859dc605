package ops

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"time"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops/spool"
)

const (
	fileBacklog   = 16 << 20        // bytes that wait for a slow disk
	fileCloseTime = 1 * time.Second // for what waits, when the node closes
)

// FileOut appends every row to a file.
type FileOut struct {
	File   string `required:"true" help:"path of the file, which is made if there is none and appended to otherwise"`
	Format string `default:"csv" menu:"csv jsonl" help:"csv: a header line if the file is empty, then a line a row; jsonl: a JSON object a row"`

	file   *os.File
	spool  *spool.Spool
	header bool // to be written before the next row
	buf    []byte
}

// Describe implements [graph.Describer].
func (*FileOut) Describe() graph.Description {
	return graph.Description{
		Name: "fileout", Help: "Appends every row to a file, as CSV or JSON Lines.",
		Inputs: graph.Arity{Min: 1, Max: graph.Many},
	}
}

// Effect implements [graph.Effect].
func (*FileOut) Effect() bool { return true }

// Start implements [graph.Starter].
func (f *FileOut) Start(context.Context, *graph.Node) error {
	file, err := os.OpenFile(f.File, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	info, err := file.Stat()
	if err != nil {
		return errors.Join(err, file.Close())
	}
	f.file, f.spool = file, spool.New(file, fileBacklog)
	f.header = f.Format == "csv" && info.Size() == 0
	return nil
}

// Close implements [io.Closer].
func (f *FileOut) Close() error {
	return errors.Join(f.spool.Close(fileCloseTime), f.file.Close())
}

// Cook implements [graph.Operator].
func (f *FileOut) Cook(c *graph.Cook) error {
	for i := range c.NumInputs() {
		d := c.In(i)
		c.Each(d.View, d.Fresh, func(row table.Row) error { return f.write(c, row) })
	}
	return nil
}

func (f *FileOut) write(c *graph.Cook, row table.Row) error {
	f.buf = f.buf[:0]
	if f.Format == "jsonl" {
		f.buf = append(row.AppendJSON(f.buf), '\n')
	} else {
		f.appendCSV(row)
	}
	c.Post(f, 0, f.buf)
	return nil
}

// appendCSV writes a row that has as many cells as its table has columns: a column that appears
// later makes the lines longer, and the header stays.
func (f *FileOut) appendCSV(row table.Row) {
	b := bytes.NewBuffer(f.buf)
	w := csv.NewWriter(b)
	var names, cells []string
	for name, cell := range row.Cells() {
		names, cells = append(names, name), append(cells, cell.String())
	}
	if f.header {
		f.header = false
		_ = w.Write(names) // a Buffer takes all
	}
	_ = w.Write(cells)
	w.Flush()
	f.buf = b.Bytes()
}

// Accept implements [graph.Sink].
func (f *FileOut) Accept(_ graph.Verb, line []byte) error {
	if f.spool == nil {
		return fmt.Errorf("%s is not open", f.File)
	}
	_, err := f.spool.Write(line)
	if err != nil {
		return fmt.Errorf("%s: row not written: %w", f.File, err)
	}
	return nil
}
