package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"

	"linecook.dev/linecook/cook/take"
	"linecook.dev/linecook/graph"
)

// An eventLine is an event of a take as JSON.
type eventLine struct {
	Frame    int64      `json:"frame"`
	Node     graph.Path `json:"node"`
	Event    string     `json:"event"`
	Sequence uint64     `json:"sequence,omitempty"`
	Time     string     `json:"time,omitempty"` // of arrival
	Protocol string     `json:"protocol,omitempty"`
	Address  string     `json:"address,omitempty"`
	Port     int        `json:"port,omitempty"`
	Peer     uuid.UUID  `json:"peer,omitzero"`
	Local    string     `json:"local,omitempty"`
	Reason   string     `json:"reason,omitempty"`
	Bad      bool       `json:"malformed,omitempty"`
	Bytes    []byte     `json:"bytes,omitempty"`
}

// A frameLine is a frame as JSON.
type frameLine struct {
	Frame   int64        `json:"frame"`
	Changes []changeLine `json:"changes,omitempty"`
	At      float64      `json:"at"` // seconds
	Lost    uint64       `json:"lost,omitempty"`
	Losses  []lossLine   `json:"losses,omitempty"`
	Seen    []seenLine   `json:"seen,omitempty"`
	Hashes  []hashLine   `json:"hashes,omitempty"`
}

type lossLine struct {
	Node      graph.Path `json:"node"`
	Dropped   uint64     `json:"dropped"`
	Malformed uint64     `json:"malformed"`
}

type seenLine struct {
	Node  graph.Path `json:"node"`
	Key   string     `json:"key"`
	Value string     `json:"value"`
}

type changeLine struct {
	Change string            `json:"change"` // param, active, bypass, pulse, wiring, patch, watch
	Node   graph.Path        `json:"node,omitempty"`
	Param  string            `json:"param,omitempty"`
	Value  string            `json:"value,omitempty"`
	Files  map[string]string `json:"files,omitempty"`
}

var changeNames = [...]string{"param", "active", "bypass", "pulse", "wiring", "patch", "watch"}

type hashLine struct {
	Node  graph.Path `json:"node"`
	Table string     `json:"table"`
	Sent  string     `json:"sent,omitempty"`
}

var eventNames = map[graph.EventKind]string{graph.Message: "message", graph.Connect: "connect", graph.Close: "close", take.Rows: "rows"}

func takeExport(out, errs io.Writer, t *taken) error {
	w := bufio.NewWriter(out)
	lines := json.NewEncoder(w)
	for f, err := range t.Frames() {
		if err == nil {
			err = exportFrame(lines, f)
		}
		if err != nil {
			_ = w.Flush() // what comes before the damage
			return err
		}
	}
	if t.Torn() {
		fmt.Fprintf(errs, "%s has no end: its recorder was killed, or still records\n", t.name)
	}
	return w.Flush()
}

func exportFrame(lines *json.Encoder, f *take.Frame) error {
	for i := range f.Events {
		e := &f.Events[i]
		p, at := &e.Peer, ""
		if e.Kind != take.Rows {
			at = time.Unix(0, e.Time).UTC().Format(time.RFC3339Nano)
		}
		err := lines.Encode(eventLine{
			f.Number, e.Node, eventNames[e.Kind], e.Seq, at, p.Protocol, p.Address, p.Port, p.ID, p.Local, e.Reason, e.Malformed, e.Data,
		})
		if err != nil {
			return err
		}
	}
	line := frameLine{Frame: f.Number, At: f.Time.Seconds(), Lost: f.Lost}
	for _, l := range f.Losses {
		line.Losses = append(line.Losses, lossLine(l))
	}
	for _, c := range f.Changes {
		change := changeLine{Change: changeNames[c.Kind], Node: c.Node, Param: c.Param, Value: c.Value}
		if c.Patch != nil {
			change.Files = c.Patch.Files
		}
		line.Changes = append(line.Changes, change)
	}
	for _, s := range f.Seen {
		line.Seen = append(line.Seen, seenLine(s))
	}
	for _, h := range f.Hashes {
		sent := ""
		if h.Sent != 0 {
			sent = fmt.Sprintf("%016x", h.Sent)
		}
		line.Hashes = append(line.Hashes, hashLine{h.Node, fmt.Sprintf("%016x", h.Table), sent})
	}
	return lines.Encode(line)
}
