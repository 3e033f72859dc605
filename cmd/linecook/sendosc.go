package main

import (
	"bufio"
	"bytes"

	"github.com/spf13/cobra"

	"linecook.dev/linecook/cmd/linecook/internal/osctext"
)

func newSendOSC() *cobra.Command {
	o := sendOptions{form: form{osc: true}}
	var bundle string
	cmd := &cobra.Command{
		Use:   "osc [flags] HOST PORT [ADDRESS [TYPES] [VALUE...]]",
		Short: "Send OSC messages by UDP, TCP or UDT",
		Long: `Send an OSC message, or one for each line of standard input: a line as the arguments here, with
quotes where spaces are, or a JSON object as 'linecook dump osc --json' prints them. Empty lines and
those that begin with # are left out.

TYPES are OSC's type tags. With a comma before them they are taken for types in any case.
  i h      integer of 32 or 64 bits: -7, 0xff
  f d      float of 32 or 64 bits: 0.5, inf, nan
  s S      text, symbol
  c        character: x, 0x41
  b        bytes: 00ff7f
  m        MIDI message: 01903c7f (port, status, data, data)
  r        colour: ff8000, ff8000ff
  t        time: immediately, now, +1.5s, 2026-01-31T20:00:00Z, 83aa7e8000000000
  T F N I  true, false, nil, infinitum: no value
  [ ]      an array of the types between: no value
Without them they are guessed: an integer is i, or h if it does not fit; another number is f, or d if
it does not fit; true, false and nil are T, F and N; all else is s. A first value that could be types
itself is refused unless it is followed by as many values as these take: say the types then.

With -- between them several messages are sent, as a bundle. --bundle says when it is due.
Instead of HOST and PORT, the URLs of liblo's tools are understood, as osc.tcp://127.0.0.1:9000. At
file:///tmp/cue.osc the packets are written to a new file, and at - to standard output: as they are,
or with what --framing puts between them.`,
		Example: `  linecook send osc localhost 9000 /sample/address iTfs 1 3.14 hello
  linecook send osc localhost 9000 /fader/1 0.5
  linecook send osc --bundle +500ms localhost 9000 /cue i 7 -- /light rf ff8000 0.5
  linecook send osc --protocol tcp --framing slip --rate 10 --count 100 10.0.0.5 9000 /ping
  linecook dump osc --json 9000 | linecook send osc 10.0.0.5 9000`,
	}
	o.flags(cmd, "", "size", []string{"size", "slip"})
	cmd.Flags().StringVar(&bundle, "bundle", "", "send each packet as a bundle due at `TIME`: immediately, now, +1.5s, ...")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		words, err := o.parse(cmd, args)
		if err != nil {
			return &exitError{exitUsage, err}
		}
		return o.run(cmd, oscMessages(words, bundle), oscInput(bundle))
	}
	return cmd
}

// oscMessages returns the packet that words stand for, if there are any.
func oscMessages(words []string, bundle string) []message {
	if len(words) == 0 {
		return nil
	}
	if bundle != "" {
		words = append([]string{"@" + bundle}, words...)
	}
	var e osctext.Encoder
	return []message{func(dst []byte) ([]byte, error) { return e.Words(dst, words) }}
}

// oscInput has a packet a line.
func oscInput(bundle string) input {
	var e osctext.Encoder
	return input{split: bufio.ScanLines, message: func(line []byte) message {
		line = bytes.TrimSpace(line)
		if len(line) == 0 || line[0] == '#' {
			return nil
		}
		if bundle != "" && line[0] != '{' && line[0] != '@' {
			line = append([]byte("@"+bundle+" "), line...)
		}
		return func(dst []byte) ([]byte, error) { return e.Line(dst, string(line)) }
	}}
}
