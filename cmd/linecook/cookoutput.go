package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/peer"
)

// sendsFile is the name of the file with what was sent.
const sendsFile = "sends.jsonl"

// A cookOutput is where cook puts out rows and what is sent.
type cookOutput struct {
	format string
	rows   map[*graph.Node]*rowFile
	files  []*rowFile
	sends  *rowFile // nil if it is not kept
	parts  *parts   // nil for standard output
	err    error    // the first of a write
}

// A rowFile is rows, or what was sent, as text.
type rowFile struct {
	*bufio.Writer
	rowText
}

// newCookOutput returns an output of the rows of nodes to w, or to parts if that is not nil.
func newCookOutput(w io.Writer, p *parts, format string, nodes []*graph.Node) (*cookOutput, error) {
	o := &cookOutput{format: format, rows: map[*graph.Node]*rowFile{}, parts: p}
	if p == nil {
		all := o.add(w)
		for _, n := range nodes {
			o.rows[n] = all
		}
		return o, nil
	}
	if err := o.open(nodes); err != nil {
		return nil, errors.Join(err, p.close(false))
	}
	return o, nil
}

func (o *cookOutput) add(w io.Writer) *rowFile {
	f := &rowFile{bufio.NewWriter(w), newRowText(o.format)}
	o.files = append(o.files, f)
	return f
}

// open opens a file for each node, and one for what is sent.
func (o *cookOutput) open(nodes []*graph.Node) error {
	for _, n := range nodes {
		name := filepath.FromSlash(string(n.Path()[1:])) + "." + extension(o.format)
		if name == sendsFile {
			return fmt.Errorf("the rows of %s would be in %s, which is for what is sent; choose another --format", n, sendsFile)
		}
		f, err := o.parts.open(name)
		if err != nil {
			return err
		}
		o.rows[n] = o.add(f)
	}
	f, err := o.parts.open(sendsFile)
	if err == nil {
		o.sends = o.add(f)
	}
	return err
}

func extension(format string) string {
	if format == "table" {
		return "txt"
	}
	return format
}

// has reports whether what a frame puts out was put out before an interruption.
func (o *cookOutput) has(frame int64) bool { return o.parts != nil && frame <= o.parts.state.Frame }

func (o *cookOutput) print(n *graph.Node, frame int64, d table.Delta) {
	f := o.rows[n]
	if o.has(frame) {
		if o.format != "jsonl" {
			f.of(n.Path(), frame, d) // headers and widths depend on what came before
		}
		return
	}
	_, err := f.Write(f.of(n.Path(), frame, d))
	o.fail(err)
}

// A sentLine is a line of sends.jsonl.
type sentLine struct {
	Node  graph.Path `json:"node"`
	Frame int64      `json:"frame"`
	Verb  string     `json:"verb"`         // send, osc (in the peer's framing), close, write
	To    string     `json:"to,omitempty"` // address and port
	Bytes []byte     `json:"bytes,omitempty"`
}

var verbs = map[graph.Verb]string{peer.VerbRaw: "send", peer.VerbOSC: "osc", peer.VerbClose: "close"}

func (o *cookOutput) sent(n *graph.Node, frame int64, to graph.Sink, verb graph.Verb, payload []byte) {
	line := sentLine{Node: n.Path(), Frame: frame, Verb: "write", Bytes: payload}
	if p, ok := to.(*peer.Peer); ok {
		line.Verb, line.To = verbs[verb], p.String()
	}
	if o.sends == nil || line.Verb == "" || o.has(frame) {
		return
	}
	b, err := json.Marshal(line)
	o.fail(err)
	_, err = o.sends.Write(append(b, '\n'))
	o.fail(err)
}

func (o *cookOutput) fail(err error) {
	if o.err == nil {
		o.err = err
	}
}

// cooked is called behind each frame: now and then, what the files have is made to count. It returns what went
// wrong so far.
func (o *cookOutput) cooked(frame int64) error {
	if o.parts != nil && time.Since(o.parts.saved) > saveTime && !o.has(frame) {
		o.save(frame)
	}
	return o.err
}

func (o *cookOutput) save(frame int64) {
	if o.flush(); o.err == nil {
		o.fail(o.parts.save(frame))
	}
}

func (o *cookOutput) flush() {
	for _, f := range o.files {
		o.fail(f.Flush())
	}
}

// close ends the output, which is whole or as far as frame.
func (o *cookOutput) close(whole bool, frame int64) error {
	o.flush()
	if o.parts == nil {
		return o.err
	}
	if !whole && !o.has(frame) {
		o.save(frame)
	}
	o.fail(o.parts.close(whole && o.err == nil))
	return o.err
}
