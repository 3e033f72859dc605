package osctext

import (
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops"
	"linecook.dev/linecook/peer/osc"
)

// AppendJSON appends the members of a JSON object that are a message: its timestamp if it is in a
// bundle, address, types and args.
func AppendJSON(b []byte, m *osc.Message) []byte {
	if m.Depth > 0 {
		b = append(table.TimeTagValue(uint64(m.Time)).AppendJSON(append(b, `"timestamp":`...)), ',')
	}
	b = table.StringValue(string(m.Address())).AppendJSON(append(b, `"address":`...))
	b = table.StringValue(string(m.Types())).AppendJSON(append(b, `,"types":`...))
	b = append(b, `,"args":[`...)
	first := true
	for a := range m.Args() {
		if !first && a.Type != osc.TypeArrayEnd {
			b = append(b, ',')
		}
		switch a.Type {
		case osc.TypeArrayBegin, osc.TypeArrayEnd:
			b = append(b, byte(a.Type))
		default:
			b = ops.OSCCell(a).AppendJSON(b)
		}
		first = a.Type == osc.TypeArrayBegin
	}
	return append(b, ']')
}
