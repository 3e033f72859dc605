package take

import (
	"strconv"

	"github.com/foxglove/mcap/go/mcap"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// rowsTopic stands before the path of a node whose rows are in a take.
const rowsTopic = "rows"

// rowsSchema describes a row. Which cells there are differs from node to node, and may change.
var rowsSchema = mcap.Schema{ID: rowSchema, Name: "linecook.Row", Encoding: "jsonschema", Data: []byte(`{
  "title": "linecook.Row", "type": "object",
  "properties": {
    "frame": {"type": "integer"}, "row": {"type": "integer", "description": "number of the row, from 0"},
    "cells": {"type": "object", "description": "by their columns"}
  }
}`)}

// Rows adds rows of a node, which has an inbox, as JSON: for people and for other tools, since they follow from
// what arrived. It is for [cook.Engine.Observe], and never waits: rows have half of the room that events have,
// and those that find none are counted and logged.
func (r *Recorder) Rows(n *graph.Node, frame int64, d table.Delta) {
	s := r.source(r.rows, n, rowsTopic)
	r.mu.Lock()
	defer r.mu.Unlock()
	for row := range d.NewRows() {
		r.row = appendRow(r.row[:0], frame, row)
		if r.err != nil || s == nil || r.pending.size() > r.cfg.Limit/2 || len(r.row) > maxData {
			r.loseRow()
			continue
		}
		r.pending.begin(s, row.Number(), r.logTime(r.cut), r.logTime(r.cut))
		r.pending.arena = append(r.pending.arena, r.row...)
		r.pending.end()
	}
}

func appendRow(b []byte, frame int64, row table.Row) []byte {
	b = append(strconv.AppendInt(append(b, `{"frame":`...), frame, 10), `,"row":`...)
	b = append(strconv.AppendUint(b, row.Number(), 10), `,"cells":`...)
	return append(row.AppendJSON(b), '}')
}

func (r *Recorder) loseRow() {
	if r.lostRows == 0 && r.err == nil {
		r.cfg.Logger.Warn("the take lacks rows: it is not written fast enough")
	}
	r.lostRows++
}
