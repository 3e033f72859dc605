package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// logged returns what a log of that format says about what use does with it.
func logged(format string, use func(log *slog.Logger)) string {
	var out strings.Builder
	log, end := newLogger(&out, format)
	use(log)
	end()
	return out.String()
}

func TestLogFormats(t *testing.T) {
	use := func(log *slog.Logger) {
		log.With("node", "/in").Info("listening", slog.String("proto", "udp"), slog.String("addr", "127.0.0.1:9"))
	}
	synctest.Test(t, func(t *testing.T) { // a clock that starts at 2000
		const text = "time=2000-01-01T00:00:00.000Z level=INFO msg=listening node=/in proto=udp addr=127.0.0.1:9\n"
		if got := logged("text", use); got != text {
			t.Errorf("text log:\n got %swant %s", got, text)
		}
		const object = `{"time":"2000-01-01T00:00:00Z","level":"INFO","msg":"listening","node":"/in","proto":"udp","addr":"127.0.0.1:9"}` + "\n"
		if got := logged("json", use); got != object {
			t.Errorf("JSON log:\n got %swant %s", got, object)
		}
	})
}

// A stalled writer takes nothing before it is let.
type stalled struct {
	strings.Builder
	let chan struct{}
}

func (w *stalled) Write(p []byte) (int, error) {
	<-w.let
	return w.Builder.Write(p)
}

// TestLostRecordsAreCounted says how many records found no room while nobody read the log.
func TestLostRecordsAreCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out := stalled{let: make(chan struct{})}
		log, end := newLogger(&out, "json")
		long, records := strings.Repeat("x", logText), 2*logQueue/logText
		for i := range records {
			log.Info("m", "v", long)
			if i%logLines == logLines-1 {
				time.Sleep(time.Second) // more of a kind are held back
			}
		}
		close(out.let)
		synctest.Wait()
		end()
		lines := strings.Split(strings.TrimSpace(out.String()), "\n")
		var last struct {
			Msg   string
			Count int
		}
		if err := json.Unmarshal([]byte(lines[len(lines)-1]), &last); err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(last.Msg, "log records were lost") || last.Count != records-(len(lines)-1) {
			t.Errorf("the last of %d lines says %q of %d records, want what was lost of %d", len(lines), last.Msg, last.Count, records)
		}
	})
}

// TestLogShowsNoTricks logs what an attacker would send.
func TestLogShowsNoTricks(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"escape sequence", "\x1b[2J", `\x1b[2J`},
		{"text direction", "abc\u202ecba", `abc\u202ecba`},
		{"no UTF-8", "a\xffb", `a\xffb`},
		{"line separator", "a\u2028level=ERROR", `a\u2028level=ERROR`},
		{"letters and quotes stay", `é 日 "q" C:\dir`, `é 日 "q" C:\dir`},
		{"lines stay lines", "in f\n  at 3", "in f\n  at 3"},
	}
	for _, tt := range tests {
		for _, value := range []any{tt.text, errors.New(tt.text), []string{tt.text}} {
			t.Run(fmt.Sprintf("%s %T", tt.name, value), func(t *testing.T) {
				var record struct{ V, Msg string }
				line := logged("json", func(log *slog.Logger) { log.Warn(tt.text, "v", value) })
				if err := json.Unmarshal([]byte(line), &record); err != nil {
					t.Fatalf("log line %q: %v", line, err)
				}
				if got := strings.Trim(record.V, "[]"); got != tt.want && got != strings.Trim(tt.want, "[]") {
					t.Errorf("value %q was logged as %q, want %q", tt.text, got, tt.want)
				}
				if record.Msg != tt.want {
					t.Errorf("message %q was logged as %q, want %q", tt.text, record.Msg, tt.want)
				}
			})
		}
	}
}

func TestLogTextIsOneLine(t *testing.T) {
	got := logged("text", func(log *slog.Logger) { log.Info("a\nb", "v", "c\nd\u202e\x1b") })
	if strings.Count(got, "\n") != 1 || strings.ContainsAny(got, "\x1b\u202e") {
		t.Errorf("text log of lines and tricks: %q", got)
	}
}

func TestLogCutsLongText(t *testing.T) {
	for _, text := range []string{strings.Repeat("é", 10000), "x" + strings.Repeat("é", 10000), strings.Repeat("\xbf", 10000)} {
		got := logged("json", func(log *slog.Logger) { log.Info("m", "v", text) })
		if len(got) > 6*logText || strings.Contains(got, "\ufffd") || !strings.Contains(got, `..."`) {
			t.Errorf("text of 10,000 characters became a record of %d bytes: %.200s", len(got), got)
		}
	}
}

// TestLogHoldsBackFloods expects ten records a second of each kind, and the number of the others.
func TestLogHoldsBackFloods(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got := logged("json", func(log *slog.Logger) {
			flood, calm := log.With("node", "/flood"), log.With("node", "/calm")
			for range 3 {
				for range 1000 {
					flood.Error("malformed")
				}
				flood.Error("other")
				calm.Error("malformed")
				time.Sleep(time.Second)
				synctest.Wait()
			}
		})
		counts := map[string]int{}
		for line := range strings.Lines(got) {
			var r struct {
				Msg, Node, What string
				Count           int
			}
			if err := json.Unmarshal([]byte(line), &r); err != nil {
				t.Fatalf("log line %q: %v", line, err)
			}
			counts[r.Node+" "+r.Msg+" "+r.What]++
			counts["held back"] += r.Count
		}
		want := map[string]int{
			"/flood malformed ": 30, "/flood suppressed malformed": 3, "held back": 2970, "/flood other ": 3, "/calm malformed ": 3,
		}
		if fmt.Sprint(counts) != fmt.Sprint(want) {
			t.Errorf("records after a flood: %v, want %v", counts, want)
		}
	})
}

// TestLogEndsWithTheCount closes the log before the second of a flood is over.
func TestLogEndsWithTheCount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got := logged("json", func(log *slog.Logger) {
			for range 15 {
				log.Error("malformed")
			}
		})
		if !strings.Contains(got, `"msg":"suppressed","what":"malformed","count":5`) {
			t.Errorf("log after 15 records and close:\n%s", got)
		}
	})
}

// TestLogNeverBlocks logs to a reader that reads nothing.
func TestLogNeverBlocks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, w := io.Pipe()
		log, end := newLogger(w, "json")
		began := time.Now()
		for i := range 10000 {
			log.Info(fmt.Sprint("message ", i))
		}
		if took := time.Since(began); took > 0 {
			t.Errorf("logging waited %v for its reader", took)
		}
		end()
		if took := time.Since(began); took > 100*time.Millisecond {
			t.Errorf("close waited %v for its reader", took)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
}
