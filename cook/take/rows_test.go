package take_test

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"testing"

	"github.com/foxglove/mcap/go/mcap"

	"linecook.dev/linecook/cook/take"
	"linecook.dev/linecook/graph/table"
)

// TestRowsAreJSON reads the rows of a take as other tools do.
func TestRowsAreJSON(t *testing.T) {
	var out bytes.Buffer
	r := record(t, &out, take.Config{})
	s := newShow(t, tapped(r), nil)
	s.engine.Observe(s.net, func(frame int64, d table.Delta) { r.Rows(s.net, frame, d) })
	put(s, nil, "one", "bad", "t\"wo")
	s.engine.Step()
	if err := errors.Join(s.engine.Close(), r.Close()); err != nil {
		t.Fatal(err)
	}
	file, err := mcap.NewReader(bytes.NewReader(out.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	it, err := file.Messages(mcap.WithTopics([]string{"rows/net"}))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for {
		schema, channel, m, err := it.NextInto(nil)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil || schema.Encoding != "jsonschema" || channel.MessageEncoding != "json" {
			t.Fatalf("schema %+v, channel %+v (%v), want JSON", schema, channel, err)
		}
		got = append(got, string(m.Data))
	}
	want := []string{`{"frame":1,"row":0,"cells":{"value":"one"}}`, `{"frame":1,"row":1,"cells":{"value":"t\"wo"}}`}
	if !slices.Equal(got, want) {
		t.Errorf("rows %q, want %q", got, want)
	}
	if all, torn := frames(t, out.Bytes()); len(all) != 2 || torn || len(all[0].Events) != 3 {
		t.Errorf("%d frames, torn: %t, %+v; want what it is without rows, too", len(all), torn, all[0])
	}
}
