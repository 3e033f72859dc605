package monitor_test

import (
	"encoding/json"
	"path"
	"reflect"
	"strings"
	"testing"

	"linecook.dev/linecook/cook/monitor"
)

func FuzzWish(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"nodes":true,"watch":[{"path":"/faders","rows":200,"raw":true}],"frames":true}`,
		`{"log":{"on":true,"node":"/fad*","peer":"127.0.0.1*","address":"/fader/*","sent":true,"rows":5}}`,
		`{"watch":[{"rows":-1}]}`, `[[[[`, `{"watch":` + strings.Repeat("[", 40), `"\"[[["`, "null",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, message []byte) {
		w, err := monitor.ParseWish(message)
		if err != nil {
			return
		}
		if len(w.Watch) > 16 {
			t.Fatalf("ParseWish(%q) watches %d nodes; at most 16 are allowed", message, len(w.Watch))
		}
		for _, watch := range w.Watch {
			if watch.Rows < 1 || watch.Rows > 1000 || len(watch.Path) > 1<<10 {
				t.Fatalf("ParseWish(%q) watches %+v", message, watch)
			}
		}
		if w.Log != nil && (w.Log.Rows < 1 || w.Log.Rows > 1000) {
			t.Fatalf("ParseWish(%q) wants %d rows of the log", message, w.Log.Rows)
		}
		text, err := json.Marshal(w)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := monitor.ParseWish(text); err != nil || !reflect.DeepEqual(again, w) {
			t.Fatalf("ParseWish(%q) = %+v\nwritten as %s it is %+v, %v", message, w, text, again, err)
		}
	})
}

func FuzzPattern(f *testing.F) {
	f.Add("/fader/*", "/fader/1")
	f.Add("*a*b*", "xaxbx")
	f.Add("a*a", "a")
	f.Add("**a***b", "xaxb")
	f.Fuzz(func(t *testing.T, pattern, text string) {
		if pattern == "" || strings.ContainsAny(pattern, `?[\`) || strings.Contains(pattern+text, "/") {
			return // what path.Match takes in another way
		}
		want, err := path.Match(pattern, text)
		if err != nil {
			return
		}
		if got := monitor.Match(pattern, text); got != want {
			t.Fatalf("pattern %q matches %q: %t; want %t", pattern, text, got, want)
		}
	})
}
