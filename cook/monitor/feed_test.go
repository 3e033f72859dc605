package monitor_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"linecook.dev/linecook/cook/monitor"
)

// An assembled tail is what a client makes of the updates it gets.
type assembled struct {
	rows    []json.RawMessage
	end     uint64
	skipped uint64
}

func numberOf(row json.RawMessage) (number uint64) {
	var cells []any
	if err := json.Unmarshal(row, &cells); err != nil {
		panic(err)
	}
	return uint64(cells[0].(float64))
}

// follow takes an update of the tail.
func (a *assembled) follow(u update, path string, most int) {
	tail, ok := u.Tails[path]
	if !ok {
		return
	}
	if tail.Reset {
		a.rows, a.skipped = nil, 0
	}
	if tail.Skipped > 0 {
		a.rows = nil
	}
	a.rows = append(a.rows, tail.Rows...)
	a.rows = slices.DeleteFunc(a.rows, func(row json.RawMessage) bool { return numberOf(row) < tail.Base })
	a.rows = a.rows[max(0, len(a.rows)-most):]
	a.end, a.skipped = tail.End, a.skipped+tail.Skipped
}

func TestTailIsTheTable(t *testing.T) {
	const most = 50
	r := newRig(t, chain(300), monitor.Config{})
	c := r.watch(fmt.Sprintf(`{"watch":[{"path":"/b","rows":%d}]}`, most))
	var a assembled
	next, total := int64(0), uint64(0)
	for range 12 {
		for range 1 + rand.IntN(20) {
			values := make([]int64, rand.IntN(40))
			for i := range values {
				values[i] = next
				next++
			}
			total += uint64(len(values))
			r.feed("/a", values...)
		}
		c.until(fmt.Sprintf("told of row %d", total-1), func(u update) bool {
			a.follow(u, "/b", most)
			return a.end == total
		})
		got, want := fmt.Sprintf("%s", a.rows), fmt.Sprintf("%s", r.rows("/b", most))
		if got != want {
			t.Fatalf("after %d rows, of which %d were skipped, a client has %s\nwant %s", total, a.skipped, got, want)
		}
	}
}
