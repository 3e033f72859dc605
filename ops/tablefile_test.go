package ops_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops"
)

// writeFile writes a file as careful editors do: beside, and then in its place.
func writeFile(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path+"~", []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+"~", path); err != nil {
		t.Fatal(err)
	}
}

// tableNode cooks a table of a file once, offline.
func tableNode(t testing.TB, op *ops.Table) *graph.Node {
	t.Helper()
	g := graph.New()
	var n *graph.Node
	if err := g.Edit(func(e *graph.Edit) { n = e.Add("t", op) }); err != nil {
		t.Fatal(err)
	}
	op.StartOffline(n)
	n.Cut(graph.Moment{Frame: 1})
	if _, _, err := n.Run(1, 0); err != nil {
		t.Fatal(err)
	}
	return n
}

// shownRows returns columns and rows of a node.
func shownRows(n *graph.Node) (rows []string) {
	var names []string
	for _, name := range n.Table().Schema().Names() {
		names = append(names, name)
	}
	rows = append(rows, strings.Join(names, "|"))
	for row := range n.Table().Rows(n.Table().Window()) {
		var cells []string
		for _, v := range row.Cells() {
			cells = append(cells, v.Kind().String()+" "+v.String())
		}
		rows = append(rows, strings.Join(cells, "|"))
	}
	return rows
}

func TestTableOfAFile(t *testing.T) {
	tests := []struct {
		name, file, text string
		op               *ops.Table
		want             []string
	}{
		{"CSV", "a.csv", "\uFEFFid,name\r\n1,\"a, \"\"b\"\"\"\r\n-2.5,\r\n", &ops.Table{}, []string{"id|name", `int 1|string a, "b"`, "float64 -2.5|nil "}},
		{"TSV", "a.tsv", "id\tname\n1\t3\" disk\n", &ops.Table{}, []string{"id|name", `int 1|string 3" disk`}},
		{"text only", "a.csv", "id\n007\n", &ops.Table{TableFile: ops.TableFile{Numbers: graph.Off}}, []string{"id", "string 007"}},
		{"no header", "a.txt", "1,x\n2,y\n", &ops.Table{Columns: []string{"n"}, TableFile: ops.TableFile{Format: "csv", Header: graph.Off}},
			[]string{"n|col2", "int 1|string x", "int 2|string y"}},
		{"JSON Lines", "a.jsonl", `{"a": 1, "b": [true, null]}` + "\n\n" + `{"b": "x", "c": {"d": 1.5}}`, &ops.Table{},
			[]string{"a|b|c", "int 1|list [true, ]|nil ", `nil |string x|string {"d":1.5}`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.op.File = filepath.Join(t.TempDir(), tt.file)
			writeFile(t, tt.op.File, tt.text)
			n := tableNode(t, tt.op)
			expect(t, "columns and rows", shownRows(n), tt.want...)
			if err := n.Err(); err != nil {
				t.Error(err)
			}
		})
	}
}

// What is wrong with a file is said with its place. A line that does not fit is left out; a file that cannot
// be understood is, as a whole.
func TestTableOfABrokenFile(t *testing.T) {
	tests := []struct {
		name, file, text string
		rows             int
		want             string
	}{
		{"ragged", "a.csv", "a,b\n1,2\n1,2,3\n4\n5,6\n", 2, `row /t: a.csv:4: it has 1 cells for 2 columns: "4"`},
		{"a bare quote", "a.csv", "a,b\n1,2\n1,\"2\n", 0, `read /t: a.csv:3: column 6: extraneous or missing " in quoted-field`},
		{"two columns of one name", "a.csv", "a,b,a\n1,2,3\n", 0, `read /t: a.csv:1: two columns are called "a"`},
		{"empty", "a.csv", "", 0, "read /t: a.csv:1: the file is empty; want a line with the names of the columns, or header: off"},
		{"a line that is no object", "a.jsonl", "{\"a\":1}\n[1]\n", 1, `row /t: a.jsonl:2: it is no JSON object: "[1]"`},
		{"a line that is cut off", "a.jsonl", "{\"a\":1}\n{\"a\":", 1, `row /t: a.jsonl:2: the JSON ends too early: "{\"a\":"`},
		{"only bad lines", "a.jsonl", "x\n", 0, `read /t: a.jsonl:1: invalid character 'x' looking for beginning of value: "x"`},
		{"too long a cell", "a.csv", "a,b\n1," + strings.Repeat("x", table.MaxCell+1) + "\n1,2\n", 1,
			fmt.Sprintf(`row /t: a.csv:2: column "b": the cell is longer than %d bytes`, table.MaxCell)},
		{"too many columns", "a.csv", strings.Repeat(",", table.MaxColumns) + "\n", 0,
			fmt.Sprintf("read /t: a.csv:1: there are %d columns; a table has at most %d", table.MaxColumns+1, table.MaxColumns)},
		{"missing", "", "", 0, "read /t: a.csv: no such file or directory"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			op := &ops.Table{TableFile: ops.TableFile{File: filepath.Join(dir, "a.csv")}}
			if tt.file != "" {
				op.File = filepath.Join(dir, tt.file)
				writeFile(t, op.File, tt.text)
			}
			n := tableNode(t, op)
			err := strings.ReplaceAll(fmt.Sprint(n.Err()), dir+"/", "")
			if got := n.Table().NumRows(); got != tt.rows || err != tt.want {
				t.Errorf("the table has %d rows, and error\n%s\nwant %d and\n%s", got, err, tt.rows, tt.want)
			}
		})
	}
}

func TestTableFileStaysInItsFolder(t *testing.T) {
	dir := t.TempDir()
	secret := filepath.Join(t.TempDir(), "secret.csv")
	writeFile(t, secret, "a\n1\n")
	if err := os.Symlink(secret, filepath.Join(dir, "link.csv")); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"../x.csv", secret, "/etc/passwd.csv", "a/../../x.csv"} {
		op := &ops.Table{TableFile: ops.TableFile{File: file}}
		op.SetFolder(graph.Folder{Dir: dir, Base: "."})
		expect(t, "mistakes", mistakes(op), fmt.Sprintf("add /n: file: %q is not in the patch's folder or below it; want a file that is", file))
	}
	op := &ops.Table{TableFile: ops.TableFile{File: "link.csv"}}
	op.SetFolder(graph.Folder{Dir: dir, Base: "."})
	if n := tableNode(t, op); n.Table().NumRows() != 0 || n.Err() == nil {
		t.Errorf("a link out of the folder was followed: %d rows, error %v", n.Table().NumRows(), n.Err())
	}
	expect(t, "mistakes", mistakes(&ops.Table{Columns: []string{"x"}, Rows: [][]any{{1}}, TableFile: ops.TableFile{File: "a.txt"}}),
		`add /n: format: the name "a.txt" does not say what it is; want csv, tsv or jsonl`,
		"add /n: rows: the rows come from file", "add /n: columns: the names are in the file; with header: off they are not")
	expect(t, "mistakes", mistakes(&ops.Table{TableFile: ops.TableFile{Header: graph.Off}}), "add /n: header: it is for rows that are in a file")
}

// A change of the file is shown; rows that were added are all that is new then. A broken file leaves the table
// as it is until it is mended.
func TestTableFollowsItsFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.csv")
	writeFile(t, path, "a\n1\n2\n")
	r := newRig(t, func(e *graph.Edit) { e.Add("t", &ops.Table{TableFile: ops.TableFile{File: path}}) })
	n, fresh := r.g.Node("t"), r.watch("t")
	r.engine.Step()
	expect(t, "rows", *fresh, "1", "2")
	writeFile(t, path, "a\n1\n2\n3\n")
	r.cookUntil("the row that was added", has(fresh, 3))
	expect(t, "new rows", (*fresh)[2:], "3")
	writeFile(t, path, "a\n\"")
	r.cookUntil("the error", func() bool { return n.Err() != nil })
	if n.Table().NumRows() != 3 {
		t.Errorf("a broken file has left %d rows, want the 3 of before", n.Table().NumRows())
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	r.cookUntil("that the file is missing", func() bool { return strings.Contains(n.Err().Error(), "no such file") })
	writeFile(t, path, "b\nx\n")
	r.cookUntil("the new rows", func() bool { return n.Err() == nil && n.Table().NumRows() == 1 })
	expect(t, "rows", shownRows(n)[1:], "nil |string x")
}

// A table whose parameter is set to what it is already goes on following its file.
func TestTableFollowsItsFileAfterASet(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.csv")
	writeFile(t, path, "a\n1\n")
	r := newRig(t, func(e *graph.Edit) { e.Add("t", &ops.Table{TableFile: ops.TableFile{File: path}}) })
	n := r.g.Node("t")
	r.watch("t")
	r.engine.Step()
	if err := r.engine.Edit(func(e *graph.Edit) { e.Set(n, "numbers", "on") }); err != nil {
		t.Fatal(err)
	}
	r.engine.Step()
	writeFile(t, path, "a\n1\n2\n")
	r.cookUntil("the row that was added", func() bool { return n.Table().NumRows() == 2 })
}

// Any file at all is a table or an error that names the line; no row has more cells than there are columns.
func FuzzTableFile(f *testing.F) {
	f.Add(byte(0), "a,b\n1,\"2\"\n")
	f.Add(byte(1), "a\tb\n1\t2\t3\n")
	f.Add(byte(2), "{\"a\":[1,{\"b\":2}]}\n[")
	f.Fuzz(func(t *testing.T, format byte, text string) {
		path := filepath.Join(t.TempDir(), "a."+[]string{"csv", "tsv", "jsonl"}[format%3])
		writeFile(t, path, text)
		n := tableNode(t, &ops.Table{TableFile: ops.TableFile{File: path}})
		for _, fault := range n.Faults() {
			if !strings.HasPrefix(fault.LastError.Error(), path+":") {
				t.Fatalf("%q: error %v, want one that begins with the file and line", text, fault.LastError)
			}
		}
		if n.Stats().Errors == 0 && n.Table().NumRows() > strings.Count(text, "\n")+strings.Count(text, "\r")+1 {
			t.Fatalf("%q has %d rows", text, n.Table().NumRows())
		}
	})
}
