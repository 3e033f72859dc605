package table

// AppendJSON appends the row as an object: each column's name and cell, from left to right.
func (r Row) AppendJSON(b []byte) []byte {
	b = append(b, '{')
	for i, name := range r.schema.names {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendJSONString(b, name), ':')
		b = r.Cell(i).AppendJSON(b)
	}
	return append(b, '}')
}
