package osctext

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"linecook.dev/linecook/peer/osc"
)

// A jsonPacket is a message, or a bundle if it has messages.
type jsonPacket struct {
	Timestamp any          `json:"timestamp"`
	Messages  []jsonPacket `json:"messages"`
	Address   string       `json:"address"`
	Types     *string      `json:"types"`
	Args      []any        `json:"args"`
}

// JSON appends the packet of a JSON object. Members it does not know are ignored.
func (e *Encoder) JSON(dst, object []byte) ([]byte, error) {
	d := json.NewDecoder(bytes.NewReader(object))
	d.UseNumber()
	var j jsonPacket
	if err := d.Decode(&j); err != nil {
		return dst, fmt.Errorf("not the JSON of a message: %w", err)
	}
	if d.More() {
		return dst, errors.New("there is more behind the JSON object")
	}
	p, err := e.fromJSON(j)
	if err != nil {
		return dst, err
	}
	return e.packet(dst, p)
}

func (e *Encoder) fromJSON(j jsonPacket) (p packet, err error) {
	if p.tag, err = e.jsonTime(j.Timestamp); err != nil {
		return p, err
	}
	if j.Messages == nil {
		args, err := jsonArgs(j)
		if err != nil {
			return p, fmt.Errorf("%s: %w", j.Address, err)
		}
		p.messages = []message{{j.Address, args}}
		return p, nil
	}
	p.tag = max(p.tag, osc.Immediately)
	for _, m := range j.Messages {
		inner, err := e.fromJSON(m)
		if err != nil {
			return p, err
		}
		p.inner = append(p.inner, inner)
	}
	return p, nil
}

// jsonTime returns the time tag of a bundle: 0 if there is none.
func (e *Encoder) jsonTime(v any) (osc.TimeTag, error) {
	if v == nil {
		return 0, nil
	}
	if m, ok := v.(map[string]any); ok {
		v = m["timetag"]
	}
	s, ok := v.(string)
	if !ok {
		return 0, errors.New(`timestamp is a time as text, or {"timetag":"<16 hexadecimal digits>"}`)
	}
	tag, err := e.timeTag(s)
	return max(tag, osc.Immediately), err
}

// jsonArgs returns the arguments of a message, with the types that it gives them.
func jsonArgs(j jsonPacket) (args []arg, err error) {
	for _, v := range j.Args {
		if args, err = flatten(args, v, 0); err != nil {
			return nil, err
		}
	}
	if j.Types == nil {
		return args, nil
	}
	types := strings.TrimPrefix(*j.Types, ",")
	if len(types) != len(args) {
		return nil, fmt.Errorf("the types %q are not those of args: %d and %d", types, len(types), len(args))
	}
	for i := range args {
		want := osc.Type(types[i])
		if args[i].tag != want && (kin(want) == "" || kin(want) != kin(args[i].tag)) {
			return nil, fmt.Errorf("type %s does not fit argument %d of args, which is of type %s", string(want), i+1, string(args[i].tag))
		}
		args[i].tag = want
	}
	return args, nil
}

// kin returns the types that may stand for each other in JSON.
func kin(t osc.Type) string {
	for _, group := range []string{"ihfd", "sS"} {
		if strings.IndexByte(group, byte(t)) >= 0 {
			return group
		}
	}
	return ""
}

// flatten appends a JSON value as arguments.
func flatten(args []arg, v any, depth int) ([]arg, error) {
	switch v := v.(type) {
	case nil:
		return append(args, arg{tag: osc.TypeNil}), nil
	case bool:
		if v {
			return append(args, arg{tag: osc.TypeTrue}), nil
		}
		return append(args, arg{tag: osc.TypeFalse}), nil
	case json.Number:
		return append(args, arg{guess(v.String()), v.String()}), nil
	case string:
		return append(args, arg{osc.TypeString, v}), nil
	case []any:
		return flattenList(args, v, depth)
	case map[string]any:
		a, err := special(v)
		return append(args, a), err
	}
	return nil, fmt.Errorf("%T is no argument", v)
}

func flattenList(args []arg, list []any, depth int) (_ []arg, err error) {
	if depth >= osc.MaxDepth {
		return nil, fmt.Errorf("arrays are nested more than %d deep", osc.MaxDepth)
	}
	args = append(args, arg{tag: osc.TypeArrayBegin})
	for _, v := range list {
		if args, err = flatten(args, v, depth+1); err != nil {
			return nil, err
		}
	}
	return append(args, arg{tag: osc.TypeArrayEnd}), nil
}

// specials are the types that JSON has an object for, by its member.
var specials = map[string]osc.Type{
	"float": osc.TypeFloat32, "bytes": osc.TypeBlob, "timetag": osc.TypeTimeTag, "char": osc.TypeChar,
	"rgba": osc.TypeColour, "midi": osc.TypeMIDI, "infinitum": osc.TypeInfinitum,
}

// special returns the argument that an object as {"bytes":"AP8="} is.
func special(object map[string]any) (a arg, err error) {
	if len(object) != 1 {
		return a, fmt.Errorf("an argument that is an object has one member, not %d", len(object))
	}
	for name, v := range object {
		text, isText := v.(string)
		a = arg{specials[name], text}
		switch {
		case a.tag == 0:
			return a, fmt.Errorf("an object with a member %q is no argument", name)
		case !isText && a.tag != osc.TypeInfinitum:
			return a, fmt.Errorf("%s of an argument is text", name)
		case a.tag == osc.TypeBlob:
			data, err := base64.StdEncoding.DecodeString(text)
			if err != nil {
				return a, fmt.Errorf("bytes %q are not base64", text)
			}
			a.text = hex.EncodeToString(data)
		}
	}
	return a, nil
}
