package ops

import (
	"context"
	"fmt"
	"io/fs"
	"sync/atomic"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// TableFile is the parameters of a table that is in a file.
type TableFile struct {
	File    string       `help:"file with the rows, in the patch's folder or below it: a change of it is shown within moments"`
	Format  string       `default:"auto" menu:"auto csv tsv jsonl" help:"of the file. auto: by its name's end, .csv, .tsv, .jsonl or .ndjson; jsonl: an object a line"`
	Header  graph.Toggle `default:"on" help:"csv, tsv: the first line has the names of the columns"`
	Numbers graph.Toggle `default:"on" help:"csv, tsv: cells that are numbers become numbers; off: all are text"`

	folder  graph.Folder
	columns []string // as Start has found them
	watch   *fileWatch
	newest  atomic.Pointer[tableContent] // that was not shown
	failed  bool                         // the file could not be read the last time
}

// SetFolder implements [graph.FileReader].
func (t *TableFile) SetFolder(f graph.Folder) { t.folder = f }

// Folder implements [graph.FileReader].
func (t *TableFile) Folder() graph.Folder { return t.folder }

// Opens implements [graph.Opener].
func (*TableFile) Opens() []string { return []string{"file", "format", "header", "numbers", "columns"} }

func (t *Table) settings() []setting {
	return []setting{{"file", t.File}, {"format", t.Format}, {"header", t.Header}, {"numbers", t.Numbers}, {"columns", t.Columns}, {"rows", t.Rows}}
}

func (t *TableFile) patchFile() patchFile { return patchFile{t.folder, t.File} }

func (t *TableFile) hasHeader() bool { return t.Header.On() && t.format() != "jsonl" }

// format returns the format of the file, or an empty text.
func (t *TableFile) format() string {
	if t.Format != "auto" {
		return t.Format
	}
	return formatOf(t.File)
}

func (t *Table) checkFile() error {
	if t.File == "" {
		return misplaced(t, "rows that are in a file", "format", "header", "numbers")
	}
	var formatErr error
	if t.format() == "" {
		formatErr = &graph.ParamError{Param: "format", Msg: fmt.Sprintf("the name %.200q does not say what it is; want csv, tsv or jsonl", t.File)}
	}
	return checkAll(ofParam("file", t.patchFile().check()), formatErr)
}

// Start implements [graph.Starter]: it reads the file, and begins to watch it.
func (t *Table) Start(_ context.Context, n *graph.Node) error {
	if t.File == "" {
		return nil
	}
	t.columns = t.Columns
	info := t.load(n)
	if t.patchFile().dir() != "" {
		t.watch = watchFile(n, t.patchFile(), info, func() { t.load(n) })
	}
	return nil
}

// StartOffline implements [graph.OfflineStarter]: it reads the file once, unless what was in it is recorded.
func (t *Table) StartOffline(n *graph.Node) {
	if t.File != "" && !n.Fed() {
		t.columns = t.Columns
		t.load(n)
	}
}

// Outside implements [graph.Outsider].
func (t *TableFile) Outside() bool { return t.File != "" }

// Close implements [io.Closer].
func (t *TableFile) Close() error {
	if t.watch != nil {
		t.watch.close()
		t.watch = nil
	}
	return nil
}

// load reads the file for the next cook. It returns how the file was just before.
func (t *TableFile) load(n *graph.Node) fs.FileInfo {
	info, err := t.patchFile().stat()
	var content *tableContent
	if err == nil {
		content, err = t.read()
	}
	if err != nil || t.failed {
		n.SetTrouble(graph.FaultRead, err)
	}
	if t.failed = err != nil; !t.failed {
		t.newest.Store(content)
		n.Touch()
	}
	return info
}

func (t *TableFile) read() (*tableContent, error) {
	file := t.patchFile()
	data, err := file.read(maxTableFile)
	if err != nil {
		return nil, err
	}
	r := tableReader{
		file: file.String(), format: t.format(), header: t.hasHeader(), numbers: t.Numbers.On(), columns: t.columns,
	}
	return r.parse(data)
}

// show makes the node's table what was read last. If rows were only added these are all that is new.
func (t *TableFile) show(c *graph.Cook) error {
	content := t.newest.Swap(nil)
	if content == nil {
		return nil
	}
	for _, err := range content.bad {
		c.Report(err)
	}
	old := &c.Node().Table().View
	if !beginsWith(&content.table.View, old) {
		showTable(c.Out(), content.table)
		return nil
	}
	w := c.Out()
	var from []int
	for col, name := range content.table.Schema().Names() {
		w.Col(name)
		from = append(from, col)
	}
	rows := content.table.Window()
	rows.Lo += uint64(old.NumRows())
	copyRows(w, &content.table.View, rows, from)
	return nil
}

// beginsWith reports whether a table has the rows of another one, and then perhaps more.
func beginsWith(v, start *table.View) bool {
	if start.NumRows() > v.NumRows() || start.Schema().Len() > v.Schema().Len() {
		return false
	}
	for col, name := range start.Schema().Names() {
		if v.Schema().Name(col) != name {
			return false
		}
	}
	at := v.Window().Lo
	for row := range start.Rows(start.Window()) {
		other := v.Row(at)
		at++
		for col := range other.Len() {
			if !row.Cell(col).Equal(other.Cell(col)) {
				return false
			}
		}
	}
	return true
}
