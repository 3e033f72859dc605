package top

import (
	"cmp"
	"slices"
	"strings"
)

// A column of the list of nodes.
type column struct {
	title   string
	key     rune // sorts by it
	help    string
	width   int
	leave   int // the column with the lowest number that is not 0 is left out first where there is no room
	left    bool
	falling bool // sorted by it, the highest is first
	text    func(n *node) string
	compare func(a, b *node) int
}

// columns are all of them. The first is as wide as there is room.
var columns = []column{
	{title: "node", key: 'N', help: "path", left: true, text: func(n *node) string { return n.Path }, compare: by(func(n *node) string { return n.Path })},
	{title: "type", key: 'Y', help: "operator", width: 9, leave: 1, left: true, text: func(n *node) string { return n.Type }, compare: by(func(n *node) string { return n.Type })},
	{title: "state", key: 'S', help: "state: those in trouble first", width: 8, left: true, text: func(n *node) string { return n.State }, compare: by(func(n *node) int { return rankOf(n.State) })},
	{title: "in/s", key: 'I', help: "rows that were read, and messages that arrived, a second", width: 5, falling: true, text: func(n *node) string { return rate(n.in.perSecond()) }, compare: by(func(n *node) float64 { return n.in.perSecond() })},
	{title: "out/s", key: 'O', help: "rows that went into the table, a second", width: 6, falling: true, text: func(n *node) string { return rate(n.out.perSecond()) }, compare: by(func(n *node) float64 { return n.out.perSecond() })},
	{title: "sent/s", key: 'X', help: "messages that were sent, a second", width: 6, leave: 4, falling: true, text: func(n *node) string { return rate(n.sent.perSecond()) }, compare: by(func(n *node) float64 { return n.sent.perSecond() })},
	{title: "rows", key: 'R', help: "rows in the table now", width: 5, leave: 3, falling: true, text: func(n *node) string { return count(n.Rows) }, compare: by(func(n *node) int { return n.Rows })},
	{title: "mean", key: 'T', help: "time of a cook, on the average", width: 6, falling: true, text: func(n *node) string { return took(n.MeanNs) }, compare: by(func(n *node) int64 { return n.MeanNs })},
	{title: "max", key: 'M', help: "time of the longest cook", width: 6, leave: 2, falling: true, text: func(n *node) string { return took(n.MaxNs) }, compare: by(func(n *node) int64 { return n.MaxNs })},
	{title: "peers", key: 'P', help: "remote ends", width: 6, falling: true, text: func(n *node) string { return count(n.Peers) }, compare: by(func(n *node) int { return n.Peers })},
	{title: "drops", key: 'D', help: "all that was lost: dropped, malformed, refused, missed", width: 6, falling: true, text: func(n *node) string { return count(n.Lost) }, compare: by(func(n *node) uint64 { return n.Lost })},
	{title: "errs", key: 'E', help: "errors", width: 5, falling: true, text: func(n *node) string { return count(n.Errors) }, compare: by(func(n *node) uint64 { return n.counters.Errors })},
}

func by[T cmp.Ordered](value func(*node) T) func(a, b *node) int {
	return func(a, b *node) int { return cmp.Compare(value(a), value(b)) }
}

// states are those of a node, the ones that need somebody first.
var states = []string{"error", "starved", "stale", "inactive", "bypassed", "ok"}

// rankOf returns how much a state is in order. One that is not known is first.
func rankOf(state string) int { return slices.Index(states, state) }

// fit returns which columns have room in a width, and how wide the first one is then, which wants to be
// so wide.
func fit(width, first int) (shown []int, firstWidth int) {
	left := width
	for i, c := range columns {
		shown = append(shown, i)
		if i > 0 {
			left -= c.width + 1
		}
	}
	for left < min(first, leastPath) || left < first && left < wantedPath {
		leave := -1
		for at, i := range shown {
			if columns[i].leave > 0 && (leave < 0 || columns[i].leave < columns[shown[leave]].leave) {
				leave = at
			}
		}
		if leave < 0 {
			break
		}
		left += columns[shown[leave]].width + 1
		shown = slices.Delete(shown, leave, leave+1)
	}
	return shown, max(left, 1)
}

// How wide paths are shown, in characters.
const (
	leastPath  = 8
	wantedPath = 24
)

// pathText is a path in a width: its end, if it is longer.
func pathText(path string, width int) string {
	runes := []rune(path)
	if len(runes) <= width || width < 2 {
		return path
	}
	return "…" + string(runes[len(runes)-width+1:])
}

// pad is text at the left or right of a width.
func pad(text string, width int, left bool) string {
	space := strings.Repeat(" ", max(0, width-len([]rune(text))))
	if left {
		return text + space
	}
	return space + text
}
