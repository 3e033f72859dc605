package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/peer"
)

// sendsFile is the name of the file with what was sent.
const sendsFile = "sends.jsonl"

// A cookOutput is where cook puts out rows and what is sent.
type cookOutput struct {
	rows  map[*graph.Node]*rowFile
	files []*rowFile
	sends *rowFile // nil if it is not kept
	err   error    // the first of a write
}

// A rowFile is a file that gets its name when it is whole, or standard output.
type rowFile struct {
	*bufio.Writer
	rowText
	file *os.File // nil for standard output
	name string
}

// newCookOutput returns an output to w, or to files in dir if that is not empty.
func newCookOutput(w io.Writer, dir, format string, nodes []*graph.Node) (*cookOutput, error) {
	o := &cookOutput{rows: map[*graph.Node]*rowFile{}}
	if dir == "" {
		all := &rowFile{Writer: bufio.NewWriter(w), rowText: newRowText(format)}
		o.files = append(o.files, all)
		for _, n := range nodes {
			o.rows[n] = all
		}
		return o, nil
	}
	if err := o.create(dir, format, nodes); err != nil {
		return nil, errors.Join(err, o.close(false))
	}
	return o, nil
}

func (o *cookOutput) create(dir, format string, nodes []*graph.Node) (err error) {
	for _, n := range nodes {
		name := filepath.FromSlash(string(n.Path()[1:])) + "." + extension(format)
		if name == sendsFile {
			return fmt.Errorf("the rows of %s would be in %s, which is for what is sent; choose another --format", n, sendsFile)
		}
		if o.rows[n], err = o.open(filepath.Join(dir, name), format); err != nil {
			return err
		}
	}
	o.sends, err = o.open(filepath.Join(dir, sendsFile), format)
	return err
}

func extension(format string) string {
	if format == "table" {
		return "txt"
	}
	return format
}

func (o *cookOutput) open(name, format string) (*rowFile, error) {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return nil, err
	}
	f, err := os.Create(name + ".part")
	if err != nil {
		return nil, err
	}
	r := &rowFile{bufio.NewWriter(f), newRowText(format), f, name}
	o.files = append(o.files, r)
	return r, nil
}

func (o *cookOutput) print(n *graph.Node, frame int64, d table.Delta) {
	f := o.rows[n]
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
	if o.sends == nil || line.Verb == "" {
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

// close ends the files. Unless what they have is whole they are removed.
func (o *cookOutput) close(whole bool) error {
	for _, f := range o.files {
		o.fail(f.Flush())
	}
	for _, f := range o.files {
		if f.file == nil {
			continue
		}
		o.fail(f.file.Close())
		if whole && o.err == nil {
			o.fail(os.Rename(f.file.Name(), f.name))
		} else {
			o.fail(os.Remove(f.file.Name()))
		}
	}
	return o.err
}
