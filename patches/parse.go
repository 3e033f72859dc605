package patches

import (
	"bytes"
	"errors"
	"io"

	"gopkg.in/yaml.v3"
)

// parse returns the document of the file, or nil after noting what is wrong with it.
func (r *reader) parse() *yaml.Node {
	var doc yaml.Node
	d := yaml.NewDecoder(bytes.NewReader(r.text.src))
	if err := d.Decode(&doc); errors.Is(err, io.EOF) {
		r.failAt(1, 1, "the file is empty; a patch begins with \"linecook: %s\"", Version)
		return nil
	} else if err != nil {
		r.failAt(1, 1, "%v", err)
		return nil
	}
	return &doc
}
