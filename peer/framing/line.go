package framing

// nextLine is next for PerLine.
func (s *Splitter) nextLine(data []byte) (frame, rest []byte, err error) {
	if s.afterCR {
		s.afterCR = false
		if data[0] == '\n' {
			data = data[1:]
		}
	}
	for len(data) > 0 {
		end := index3(data, '\n', '\r', 0)
		if end < 0 {
			return nil, nil, s.holdLine(data)
		}
		line, ending := data[:end:end], data[end]
		data = afterLine(data[end+1:], ending, &s.afterCR)
		switch {
		case s.skip:
			s.skip = false
			continue
		case len(s.buf)+len(line) > s.max:
			s.buf = s.buf[:0]
			return nil, data, ErrTooLong
		case len(s.buf) == 0:
			return line, data, nil
		}
		s.push(line, s.max)
		return s.pop(), data, nil
	}
	return nil, nil, nil
}

// afterLine returns what follows the end of a line, given the first byte of that end.
func afterLine(data []byte, ending byte, afterCR *bool) []byte {
	if ending != '\r' {
		return data
	}
	if len(data) == 0 {
		*afterCR = true
		return data
	}
	if data[0] == '\n' {
		return data[1:]
	}
	return data
}

// holdLine keeps the part of a line whose end has not come yet.
func (s *Splitter) holdLine(part []byte) error {
	switch {
	case s.skip:
		return nil
	case len(s.buf)+len(part) > s.max:
		s.drop()
		return ErrTooLong
	}
	s.push(part, s.max)
	return nil
}
