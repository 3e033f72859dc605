package script

import (
	"fmt"

	"go.starlark.net/starlark"

	"linecook.dev/linecook/peer"
	"linecook.dev/linecook/peer/osc"
)

// A senderValue is a value that has send, sendBytes and sendOSC.
type senderValue interface {
	starlark.Value
	sender() (peer.Sender, error)
}

func sent(n int, err error) (starlark.Value, error) {
	if err != nil {
		return nil, err
	}
	return starlark.MakeInt(n), nil
}

// send implements send(*messages, terminator=...): each message is followed by the terminator, NUL
// unless it is given.
func send(c call) (starlark.Value, error) {
	terminator := peer.NUL
	if err := c.keywords("terminator?", &terminator); err != nil {
		return nil, err
	}
	messages := make([]string, len(c.args))
	for i, v := range c.args {
		s, ok := v.(starlark.String)
		if !ok {
			return nil, fmt.Errorf("send: message %d is a %s, not a string; sendBytes takes bytes and numbers", i+1, v.Type())
		}
		messages[i] = string(s)
	}
	to, err := c.recv.(senderValue).sender()
	if err != nil {
		return nil, err
	}
	return sent(to.Send(terminator, messages...))
}

// sendBytes implements sendBytes(*messages): strings, bytes and single numbers, as they are.
func sendBytes(c call) (starlark.Value, error) {
	if len(c.kwargs) > 0 {
		return nil, fmt.Errorf("sendBytes takes no keyword arguments")
	}
	messages := make([]any, len(c.args))
	for i, v := range c.args {
		switch v := v.(type) {
		case starlark.String:
			messages[i] = string(v)
		case starlark.Bytes:
			messages[i] = []byte(v)
		case *byteArray:
			messages[i] = v.data
		default:
			n, err := oneByte(v)
			if err != nil {
				return nil, fmt.Errorf("sendBytes: message %d: %w, nor text, nor bytes", i+1, err)
			}
			messages[i] = int(n)
		}
	}
	to, err := c.recv.(senderValue).sender()
	if err != nil {
		return nil, err
	}
	return sent(to.SendBytes(messages...))
}

// sendOSC implements sendOSC(address, *values, asBundle=False, useNonStandardTypes=True,
// use64BitPrecision=False), where addresses and their values alternate.
func sendOSC(c call) (starlark.Value, error) {
	bundle, extended, wide := false, true, false
	err := c.keywords("asBundle?", &bundle, "useNonStandardTypes?", &extended, "use64BitPrecision?", &wide)
	if err != nil {
		return nil, err
	}
	pairs, err := oscPairs(c.args)
	if err != nil {
		return nil, fmt.Errorf("sendOSC: %w", err)
	}
	to, err := c.recv.(senderValue).sender()
	if err != nil {
		return nil, err
	}
	o := osc.Options{AsBundle: bundle, StandardTypesOnly: !extended, Use64Bit: wide}
	return sent(to.SendOSC(o, pairs...))
}

// oscPairs reads an address and its values, and so on; a single address has none.
func oscPairs(args starlark.Tuple) ([]osc.Pair, error) {
	if len(args) == 1 {
		args = append(args[:1:1], starlark.NewList(nil))
	}
	if len(args) == 0 || len(args)%2 != 0 {
		return nil, fmt.Errorf("it takes an address and a list of values, in turn; %d arguments were given", len(args))
	}
	var pairs []osc.Pair
	for ; len(args) > 0; args = args[2:] {
		address, ok := args[0].(starlark.String)
		if !ok {
			return nil, fmt.Errorf("an address is a string, not a %s; all values of a message go into one list", args[0].Type())
		}
		values, err := oscValue(args[1], 0)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", quote(string(address)), err)
		}
		pairs = append(pairs, osc.Pair{Address: string(address), Values: values})
	}
	return pairs, nil
}
