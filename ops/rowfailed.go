package ops

import (
	"fmt"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// shown is how much of a cell an error shows, in bytes.
const shown = 60

// rowFailed blames a row for err.
func rowFailed(row table.Row, err error) error { return graph.NewRowError(row, err) }

// brief returns a cell as an error shows it, with its kind.
func brief(v table.Value) string {
	text := v.String()
	if len(text) > shown {
		text = text[:shown] + "..."
	}
	return fmt.Sprintf("%s %q", v.Kind(), text)
}
