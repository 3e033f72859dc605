package main

import (
	"bufio"
	"context"
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"linecook.dev/linecook/cmd/linecook/internal/osctext"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/peer/osc"
)

// A form says how messages are printed.
type form struct {
	osc            bool // they are packets of OSC
	json, hex, raw bool // at most one; none is text
}

func (f *form) flags(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&f.json, "json", false, "messages are JSON objects, one a line")
	cmd.Flags().BoolVar(&f.hex, "hex", false, "messages are bytes in hexadecimal")
	cmd.Flags().BoolVar(&f.raw, "raw", false, "messages are bytes as they are, with nothing between")
	cmd.MarkFlagsMutuallyExclusive("json", "hex", "raw")
}

// errEnough is why a dump ends that has printed as many messages as it was told to.
var errEnough = errors.New("all messages were printed")

// A printError is why nothing can be printed.
type printError struct{ error }

// A dumper prints messages. Any goroutine may use it.
type dumper struct {
	form form
	log  *slog.Logger
	stop context.CancelCauseFunc // with errEnough or a printError

	mu     sync.Mutex
	out    *bufio.Writer
	left   int // messages to print; negative: no limit
	packet osc.Packet
	buf    []byte
}

// newDumper returns a dumper that stops after count messages, or never if that is 0.
func newDumper(w io.Writer, f form, count int, log *slog.Logger, stop context.CancelCauseFunc) *dumper {
	if count == 0 {
		count = -1
	}
	return &dumper{form: f, log: log, stop: stop, out: bufio.NewWriterSize(w, 64<<10), left: count}
}

// message prints what came from a peer, or says what is wrong with it.
func (d *dumper) message(at time.Time, from string, data []byte, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err == nil {
		err = d.print(at, from, data)
	}
	if err != nil {
		d.log.Warn("malformed", "peer", from, "err", err, "bytes", hex.EncodeToString(data[:min(len(data), 256)]))
	}
}

func (d *dumper) print(at time.Time, from string, data []byte) error {
	if !d.form.osc || d.form.hex || d.form.raw {
		d.line(at, from, data, nil)
		return nil
	}
	if err := d.packet.Parse(data); err != nil {
		return err
	}
	for _, m := range d.packet.Messages() {
		d.line(at, from, nil, &m)
	}
	if odd := d.packet.Discarded(); len(odd) > 0 {
		return &odd[0]
	}
	return nil
}

// line prints an OSC message, or what is none.
func (d *dumper) line(at time.Time, from string, data []byte, m *osc.Message) {
	if d.left == 0 {
		return
	}
	b := d.buf[:0]
	switch {
	case d.form.raw:
		b = append(b, data...)
	case d.form.json:
		b = append(appendJSON(b, at, from, data, m), '\n')
	default:
		b = append(d.appendText(b, at, from, data, m), '\n')
	}
	d.buf = b
	_, _ = d.out.Write(b) // flush has the error
	if d.left--; d.left == 0 {
		d.stop(errEnough)
	}
}

func (d *dumper) appendText(b []byte, at time.Time, from string, data []byte, m *osc.Message) []byte {
	b = at.AppendFormat(b, "15:04:05.000000 ")
	b = append(append(b, from...), ' ')
	switch {
	case m != nil:
		return osctext.AppendText(b, m)
	case d.form.hex:
		return hex.AppendEncode(b, data)
	}
	return osctext.AppendQuoted(b, string(data))
}

func appendJSON(b []byte, at time.Time, from string, data []byte, m *osc.Message) []byte {
	b = at.UTC().AppendFormat(append(b, `{"time":"`...), "2006-01-02T15:04:05.000000000Z")
	b = table.StringValue(from).AppendJSON(append(b, `","peer":`...))
	b = append(b, ',')
	if m != nil {
		return append(osctext.AppendJSON(b, m), '}')
	}
	cell := table.BytesValue(data)
	if utf8.Valid(data) {
		cell = table.StringValue(string(data))
	}
	return append(cell.AppendJSON(append(b, `"message":`...)), '}')
}

// flush writes what was printed.
func (d *dumper) flush() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.out.Flush(); err != nil {
		d.stop(printError{err})
	}
}
