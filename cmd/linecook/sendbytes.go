package main

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"linecook.dev/linecook/cmd/linecook/internal/osctext"
	"linecook.dev/linecook/peer/framing"
)

// sendHelp is what each protocol's help begins with.
var sendHelp = map[string]string{
	"udp": "Send datagrams: one for each TEXT, or for each line of standard input.",
	"tcp": `Send messages by TCP: one for each TEXT, or for each line of standard input. Each is followed by a
newline, unless --terminator or --framing says otherwise. What is answered is printed until the other
end closes, or half a second after all is sent; --wait says for how long.`,
	"udt": `Send messages of UDT: one for each TEXT, or for each line of standard input. With --stream they are
a stream of bytes, with a newline after each, unless --terminator or --framing says otherwise. With
--rendezvous neither end listens: both connect to each other, from a --localport that the other one
knows.`,
}

func newSendBytes(network string) *cobra.Command {
	var o sendOptions
	var terminator string
	cmd := &cobra.Command{
		Use: network + " [flags] HOST PORT [TEXT...]", Short: "Send text or bytes by " + strings.ToUpper(network),
		Long: sendHelp[network] + `

With --hex, TEXT and the lines are bytes as 00ff7f. With --json they are JSON: a text, {"bytes":"AP8="},
or an object with one of these as message, as 'linecook dump --json' prints them. With --raw standard
input is sent as it comes, whatever lines it has.`,
	}
	o.flags(cmd, network, "all", []string{"all", "size", "slip"})
	cmd.Flags().StringVar(&terminator, "terminator", "", `what follows each message: \n, \r\n, \0, ...`)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		texts, err := o.parse(cmd, args)
		if err != nil {
			return &exitError{exitUsage, err}
		}
		c := byteCoder{form: o.form}
		if c.end, err = o.terminator(cmd, terminator); err != nil {
			return &exitError{exitUsage, err}
		}
		if o.isStream() && o.framing == framing.All && !o.form.json && !o.form.hex {
			o.form.raw = true // answers, as they are
		}
		return o.run(cmd, c.messages(texts), c.input())
	}
	return cmd
}

// terminator returns what follows each message.
func (o *sendOptions) terminator(cmd *cobra.Command, flag string) (string, error) {
	if !cmd.Flags().Changed("terminator") {
		if o.isStream() && o.framing == framing.All && o.form == (form{}) {
			return "\n", nil
		}
		return "", nil
	}
	words, err := osctext.Words(`"` + flag + `"`)
	if err != nil {
		return "", fmt.Errorf("--terminator: %w", err)
	}
	return words[0], nil
}

// A byteCoder makes messages of what is written for them.
type byteCoder struct {
	form form
	end  string // what follows each message
}

func (c byteCoder) messages(texts []string) (list []message) {
	for _, text := range texts {
		list = append(list, c.message([]byte(text)))
	}
	return list
}

func (c byteCoder) input() input {
	split := bufio.ScanLines
	if c.form.raw {
		split = scanAll
	}
	return input{message: c.message, split: split}
}

func (c byteCoder) message(text []byte) message {
	return func(dst []byte) ([]byte, error) {
		data, err := c.decode(text)
		return append(append(dst, data...), c.end...), err
	}
}

func (c byteCoder) decode(text []byte) ([]byte, error) {
	switch {
	case c.form.hex:
		return osctext.Bytes(string(text))
	case c.form.json:
		var v any
		if err := json.Unmarshal(text, &v); err != nil {
			return nil, fmt.Errorf("not JSON: %w", err)
		}
		return fromCell(v)
	}
	return text, nil
}

// fromCell returns the bytes of a cell, or of an object with a message that is one.
func fromCell(v any) ([]byte, error) {
	switch v := v.(type) {
	case string:
		return []byte(v), nil
	case map[string]any:
		if m, ok := v["message"]; ok {
			return fromCell(m)
		}
		if s, ok := v["bytes"].(string); ok {
			return base64.StdEncoding.DecodeString(s)
		}
	}
	return nil, fmt.Errorf(`%v is no message; expected a text, {"bytes":"<base64>"}, or an object with one of these as message`, v)
}
