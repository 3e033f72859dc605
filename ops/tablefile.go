package ops

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"linecook.dev/linecook/graph/table"
)

// What a file of rows may be. More is an error.
const (
	maxTableFile  = 16 << 20 // bytes
	maxTableCells = 4 << 20
	maxTableLine  = 1 << 20 // bytes of a line of JSON
	maxLineErrors = 100     // that are told one by one
)

// tableFormats are the formats by the ends of files' names.
var tableFormats = map[string]string{".csv": "csv", ".tsv": "tsv", ".tab": "tsv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl"}

// A tableReader reads the rows of a file.
type tableReader struct {
	file    string // as errors have it
	format  string // csv, tsv or jsonl
	header  bool   // the first line has the names of the columns
	numbers bool   // cells that are numbers become numbers
	columns []string

	w     *table.Writer
	cells int
	bad   []error // lines that are left out
	more  int     // further ones
}

// A tableContent is what was read.
type tableContent struct {
	table *table.Table
	bad   []error // a line each
}

// parse reads a file. Its error has the place.
func (r *tableReader) parse(data []byte) (*tableContent, error) {
	r.w = table.NewWriter()
	data = bytes.TrimPrefix(data, []byte("\uFEFF"))
	parse := r.parseRecords
	if r.format == "jsonl" {
		parse = r.parseLines
	}
	if err := parse(data); err != nil {
		return nil, err
	}
	if len(r.bad) > 0 && r.w.End() == 0 {
		return nil, r.bad[0]
	}
	if r.more > 0 {
		r.bad = append(r.bad, fmt.Errorf("%s: %d more lines are left out", r.file, r.more))
	}
	t := table.New(table.Limits{})
	t.Commit(r.w)
	return &tableContent{t, r.bad}, nil
}

// leave notes a line that is left out.
func (r *tableReader) leave(line int, format string, args ...any) {
	if len(r.bad) == maxLineErrors {
		r.more++
		return
	}
	r.bad = append(r.bad, r.errorf(line, format, args...))
}

func (r *tableReader) errorf(line int, format string, args ...any) error {
	return fmt.Errorf("%s:%d: "+format, append([]any{r.file, line}, args...)...)
}

// parseRecords reads CSV (RFC 4180) or TSV.
func (r *tableReader) parseRecords(data []byte) error {
	in := csv.NewReader(bytes.NewReader(data))
	in.FieldsPerRecord, in.ReuseRecord = -1, true
	if r.format == "tsv" {
		in.Comma, in.LazyQuotes = '\t', true
	}
	for first := true; ; first = false {
		record, err := in.Read()
		if errors.Is(err, io.EOF) {
			if first && r.header {
				return r.errorf(1, "the file is empty; want a line with the names of the columns, or header: off")
			}
			return nil
		}
		if e, ok := errors.AsType[*csv.ParseError](err); ok {
			return r.errorf(e.Line, "column %d: %w", e.Column, e.Err)
		}
		if err != nil {
			return r.errorf(1, "%w", err)
		}
		line, _ := in.FieldPos(0)
		if first {
			err = r.begin(line, record)
		}
		if err == nil && !(first && r.header) {
			err = r.record(line, record)
		}
		if err != nil {
			return err
		}
	}
}

// begin makes the columns, by the first line.
func (r *tableReader) begin(line int, record []string) error {
	if len(record) > table.MaxColumns {
		return r.errorf(line, "there are %d columns; a table has at most %d", len(record), table.MaxColumns)
	}
	for i, name := range record {
		if name = strings.TrimSpace(name); !r.header && i < len(r.columns) {
			name = r.columns[i]
		} else if !r.header || name == "" {
			name = fmt.Sprintf("col%d", i+1)
		}
		if r.w.Schema().Index(name) >= 0 {
			return r.errorf(line, "two columns are called %q", name)
		}
		r.w.Col(strings.Clone(name))
	}
	return nil
}

// record adds a row.
func (r *tableReader) record(line int, record []string) error {
	if n := r.w.Schema().Len(); len(record) != n {
		r.leave(line, "it has %d cells for %d columns: %s", len(record), n, clipped(strings.Join(record, string(r.comma()))))
		return nil
	}
	if col := slices.IndexFunc(record, func(cell string) bool { return len(cell) > table.MaxCell }); col >= 0 {
		r.leave(line, "column %q: the cell is longer than %d bytes", r.w.Schema().Name(col), table.MaxCell)
		return nil
	}
	r.w.Row()
	for col, text := range record {
		if v, ok := readNumber(text); ok && r.numbers {
			r.w.Set(col, v)
		} else if text != "" {
			r.w.SetString(col, text)
		}
	}
	return r.count(line, len(record))
}

func (r *tableReader) comma() rune {
	if r.format == "tsv" {
		return '\t'
	}
	return ','
}

func (r *tableReader) count(line, cells int) error {
	if r.cells += cells; r.cells > maxTableCells {
		return r.errorf(line, "the file has more than %d cells", maxTableCells)
	}
	return nil
}

// parseLines reads JSON Lines: an object each.
func (r *tableReader) parseLines(data []byte) error {
	number := 0
	for line := range bytes.Lines(data) {
		number++
		line = bytes.TrimSpace(line)
		switch {
		case len(line) == 0:
		case len(line) > maxTableLine:
			r.leave(number, "the line is longer than %d MiB", maxTableLine>>20)
		default:
			if err := r.object(number, line); err != nil {
				return err
			}
		}
	}
	return nil
}

// object adds a row: a cell for each member.
func (r *tableReader) object(number int, line []byte) error {
	mark := r.w.Mark()
	r.w.Row()
	dec := json.NewDecoder(bytes.NewReader(line))
	dec.UseNumber()
	cells := 0
	err := eachMember(dec, func(name string, v table.Value) error {
		col := r.w.Col(name)
		switch {
		case col < 0:
			return fmt.Errorf("column %q: a table has at most %d columns", clipped(name), table.MaxColumns)
		case len(v.Str()) > table.MaxCell:
			return fmt.Errorf("column %q: the cell is longer than %d bytes", name, table.MaxCell)
		}
		r.w.Set(col, v)
		cells++
		return nil
	})
	if err != nil {
		r.w.Undo(mark)
		r.leave(number, "%v: %s", err, clipped(string(line)))
		return nil
	}
	return r.count(number, max(cells, r.w.Schema().Len()))
}

// clipped returns a text as an error shows it.
func clipped(text string) string {
	if len(text) > shown {
		text = text[:shown] + "..."
	}
	return fmt.Sprintf("%q", text)
}

// formatOf returns the format of a file by its name, or an empty text.
func formatOf(name string) string { return tableFormats[strings.ToLower(filepath.Ext(name))] }
