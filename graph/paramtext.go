package graph

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// CutExpression returns what a value that is written =expr says. A text that begins with = is written with
// two of them, and a single = by itself is text.
func CutExpression(text string) (expr string, ok bool) {
	if text == "=" || strings.HasPrefix(text, "==") {
		return "", false
	}
	return strings.CutPrefix(text, "=")
}

// ErrNoLanguage is the error of an expression where nothing is there to compute it.
var ErrNoLanguage = errors.New("nothing is there to compute expressions; a text that begins with = is written ==")

// Read reads a value as a patch or a person writes it, for [Edit.Set]: =expr is an [Expression] in lang, which
// may be nil; all else is as [Param.Parse] has it, but for that == stands for =.
func (p *Param) Read(text string, lang Language) (any, error) {
	expr, ok := CutExpression(text)
	switch {
	case ok && lang == nil:
		return nil, p.errorf("%v", ErrNoLanguage)
	case ok:
		return lang.Compile(p.Name, Script{Text: strings.TrimLeft(expr, " ")})
	case strings.HasPrefix(text, "=="):
		text = text[1:]
	}
	return p.Parse(text)
}

// Text returns a value, of the Go type of the parameter's field, as [Param.Read] reads it.
func (p *Param) Text(v any) string {
	switch v := v.(type) {
	case bool:
		if v {
			return On.String()
		}
		return Off.String()
	case Script:
		return escaped(v.Text)
	case string:
		return escaped(v)
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	case time.Duration:
		return v.String()
	case []string:
		return listText(v)
	case [][]any:
		return jsonText(v)
	case Pulse:
		return ""
	}
	return fmt.Sprint(v)
}

// listText returns texts separated by spaces, or as JSON if they could not be told apart then.
func listText(list []string) string {
	text := strings.Join(list, " ")
	if slices.Equal(strings.Fields(text), list) && !strings.HasPrefix(text, "[") {
		return escaped(text)
	}
	return jsonText(list)
}

// jsonText returns v as JSON that people read.
func jsonText(v any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil { // a value that no patch has
		return fmt.Sprint(v)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func escaped(text string) string {
	if strings.HasPrefix(text, "=") && text != "=" {
		return "=" + text
	}
	return text
}

// parseRows reads rows that are written as JSON.
func (p *Param) parseRows(text string) (any, error) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var rows [][]any
	if err := d.Decode(&rows); err != nil || d.More() {
		return nil, p.errorf("%.64q is not %s, as [[1, \"a\"], [2, \"b\"]]", text, p.Want())
	}
	for _, row := range rows {
		if err := p.plainNumbers(row); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// plainNumbers makes whole numbers and others of those of JSON.
func (p *Param) plainNumbers(cells []any) error {
	for i, cell := range cells {
		switch cell := cell.(type) {
		case json.Number:
			n, err := strconv.ParseInt(cell.String(), 10, 64)
			if err == nil {
				cells[i] = n
				continue
			}
			f, err := cell.Float64()
			if err != nil {
				return p.errorf("%s is no number that fits", cell)
			}
			cells[i] = f
		case []any:
			if err := p.plainNumbers(cell); err != nil {
				return err
			}
		case map[string]any:
			return p.errorf("cell %d is an object; want numbers, texts, true, false, null or lists of these", i+1)
		}
	}
	return nil
}
