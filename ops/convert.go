package ops

import (
	"fmt"
	"regexp"
	"slices"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
	"linecook.dev/linecook/ops/script"
)

// Convert takes a cell of text or bytes apart into columns, or makes one of columns.
type Convert struct {
	How         string       `default:"table" menu:"table text bytes" help:"table: one cell into columns; text and bytes: columns into one cell"`
	Format      string       `default:"delimiter" menu:"delimiter csv keyvalue json regexp struct" help:"delimiter: fields with delimiters between; csv: one line of CSV; keyvalue: name=value fields with delimiters between; json: one JSON value; regexp: table only; struct: binary, for table and bytes"`
	Column      string       `help:"table: the column to take apart; empty: the first. text and bytes: what the new column is called; empty: text or bytes"`
	Columns     []string     `help:"table: the names of the new columns, from the left, of as many fields as every row must have (keyvalue: of those to take; json: name=path, as x=pos.x or y=pos[1], or only a path); without it col1, col2 and so on, or the names in the row. text and bytes: names or patterns of the columns to take; all without it"`
	Delimiters  string       `help:"the characters between fields; csv has one. Without it space and tab; csv: comma"`
	RemoveBlank graph.Toggle `default:"on" help:"delimiter and keyvalue: empty fields do not count"`
	Spacers     string       `help:"text, delimiter and keyvalue: what to put between fields; without it one space"`
	Pattern     string       `help:"regexp: a regular expression; each group with a name, as (?P<x>[0-9]+), is a column"`
	Layout      string       `help:"struct: a format of Python's struct, as <hBf: < or > for the order of bytes, then b B h H i I q Q f d ? s and so on"`
	Numbers     graph.Toggle `default:"on" help:"table: fields that are written as numbers become numbers"`
	Keep        graph.Toggle `default:"on" help:"pass on the input's other columns too"`

	computing
	source int // column that is taken apart; -1 if there is none
	scope  columnScope
	cols   []int // columns that one cell is made of
	names  []string

	numbered []string // names of fields without one

	pattern *regexp.Regexp
	groups  []int
	layout  script.Layout
	paths   []jsonPath
	ends    *[256]bool // the bytes that end a field; nil if other characters do
	parse   parser
	format  formatter

	out    *table.Writer
	row    int32
	fields int // of the row
	text   []byte
	packed []table.Value
}

// A parser takes a text apart by Convert.field and Convert.named.
type parser func(s *Convert, text string) error

// A formatter appends the cells of a row's columns to b.
type formatter func(s *Convert, b []byte, row table.Row) ([]byte, error)

var (
	parsers = map[string]parser{
		"delimiter": (*Convert).parseDelimited, "csv": (*Convert).parseCSV, "keyvalue": (*Convert).parseKeyValue,
		"json": (*Convert).parseJSON, "regexp": (*Convert).parseRegexp, "struct": (*Convert).parseStruct,
	}
	formatters = map[string]formatter{
		"delimiter": (*Convert).formatDelimited, "csv": (*Convert).formatCSV, "keyvalue": (*Convert).formatKeyValue,
		"json": (*Convert).formatJSON, "struct": (*Convert).formatStruct,
	}
)

// Describe implements [graph.Describer].
func (*Convert) Describe() graph.Description {
	return graph.Description{
		Name: "convert", Help: "Takes a cell of text or bytes apart into columns, or makes one of columns. A row that does not fit is an error, and is not passed on.",
		Inputs: graph.Arity{Min: 1, Max: 1}, Class: graph.ClassLinear,
	}
}

// Check implements [graph.Checker].
func (s *Convert) Check() error {
	s.parse, s.format, s.names = parsers[s.Format], formatters[s.Format], nil
	s.findEnds()
	switch {
	case s.How != "table" && s.Format == "regexp", s.How == "text" && s.Format == "struct":
		return &graph.ParamError{Param: "format", Msg: fmt.Sprintf("%s cannot make %s; use another format, or another how", s.Format, s.How)}
	case s.Format == "csv" && len(s.Delimiters) > 1:
		return &graph.ParamError{Param: "delimiters", Msg: fmt.Sprintf("%q is more than one byte; csv has one", s.Delimiters)}
	case s.Format == "regexp":
		return s.checkPattern()
	case s.Format == "struct":
		return checkAll(s.checkColumns(), s.checkLayout())
	}
	return s.checkColumns()
}

func (s *Convert) checkColumns() (err error) {
	if s.How != "table" {
		return s.scope.compile("columns", s.Columns)
	}
	s.names = slices.Clone(s.Columns)
	if s.Format == "json" {
		s.names, s.paths, err = parsePaths(s.Columns)
	}
	for i, name := range s.names {
		if slices.Contains(s.names[:i], name) {
			return &graph.ParamError{Param: "columns", Msg: fmt.Sprintf("%q is given twice", name)}
		}
	}
	return ofParam("columns", err)
}

func (s *Convert) checkPattern() (err error) {
	if s.Pattern == "" {
		return &graph.ParamError{Param: "pattern", Msg: "is missing; format: regexp needs it"}
	}
	if s.pattern, err = regexp.Compile(s.Pattern); err != nil {
		return ofParam("pattern", err)
	}
	s.groups = nil
	for i, name := range s.pattern.SubexpNames() {
		if name != "" {
			s.names, s.groups = append(s.names, name), append(s.groups, i)
		}
	}
	if len(s.names) == 0 {
		return &graph.ParamError{Param: "pattern", Msg: "has no group with a name, as (?P<x>[0-9]+)"}
	}
	return nil
}

func (s *Convert) checkLayout() (err error) {
	if s.Layout == "" {
		return &graph.ParamError{Param: "layout", Msg: "is missing; format: struct needs it"}
	}
	if s.layout, err = script.ParseLayout(s.Layout); err != nil {
		return ofParam("layout", err)
	}
	n := s.layout.NumValues()
	if s.How == "table" && len(s.names) > 0 && len(s.names) != n {
		return &graph.ParamError{Param: "columns", Msg: fmt.Sprintf("there are %d names for the %d values of layout", len(s.names), n)}
	}
	for i := len(s.names); s.How == "table" && i < n; i++ {
		s.names = append(s.names, fmt.Sprintf("col%d", i+1))
	}
	return nil
}

// Cook implements [graph.Operator].
func (s *Convert) Cook(c *graph.Cook) error {
	s.out = c.Out()
	s.cook(c, s)
	return nil
}

func (s *Convert) columns(_ *graph.Cook, d table.Delta, w *table.Writer) {
	in := d.Schema()
	was := s.cols
	s.source, s.cols = -1, nil
	if s.How == "table" {
		s.source = 0
		if s.Column != "" {
			s.source = in.Index(s.Column)
		}
	} else {
		s.cols = s.scope.pick(in)
		s.again = !slices.Equal(was, s.cols)
	}
	for col, name := range in.Names() {
		if s.Keep.On() && col != s.source && !slices.Contains(s.cols, col) {
			s.copies(w.Col(name), col)
		}
	}
	s.computes(0)
	if s.How != "table" {
		s.replaces(s.cell(s.result()))
	}
	for _, name := range s.names {
		s.replaces(s.cell(name))
	}
}

// replaces has a column not copied, even where it is computed to be nil.
func (s *Convert) replaces(c *cellColumn) {
	if c.over = false; c.to < len(s.from) {
		s.copies(c.to, -1)
	}
}

// result returns what the column is called that columns are made to.
func (s *Convert) result() string {
	if s.Column != "" {
		return s.Column
	}
	return s.How
}

func (s *Convert) pick(c *graph.Cook, v *table.View, b table.Block, rows []int32) []int32 {
	return s.each(c, v, b, rows, func(i int32, row table.Row) error {
		s.row, s.fields = i, 0
		if s.How != "table" {
			return s.join(row)
		}
		if s.source < 0 {
			return fmt.Errorf("there is no column %s", s.Column)
		}
		cell := row.Cell(s.source)
		text := cell.Str()
		switch cell.Kind() {
		case table.KindString, table.KindSymbol, table.KindBytes:
		case table.KindNil:
			return fmt.Errorf("there is nothing to take apart")
		default:
			text = cell.String()
		}
		if err := s.take(text); err != nil {
			s.undo()
			return fmt.Errorf("%w: %s", err, brief(cell))
		}
		return nil
	})
}

// take takes a text apart.
func (s *Convert) take(text string) error {
	if err := s.parse(s, text); err != nil {
		return err
	}
	named := s.Format == "keyvalue" || s.Format == "json"
	if want := len(s.names); want > 0 && s.fields != want && !named {
		return fmt.Errorf("it has %d fields, not the %d of columns", s.fields, want)
	}
	return nil
}

// undo makes the row's cells nil.
func (s *Convert) undo() {
	for k := range s.cells {
		s.cells[k].kinds[s.row] = table.KindNil
	}
}

// join makes the row's cell.
func (s *Convert) join(row table.Row) error {
	cell := &s.cells[0]
	at := len(cell.text)
	text, err := s.format(s, cell.text, row)
	if err != nil {
		return err
	}
	cell.text = text
	kind := table.KindString
	if s.How == "bytes" {
		kind = table.KindBytes
	}
	cell.setText(s.row, kind, at)
	return nil
}

// cell returns the computed column of that name, made if there is none.
func (s *Convert) cell(name string) *cellColumn {
	to := s.out.Col(name)
	for k := range s.cells {
		if s.cells[k].to == to {
			return &s.cells[k]
		}
	}
	rows := 0
	if len(s.cells) > 0 {
		rows = len(s.cells[0].kinds)
	}
	cells := s.computes(len(s.cells) + 1)
	added := &cells[len(cells)-1]
	added.to, added.over = to, true
	added.begin(max(rows, int(s.row)+256))
	return added
}

// next returns the column of the next field of the row; nil if the parameter columns has not so many.
func (s *Convert) next() *cellColumn {
	i := s.fields
	s.fields++
	switch {
	case i < len(s.names):
		return &s.cells[i]
	case len(s.names) > 0:
		return nil
	}
	for len(s.numbered) <= i {
		s.numbered = append(s.numbered, fmt.Sprintf("col%d", len(s.numbered)+1))
	}
	return s.cell(s.numbered[i])
}

// field sets the next field of the row.
func (s *Convert) field(text string) {
	if out := s.next(); out != nil {
		s.set(out, text)
	}
}

// set sets the row's cell in a column to a field.
func (s *Convert) set(out *cellColumn, text string) {
	out.any = true
	if s.Numbers.On() {
		if k, bits := scanNumber(text); k != table.KindNil {
			out.kinds[s.row], out.nums[s.row] = k, bits
			return
		}
	}
	at := len(out.text)
	out.text = append(out.text, text...)
	out.setText(s.row, table.KindString, at)
}
