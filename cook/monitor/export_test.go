package monitor

// Sample copies what viewers want, as the hub has the engine do between two frames. The hub must be idle.
func (m *Monitor) Sample() { m.engine.Peek(m.hub.peek) }

// A Wish is what a viewer wants.
type Wish = wish

// ParseWish reads a viewer's message.
func ParseWish(message []byte) (Wish, error) { return parseWish(message) }

// Match reports whether a text is of a pattern of the log.
func Match(pattern, text string) bool { return newPattern(pattern).match(text) }
