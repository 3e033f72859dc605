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
func (p *rowPrinter) csv(node graph.Path, frame int64, d table.Delta) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.WriteAll(p.records(node, frame, d)) // a Buffer takes all
	p.buf = append(p.buf, b.Bytes()...)
}

// table writes the same as csv, in aligned columns. One that was too narrow is wider from there on.
func (p *rowPrinter) table(node graph.Path, frame int64, d table.Delta) {
	records := p.records(node, frame, d)
	for _, record := range records {
		for i, cell := range record {
			record[i] = strings.ReplaceAll(cleanText(cell), "\n", `\n`)
			if i == len(p.widths) {
				p.widths = append(p.widths, 0)
			}
			p.widths[i] = max(p.widths[i], utf8.RuneCountInString(record[i]))
		}
	}
	for _, record := range records {
		p.line(record)
	}
}

func (p *rowPrinter) line(record []string) {
	for i, cell := range record {
		p.buf = append(p.buf, cell...)
		if i < len(record)-1 {
			pad := p.widths[i] - utf8.RuneCountInString(cell) + 2
			p.buf = append(p.buf, strings.Repeat(" ", pad)...)
		}
	}
	p.buf = append(p.buf, '\n')
}

// records returns the new rows, and a header before them if it is another than the last one.
func (p *rowPrinter) records(node graph.Path, frame int64, d table.Delta) (records [][]string) {
	if d.Fresh.Len() > 0 && (p.node != node || p.schema != d.Schema()) {
		p.columns = columns{node: node, schema: d.Schema()}
		records = append(records, slices.Concat([]string{"node", "frame", "row"}, names(d.Schema())))
	}
	for row := range d.Rows(d.Fresh) {
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
