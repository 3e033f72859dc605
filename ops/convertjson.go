package ops

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"linecook.dev/linecook/graph/table"
)

// A jsonPath is where a value lies in JSON: a name for each object on the way, a number for each list.
type jsonPath []any

// parsePaths reads name=path, as x=pos.x or y=list[1]; a path alone is its own name.
func parsePaths(texts []string) (names []string, paths []jsonPath, err error) {
	for _, text := range texts {
		name, path, ok := strings.Cut(text, "=")
		if !ok {
			path = name
		}
		p, err := parsePath(strings.TrimSpace(path))
		if err != nil {
			return nil, nil, err
		}
		names, paths = append(names, strings.TrimSpace(name)), append(paths, p)
	}
	return names, paths, nil
}

func parsePath(text string) (p jsonPath, err error) {
	for rest := text; rest != ""; {
		if strings.HasPrefix(rest, "[") {
			number, after, ok := strings.Cut(rest[1:], "]")
			n, err := strconv.Atoi(number)
			if !ok || err != nil {
				return nil, fmt.Errorf("%q is no path; write names with points between, and [0] for an item of a list", text)
			}
			p, rest = append(p, n), strings.TrimPrefix(after, ".")
			continue
		}
		i := strings.IndexAny(rest, ".[")
		if i < 0 {
			i = len(rest)
		}
		if i == 0 {
			return nil, fmt.Errorf("%q is no path; write names with points between, and [0] for an item of a list", text)
		}
		p, rest = append(p, rest[:i]), strings.TrimPrefix(rest[i:], ".")
	}
	return p, nil
}

// in returns what lies at the path; nil if there is nothing.
func (p jsonPath) in(v any) any {
	for _, step := range p {
		switch step := step.(type) {
		case string:
			object, _ := v.(map[string]any)
			v = object[step]
		case int:
			list, _ := v.([]any)
			if step < 0 {
				step += len(list)
			}
			if step < 0 || step >= len(list) {
				return nil
			}
			v = list[step]
		}
	}
	return v
}

// parseJSON sets the columns that paths give, or each name of an object.
func (s *Convert) parseJSON(text string) error {
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	if len(s.paths) == 0 {
		return s.parseObject(dec)
	}
	var v any
	if err := decodeAll(dec, &v); err != nil {
		return err
	}
	for k, p := range s.paths {
		cell, err := jsonCell(p.in(v))
		if err != nil {
			return err
		}
		s.cells[k].set(s.row, cell)
	}
	return nil
}

func decodeAll(dec *json.Decoder, v any) error {
	if err := dec.Decode(v); err != nil {
		return jsonError(err)
	}
	return atEnd(dec)
}

func atEnd(dec *json.Decoder) error {
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errors.New("there is something behind the JSON value")
	}
	return nil
}

func jsonError(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the JSON ends too early")
	}
	return err
}

// parseObject sets a column for each name, in the order in which they stand there.
func (s *Convert) parseObject(dec *json.Decoder) error {
	err := eachMember(dec, func(name string, v table.Value) error {
		s.cell(name).set(s.row, v)
		return nil
	})
	if errors.Is(err, errNoObject) {
		return errors.New("it is no JSON object; say by columns which values to take, as x=[0]")
	}
	return err
}

var errNoObject = errors.New("it is no JSON object")

// eachMember calls f for each member of an object, in the order in which they stand there.
func eachMember(dec *json.Decoder, f func(name string, v table.Value) error) error {
	if t, err := dec.Token(); err != nil {
		return jsonError(err)
	} else if t != json.Delim('{') {
		return errNoObject
	}
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return jsonError(err)
		}
		var v any
		if err := dec.Decode(&v); err != nil {
			return jsonError(err)
		}
		cell, err := jsonCell(v)
		if err == nil {
			err = f(name.(string), cell)
		}
		if err != nil {
			return err
		}
	}
	if _, err := dec.Token(); err != nil {
		return jsonError(err)
	}
	return atEnd(dec)
}

// jsonCell returns a JSON value as a cell. An object is the text of its JSON.
func jsonCell(v any) (table.Value, error) {
	switch v := v.(type) {
	case nil:
		return table.Value{}, nil
	case bool:
		return table.BoolValue(v), nil
	case string:
		return table.StringValue(v), nil
	case json.Number:
		if n, ok := readNumber(v.String()); ok {
			return n, nil
		}
		return table.Value{}, fmt.Errorf("%s is too large a number", v)
	case []any:
		items := make([]table.Value, len(v))
		for i := range v {
			item, err := jsonCell(v[i])
			if err != nil {
				return item, err
			}
			items[i] = item
		}
		return table.ListValue(items...)
	}
	b, err := json.Marshal(v)
	return table.StringValue(string(b)), err
}
