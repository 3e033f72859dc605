package patches

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// parse returns the document of the file, or nil after noting what is wrong with it.
func (r *reader) parse() *yaml.Node {
	if len(r.text.src) > maxFile {
		r.failAt(1, 1, "the file is longer than %d MiB", maxFile>>20)
		return nil
	}
	if at := badByte(r.text.src); at >= 0 {
		line, col := r.text.place(at)
		r.failAt(line, col, "%q cannot stand in a text file (UTF-8)", r.text.src[at:at+1])
		return nil
	}
	s := newScan(r.text)
	if s.stop != nil {
		s.trips = append(s.trips, *s.stop)
		r.report(s.trips)
		return nil
	}
	var doc yaml.Node
	switch err := decodeYAML(r.text.src, &doc); {
	case errors.Is(err, io.EOF):
		r.failAt(1, 1, "the file is empty; a patch begins with \"linecook: %s\"", Version)
	case err == nil:
		return &doc
	case !r.report(s.trips):
		r.syntax(err)
	}
	return nil
}

// decodeYAML returns what yaml.v3 makes of src. A panic in it is an error like any other.
func decodeYAML(src []byte, doc *yaml.Node) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("yaml: %v", p)
		}
	}()
	d := yaml.NewDecoder(bytes.NewReader(src))
	if err := d.Decode(doc); err != nil {
		return err
	}
	if err := d.Decode(new(yaml.Node)); err != io.EOF {
		return cmp.Or(err, errors.New("yaml: text after the end of the document"))
	}
	return nil
}

// badByte returns where the first thing is that YAML does not take for text, or -1.
func badByte(src []byte) int {
	for i := 0; i < len(src); {
		c, n := utf8.DecodeRune(src[i:])
		switch {
		case c == utf8.RuneError && n == 1, c < ' ' && c != '\t' && c != '\n' && c != '\r',
			c >= 0x7F && c < 0xA0 && c != 0x85, c == 0xFFFE, c == 0xFFFF:
			return i
		}
		i += n
	}
	return -1
}

// report notes trips, and reports whether there were any.
func (r *reader) report(trips []trip) bool {
	for _, t := range trips {
		line, col := r.text.place(t.offset)
		r.failAt(line, col, "%s", t.msg)
	}
	return len(trips) > 0
}

var yamlError = regexp.MustCompile(`^yaml: (?:line (\d+): )?(.*)$`)

// syntax notes an error of yaml.v3 that the scan has no better place for. It leaves out the line if
// that is the first.
func (r *reader) syntax(err error) {
	line, msg := 1, err.Error()
	if m := yamlError.FindStringSubmatch(msg); m != nil {
		msg = m[2]
		if n, err := strconv.Atoi(m[1]); err == nil {
			line = min(max(n, 1), len(r.text.lines))
		}
	}
	text := r.text.line(line)
	r.failAt(line, 1+len(text)-len(strings.TrimLeft(text, " ")), "%s", msg)
}
