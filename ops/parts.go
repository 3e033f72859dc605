package ops

import (
	"bytes"
	"iter"
)

// parts walks what becomes a row each of a datagram: its bytes (format perbyte), its lines (perline)
// or itself. An empty datagram has no bytes and no lines.
func parts(data []byte, format string) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for rest, more := data, format == "permessage" || len(data) > 0; more; more = len(rest) > 0 {
			var part []byte
			switch format {
			case "perbyte":
				part, rest = rest[:1], rest[1:]
			case "perline":
				part, rest = cutLine(rest)
			default:
				part, rest = rest, nil
			}
			if !yield(part) {
				return
			}
		}
	}
}

// cutLine returns the first line of data without its end, and what is behind that.
func cutLine(data []byte) (line, rest []byte) {
	i := bytes.IndexAny(data, "\n\r\x00")
	switch {
	case i < 0:
		return data, nil
	case data[i] == '\r' && i+1 < len(data) && data[i+1] == '\n':
		return data[:i], data[i+2:]
	}
	return data[:i], data[i+1:]
}
