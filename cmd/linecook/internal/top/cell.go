package top

import (
	"encoding/json"
	"strings"
)

// cellText is a cell as people write it. Texts are as they came: not clean.
func cellText(raw json.RawMessage) string {
	var s string
	switch {
	case len(raw) == 0 || string(raw) == "null":
		return ""
	case raw[0] == '"':
		if json.Unmarshal(raw, &s) == nil {
			return s
		}
	case raw[0] == '{':
		return typedText(raw)
	}
	return string(raw)
}

// typedText is a cell that JSON has no type for.
func typedText(raw json.RawMessage) string {
	var cell struct {
		T       string
		Text    *string
		Hex     string
		Cut     int // bytes in all, if not all are there
		ID      string
		Address string
		V       json.RawMessage
	}
	if json.Unmarshal(raw, &cell) != nil {
		return string(raw)
	}
	switch {
	case cell.T == "bytes" && cell.Cut > 0:
		return cell.Hex + "…"
	case cell.T == "bytes":
		return cell.Hex
	case cell.T == "peer":
		return cell.Address
	case cell.T == "list":
		return listText(cell.V)
	case cell.Text != nil:
		return *cell.Text
	}
	return cellText(cell.V)
}

func listText(raw json.RawMessage) string {
	var items []json.RawMessage
	if json.Unmarshal(raw, &items) != nil {
		return string(raw)
	}
	var b strings.Builder
	for i, item := range items {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(cellText(item))
	}
	return "[" + b.String() + "]"
}
