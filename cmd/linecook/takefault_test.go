package main_test

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const ticking = `linecook: v1
nodes:
  beat:
    clock: {rate: 60}
  sum:
    aggregate: {compute: [n=count, last=max(count)]}
    in: beat
`

// TestRecordersThatAreKilled kills recorders at one moment or another. What they leave is opened without repair,
// lacks the last second at most, and is cooked, with a warning, to rows that were printed then.
func TestRecordersThatAreKilled(t *testing.T) {
	file := writePatch(t, ticking)
	random := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		take := filepath.Join(t.TempDir(), "take.mcap")
		l := cookFile(t, file, "--record", take, "--print", "beat")
		var last row
		for range 1 + random.IntN(30) {
			last = rowOf(t, l.out.any())
		}
		l.signal(os.Kill)
		l.exit()
		p := start(t, "linecook", "cook", file, "--take", take, "--node", "beat", "--log-format", "json")
		if code := p.exit(); code != 0 || strings.Count(p.errs.String(), `"level":"WARN"`) != 1 {
			t.Fatalf("killed in frame %d: linecook cook: exit code %d, want 0 and one warning:\n%s", last.Frame, code, p.errs)
		}
		rows := strings.Fields(p.out.String())
		if len(rows) == 0 && last.Frame > 60 || len(rows) > 0 && rowOf(t, rows[len(rows)-1]).Frame < last.Frame-60 {
			t.Errorf("killed in frame %d: the take has the rows\n%s\nwant all but those of the last second", last.Frame, p.out)
		}
		printed := l.out.String()
		for _, r := range rows[:min(len(rows), strings.Count(printed, "\n"))] {
			if !strings.Contains(printed, r+"\n") {
				t.Errorf("killed in frame %d: the take is cooked to %s, which was not printed", last.Frame, r)
			}
		}
	}
}

// A row is what is printed of one.
type row struct {
	Frame int64
	Cells struct{ Count int }
}

func rowOf(t *testing.T, line string) (r row) {
	t.Helper()
	if err := json.Unmarshal([]byte(line), &r); err != nil {
		t.Fatalf("%s is no row: %v", line, err)
	}
	return r
}

// TestADiskThatIsFull records into a file that may have 8 KiB. The patch goes on, and the take is good as far as
// it goes.
func TestADiskThatIsFull(t *testing.T) {
	file := writePatch(t, strings.Replace(ticking, "rate: 60", "rate: 6000", 1))
	take := filepath.Join(t.TempDir(), "take.mcap")
	shell := `ulimit -f 16; exec linecook run "$0" --log-format json --record "$1" --print sum`
	l := live{start(t, "sh", "-c", shell, file, take)}
	stopped := l.log("recording has stopped: what arrives from now on is not in the take", "")
	if stopped["level"] != "ERROR" || !strings.Contains(stopped["err"].(string), "file too large") {
		t.Errorf("the log says %v, want an error that says why", stopped)
	}
	seen := rowOf(t, l.out.any()).Frame
	for next := seen; next < seen+30; {
		next = rowOf(t, l.out.any()).Frame
	}
	l.signal(os.Interrupt)
	if code := l.exit(); code != 3 || !strings.Contains(l.errs.String(), "recording has stopped: write") {
		t.Errorf("exit code %d, want 3; the log:\n%s", code, l.errs)
	}
	p := start(t, "linecook", "take", "verify", take)
	if code := p.exit(); code != 0 || !strings.Contains(p.errs.String(), "the take has no end") {
		t.Errorf("linecook take verify: exit code %d, want 0 and a warning:\n%s", code, p.errs)
	}
}
