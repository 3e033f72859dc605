package monitor

import (
	"encoding/json"
	"errors"
	"fmt"
)

// Limits of what a viewer may ask for.
const (
	maxMessage = 64 << 10 // bytes of a message (reliability R63)
	maxDepth   = 32       // of its JSON (R24)
	maxWatch   = 16
	maxRows    = 1000 // of one tail, and of the log
	rowsUnsaid = 200
	maxPattern = 1 << 10 // bytes of a path or pattern
)

// A wish is what a viewer wants to see.
type wish struct {
	Nodes  bool        `json:"nodes"`
	Watch  []watchWish `json:"watch"`
	Log    *logWish    `json:"log"`
	Frames bool        `json:"frames"`
}

// A watchWish is a table whose newest rows are wanted.
type watchWish struct {
	Path string `json:"path"`
	Rows int    `json:"rows"`
	Raw  bool   `json:"raw"`
}

// A logWish says which messages are wanted. Empty patterns match all.
type logWish struct {
	On      bool   `json:"on"`
	Node    string `json:"node"`
	Peer    string `json:"peer"`
	Address string `json:"address"`
	Sent    bool   `json:"sent"`
	Rows    int    `json:"rows"`
}

// parseWish reads a viewer's message.
func parseWish(message []byte) (w wish, err error) {
	if depthOf(message) > maxDepth {
		return w, fmt.Errorf("JSON nests deeper than %d", maxDepth)
	}
	if err := json.Unmarshal(message, &w); err != nil {
		return w, err
	}
	if len(w.Watch) > maxWatch {
		return w, fmt.Errorf("%d nodes to watch; at most %d", len(w.Watch), maxWatch)
	}
	for i := range w.Watch {
		if w.Watch[i].Rows, err = rowsOf(w.Watch[i].Rows); err != nil {
			return w, err
		}
		if len(w.Watch[i].Path) > maxPattern {
			return w, errors.New("a path is too long")
		}
		w.Watch[i].Path = cleanPath(w.Watch[i].Path)
	}
	if w.Log != nil {
		if len(w.Log.Node) > maxPattern || len(w.Log.Peer) > maxPattern || len(w.Log.Address) > maxPattern {
			return w, errors.New("a pattern is too long")
		}
		w.Log.Node = cleanPath(w.Log.Node)
		w.Log.Rows, err = rowsOf(w.Log.Rows)
	}
	return w, err
}

func rowsOf(n int) (int, error) {
	switch {
	case n < 0:
		return 0, fmt.Errorf("%d rows", n)
	case n == 0:
		return rowsUnsaid, nil
	}
	return min(n, maxRows), nil
}

// depthOf returns how deep JSON nests, if it is JSON.
func depthOf(message []byte) (deepest int) {
	depth, text := 0, false
	for i := 0; i < len(message); i++ {
		switch c := message[i]; {
		case text && c == '\\':
			i++
		case c == '"':
			text = !text
		case text:
		case c == '{' || c == '[':
			depth++
			deepest = max(deepest, depth)
		case c == '}' || c == ']':
			depth--
		}
	}
	return deepest
}

// empty reports whether nothing is wanted.
func (w *wish) empty() bool {
	return !w.Nodes && len(w.Watch) == 0 && (w.Log == nil || !w.Log.On) && !w.Frames
}
