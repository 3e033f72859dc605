package cook_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/graphtest"
)

func TestLossesAreLoggedOnceASecond(t *testing.T) {
	var log bytes.Buffer
	var in *graph.Node
	g := graph.New()
	if err := g.Edit(func(e *graph.Edit) { in = e.Add("in", &graphtest.Network{}) }); err != nil {
		t.Fatal(err)
	}
	e, err := cook.New(g, cook.Config{Logger: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	e.Start(t.Context())
	e.Step()
	dropped := in.Loss("refused")
	for range 90 { // a second and a half
		dropped.Add(1)
		e.Step()
	}
	for range graph.InboxEvents + 7 {
		_ = in.Inbox().Put(graph.Event{Data: []byte("x")})
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	var got []string
	for line := range strings.Lines(log.String()) {
		if _, text, ok := strings.Cut(strings.TrimSpace(line), "msg="); ok && strings.HasPrefix(text, "lost ") {
			got = append(got, text)
		}
	}
	want := []string{
		"lost node=/in what=refused count=60", "lost node=/in what=inboxfull count=7", "lost node=/in what=refused count=30",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("log has\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
