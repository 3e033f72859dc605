package patches_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/hashicorp/go-multierror"

	"linecook.dev/linecook/patches"
)

func TestParseTests(t *testing.T) {
	f, err := patches.ParseTests([]byte(`linecook: v1
params: {gain: 1, host: a}
tests:
  first:
    params: {gain: 2}
    input:
      - {at: 1m, to: in, from: alice, text: hello, times: 3, every: 0.5}
      - {to: in, bytes: 00ff}
    until: 90
    expect:
      - at: 0.25
        rows: {out: [[a, 1, 0.5, null, [true]], {x: 1}]}
      - errors: {out: [bad]}
`), "show_test.yaml")
	if err != nil {
		t.Fatal(err)
	}
	test := f.Tests[0]
	if f.Patch != "show.yaml" || test.Params["gain"] != "2" || test.Params["host"] != "a" || test.Until != 90*time.Second {
		t.Errorf("Patch %q, Params %v, Until %v; want show.yaml, gain 2 and host a, 90s", f.Patch, test.Params, test.Until)
	}
	if in := test.Inputs[1]; in.At != time.Minute || in.Kind != patches.BytesMessage || in.Times != 1 {
		t.Errorf("the second input is at %v, %s, %d times; want that of the first, bytes, once", in.At, in.Kind, in.Times)
	}
	rows, errs := test.Claims[0], test.Claims[1]
	if rows.At != 250*time.Millisecond || len(rows.Wants) != 2 || rows.Wants[1].Columns[0] != "x" || len(rows.Wants[0].Cells) != 5 {
		t.Errorf("rows: %+v, want two at 250 ms, of all columns and of x", rows)
	}
	if errs.At >= 0 || errs.Wants[0].Error != "bad" {
		t.Errorf("errors: %+v, want bad at the end", errs)
	}
}

// Whatever a file is, what is wrong in it has its place, and a list that is updated is there when it
// is read again, with all else as it was.
func FuzzParseTests(f *testing.F) {
	files, err := filepath.Glob("examples/*_test.yaml")
	if err != nil || files == nil {
		f.Fatalf("no examples: %v", err)
	}
	for _, name := range files {
		src, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		file, err := patches.ParseTests(src, "a_test.yaml")
		if err != nil {
			wantMistakes(t, err)
			return
		}
		for i, test := range file.Tests {
			for k, c := range test.Claims {
				text, err := file.Update(map[*patches.Claim][]string{c: nil})
				if err != nil {
					wantMistakes(t, err)
					continue
				}
				again, err := patches.ParseTests(text, "a_test.yaml")
				if err != nil {
					t.Fatalf("after an update of %s %s:\n%s\n%v", c.Subject, c.Of, text, err)
				}
				if got := again.Tests[i].Claims[k]; got.Of != c.Of || len(got.Wants) != 0 {
					t.Errorf("after an update the list of %s %s is %v, want none", c.Subject, c.Of, got.Wants)
				}
			}
		}
	})
}

// wantMistakes fails unless err is mistakes, each at a place.
func wantMistakes(t *testing.T, err error) {
	t.Helper()
	errs := []error{err}
	if many, ok := errors.AsType[*multierror.Error](err); ok {
		errs = many.Errors
	}
	for _, err := range errs {
		if m, ok := errors.AsType[*patches.Mistake](err); !ok || m.Line < 1 || m.Col < 1 {
			t.Errorf("error without a place: %v", err)
		}
	}
}
