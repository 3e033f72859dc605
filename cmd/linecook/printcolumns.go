package main

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// columns are those that the last header has, and how wide they are so far.
type columns struct {
	node   graph.Path
	schema *table.Schema
	widths []int // in characters
}

// csv writes a record a row: node, frame, row and the cells. A header comes first, and again when
// another node's rows or other columns come.
func (t *rowText) csv(node graph.Path, frame int64, d table.Delta) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.WriteAll(t.records(node, frame, d)) // a Buffer takes all
	t.buf = append(t.buf, b.Bytes()...)
}

// table writes the same as csv, in aligned columns. One that was too narrow is wider from there on.
func (t *rowText) table(node graph.Path, frame int64, d table.Delta) {
	records := t.records(node, frame, d)
	for _, record := range records {
		for i, cell := range record {
			record[i] = strings.ReplaceAll(cleanText(cell), "\n", `\n`)
			if i == len(t.widths) {
				t.widths = append(t.widths, 0)
			}
			t.widths[i] = max(t.widths[i], utf8.RuneCountInString(record[i]))
		}
	}
	for _, record := range records {
		t.line(record)
	}
}

func (t *rowText) line(record []string) {
	for i, cell := range record {
		t.buf = append(t.buf, cell...)
		if i < len(record)-1 {
			pad := t.widths[i] - utf8.RuneCountInString(cell) + 2
			t.buf = append(t.buf, strings.Repeat(" ", pad)...)
		}
	}
	t.buf = append(t.buf, '\n')
}

// records returns the new rows, and a header before them if it is another than the last one.
func (t *rowText) records(node graph.Path, frame int64, d table.Delta) (records [][]string) {
	if len(d.Past)+d.Fresh.Len() > 0 && (t.node != node || t.schema != d.Schema()) {
		t.columns = columns{node: node, schema: d.Schema()}
		records = append(records, slices.Concat([]string{"node", "frame", "row"}, names(d.Schema())))
	}
	for row := range d.NewRows() {
		record := []string{string(node), strconv.FormatInt(frame, 10), strconv.FormatUint(row.Number(), 10)}
		for _, cell := range row.Cells() {
			record = append(record, cell.String())
		}
		records = append(records, record)
	}
	return records
}

func names(s *table.Schema) (names []string) {
	for _, name := range s.Names() {
		names = append(names, name)
	}
	return names
}
