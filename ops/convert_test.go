package ops_test

import (
	"strings"
	"testing"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/ops"
)

func TestConvertToTable(t *testing.T) {
	tests := []struct {
		op      ops.Convert
		in      any
		columns string
		want    string // a row, or "error: " and what is reported
	}{
		{ops.Convert{}, "a  1 0.5 x", "col1 col2 col3 col4", "a|1|0.5|x"},
		{ops.Convert{RemoveBlank: graph.Off, Delimiters: ",;"}, "a,;1", "col1 col2 col3", "a||1"},
		{ops.Convert{Columns: []string{"x", "y"}}, "1 2", "x y", "1|2"},
		{ops.Convert{Columns: []string{"x", "y"}}, "1 2 3", "x y", `error: row 0: it has 3 fields, not the 2 of columns: string "1 2 3"`},
		{ops.Convert{Columns: []string{"x", "y"}}, []byte("1"), "x y", `error: row 0: it has 1 fields, not the 2 of columns: bytes "31"`},
		{ops.Convert{}, nil, "", "error: row 0: there is nothing to take apart"},
		{ops.Convert{Format: "csv"}, "a,\"b \"\"c\"\", d\",,\"7\",7\r\n", "col1 col2 col3 col4 col5", `a|b "c", d||7|7`},
		{ops.Convert{Format: "csv", Delimiters: ";"}, `"a";b`, "col1 col2", "a|b"},
		{ops.Convert{Format: "csv"}, `a"b`, "", `error: row 0: there is a quote or a line's end in a field without quotes around it: string "a\"b"`},
		{ops.Convert{Format: "csv"}, `"ab`, "", `error: row 0: a quote does not close: string "\"ab"`},
		{ops.Convert{Format: "csv"}, `"a"b`, "col1", `error: row 0: there is text behind a quoted field: string "\"a\"b"`},
		{ops.Convert{Format: "keyvalue"}, "x=1 y=a=b", "x y", "1|a=b"},
		{ops.Convert{Format: "keyvalue", Delimiters: ",", Columns: []string{"y", "z"}}, "x=1,y=2", "y z", "2|"},
		{ops.Convert{Format: "keyvalue"}, "x=1 y", "x", `error: row 0: field "y" is not name=value: string "x=1 y"`},
		{ops.Convert{Format: "json"}, `{"x": 1, "s": "t", "l": [1, null], "o": {"b": 1, "a": 2}, "f": 1e3}`, "x s l o f", `1|t|[1, ]|{"a":2,"b":1}|1000`},
		{ops.Convert{Format: "json", Columns: []string{"x = pos.x", "list[1]", "last=list[-1].a", "none"}},
			`{"pos": {"x": 1.5}, "list": [1, 2, {"a": "b"}]}`, "x list[1] last none", "1.5|2|b|"},
		{ops.Convert{Format: "json"}, `[1]`, "", `error: row 0: it is no JSON object; say by columns which values to take, as x=[0]: string "[1]"`},
		{ops.Convert{Format: "json"}, `{"x": `, "", `error: row 0: the JSON ends too early: string "{\"x\": "`},
		{ops.Convert{Format: "json"}, `{} 1`, "", `error: row 0: there is something behind the JSON value: string "{} 1"`},
		{ops.Convert{Format: "json", Columns: []string{"x"}}, `{"x": 1e999}`, "x", `error: row 0: 1e999 is too large a number: string "{\"x\": 1e999}"`},
		{ops.Convert{Format: "regexp", Pattern: `^/(?P<name>\w+)/(?P<n>\d+)$`}, "/fader/12", "name n", "fader|12"},
		{ops.Convert{Format: "regexp", Pattern: `(?P<n>\d+)`, Numbers: graph.Off}, "x", "n", `error: row 0: the pattern does not match: string "x"`},
		{ops.Convert{Format: "struct", Layout: ">hBf4s", Columns: []string{"a", "b", "f", "s"}}, []byte("\xff\xfe\x07\x3f\x00\x00\x00ab\x00\x00"), "a b f s", "-2|7|0.5|ab"},
		{ops.Convert{Format: "struct", Layout: "<Qc?d"}, []byte("\x01\x00\x00\x00\x00\x00\x00\x00x\x01\x00\x00\x00\x00\x00\x00\xe0\x3f"), "col1 col2 col3 col4", "1|x|true|0.5"},
		{ops.Convert{Format: "struct", Layout: "<H"}, []byte("a"), "col1", `error: row 0: it has 1 bytes; the layout takes 2: bytes "61"`},
		{ops.Convert{Column: "w"}, "a", "v", "error: row 0: there is no column w"},
	}
	for _, tt := range tests {
		rows, columns, err := behind(t, &tt.op, values(tt.in))
		want, isErr := strings.CutPrefix(tt.want, "error: ")
		if isErr && (err != want || len(rows) > 0) || !isErr && (err != "" || len(rows) != 1 || rows[0] != want) {
			t.Errorf("%+v of %v:\n%q, error %s; want\n%s", tt.op, tt.in, rows, err, tt.want)
		}
		if columns = strings.TrimSpace(columns); columns != tt.columns {
			t.Errorf("%+v of %v has columns %q, want %q", tt.op, tt.in, columns, tt.columns)
		}
	}
}

func TestConvertToText(t *testing.T) {
	in := func() *ops.Table {
		return &ops.Table{Columns: []string{"x", "y", "s"}, Rows: [][]any{{1, 0.5, `a "b"`}}}
	}
	expectBehind(t, &ops.Convert{How: "text"}, in(), "text ", "", `1 0.5 a "b"`)
	expectBehind(t, &ops.Convert{How: "text", Columns: []string{"y", "x"}, Spacers: ", ", Column: "pos"}, in(), "s pos ", "", `a "b"|0.5, 1`)
	expectBehind(t, &ops.Convert{How: "text", Format: "csv", Keep: graph.Off}, in(), "text ", "", `1,0.5,"a ""b"""`)
	expectBehind(t, &ops.Convert{How: "text", Format: "keyvalue", Columns: []string{"^s"}}, in(), "s text ", "", `a "b"|x=1 y=0.5`)
	expectBehind(t, &ops.Convert{How: "text", Format: "json"}, in(), "text ", "", `{"x":1,"y":0.5,"s":"a \"b\""}`)
	expectBehind(t, &ops.Convert{How: "bytes", Format: "struct", Layout: ">Bf2s"}, in(), "bytes ", "", "013f0000006120")
	expectBehind(t, &ops.Convert{How: "bytes", Format: "struct", Layout: ">BB"}, in(), "bytes ",
		"row 0: layout >BB: the format takes 2 values, not 3")
}

func TestConvertErrors(t *testing.T) {
	tests := []struct {
		op   ops.Convert
		want string
	}{
		{ops.Convert{How: "text", Format: "struct"}, "format: struct cannot make text; use another format, or another how"},
		{ops.Convert{Format: "csv", Delimiters: ", "}, `delimiters: ", " is more than one byte; csv has one`},
		{ops.Convert{Format: "regexp"}, "pattern: is missing; format: regexp needs it"},
		{ops.Convert{Format: "regexp", Pattern: "("}, "pattern: error parsing regexp: missing closing ): `(`"},
		{ops.Convert{Format: "regexp", Pattern: "(a)"}, "pattern: has no group with a name, as (?P<x>[0-9]+)"},
		{ops.Convert{Format: "struct"}, "layout: is missing; format: struct needs it"},
		{ops.Convert{Format: "struct", Layout: "z"}, `layout: format "z" has 'z'; known are x c b B ? h H i I l L q Q f d s p`},
		{ops.Convert{Format: "struct", Layout: "BB", Columns: []string{"a"}}, "columns: there are 1 names for the 2 values of layout"},
		{ops.Convert{Columns: []string{"a", "a"}}, `columns: "a" is given twice`},
		{ops.Convert{Format: "json", Columns: []string{"x=a..b"}}, `columns: "a..b" is no path; write names with points between, and [0] for an item of a list`},
	}
	for _, tt := range tests {
		expect(t, "mistakes", mistakes(&tt.op), "add /n: "+tt.want, "wire /n: convert has 0 inputs; it takes 1")
	}
}

// What is written as text reads back to the same cells.
func TestConvertRoundTrip(t *testing.T) {
	for _, format := range []string{"csv", "json"} {
		in := &ops.Table{Columns: []string{"a", "b", "c", "d"}, Rows: [][]any{
			{1, -0.5, "text", ""}, {1 << 60, 1e300, "a,\"b\"\nc", "12"}, {0, 2.5, " ", "=\t;"},
		}}
		r := newRig(t, func(e *graph.Edit) {
			source, text := e.Add("in", in), e.Add("text", &ops.Convert{How: "text", Format: format})
			e.Wire(source, text)
			e.Wire(text, e.Add("op", &ops.Convert{Format: format, Columns: []string{"a", "b", "c", "d"}}))
		})
		r.watch("op")
		r.engine.Step()
		if err := sameTable(r.g.Node("op").Table(), r.g.Node("in").Table(), false, false); err != nil {
			t.Errorf("%s: %v, %v", format, err, r.g.Node("op").Faults())
		}
	}
}

// Whatever is taken apart, a row comes of it or an error, and never both; and a line of CSV that was
// read as text is the same row when it is written and read again.
func FuzzConvert(f *testing.F) {
	f.Add("csv", `a,"b ""c""",1`)
	f.Add("keyvalue", "x=1 y=a=b")
	f.Add("json", `{"x": [1, {"y": null}]}`)
	f.Add("delimiter", "a  b\t1e5")
	f.Fuzz(func(t *testing.T, format, text string) {
		switch format {
		case "csv", "keyvalue", "json", "delimiter":
		default:
			return
		}
		keep := graph.Off
		rows, _, err := behind(t, &ops.Convert{Format: format, Keep: keep}, values(text))
		if (err == "") != (len(rows) == 1) || len(rows) > 1 {
			t.Fatalf("%s of %q: %q and error %q, want one of them", format, text, rows, err)
		}
		if format != "csv" || err != "" {
			return
		}
		r := newRig(t, func(e *graph.Edit) {
			source, table := e.Add("in", values(text)), e.Add("table", &ops.Convert{Format: format, Keep: keep, Numbers: graph.Off})
			again, op := e.Add("text", &ops.Convert{How: "text", Format: format, Keep: keep}), e.Add("op", &ops.Convert{Format: format, Keep: keep, Numbers: graph.Off})
			e.Wire(source, table)
			e.Wire(table, again)
			e.Wire(again, op)
		})
		r.watch("op")
		r.engine.Step()
		if err := sameTable(r.g.Node("op").Table(), r.g.Node("table").Table(), false, false); err != nil {
			t.Errorf("csv of %q, written as %q: %v", text, content(r.g.Node("text").Table()), err)
		}
	})
}
