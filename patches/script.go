package patches

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"strings"

	"gopkg.in/yaml.v3"

	"linecook.dev/linecook/graph"
)

// script returns the script that v is, or the one of the file that v names.
func (r *reader) script(v *yaml.Node) (graph.Script, error) {
	if namesFile(v) {
		text, err := r.included(v.Value)
		return graph.Script{Text: text, File: r.beside(v.Value), Line: 1, Values: r.values}, err
	}
	line, indent := r.text.origin(v)
	return graph.Script{Text: v.Value, File: r.file, Line: line, Indent: indent, Values: r.values}, nil
}

// namesFile reports whether a script is given as the path of its file.
func namesFile(v *yaml.Node) bool {
	return v.Style&(yaml.LiteralStyle|yaml.FoldedStyle) == 0 &&
		strings.HasSuffix(v.Value, ".star") && !strings.Contains(v.Value, "\n")
}

// inFolder returns where a file that the source names is, from the patch's folder on.
func (s *source) inFolder(name string) string {
	if path.IsAbs(name) {
		return name
	}
	return path.Join(path.Dir(s.name), name)
}

// beside returns the path of a file that the source names, as mistakes have it.
func (s *source) beside(name string) string {
	return filepath.Join(filepath.Dir(s.file), filepath.FromSlash(name))
}

// included reads a script of the patch's folder, once.
func (r *reader) included(name string) (string, error) {
	clean := r.inFolder(name)
	if text, ok := r.scripts[clean]; ok {
		return text, nil
	}
	text, err := r.readFile(clean, maxScript)
	if err != nil {
		return "", fmt.Errorf("script %.200q: %w", name, err)
	}
	if r.scriptBytes += len(text); r.scriptBytes > maxScripts {
		return "", fmt.Errorf("script %.200q: the patch's scripts are longer than %d MiB together", name, maxScripts>>20)
	}
	r.scripts[clean] = string(text)
	return string(text), nil
}

// readFile reads a file of the patch's folder, of at most so many bytes.
func (r *reader) readFile(name string, most int) ([]byte, error) {
	if !fs.ValidPath(name) {
		return nil, errors.New("want a file in the patch's folder or below it")
	}
	if r.files == nil {
		return nil, errors.New("the patch has no folder to read it from")
	}
	info, err := fs.Stat(r.files, name)
	if err != nil {
		return nil, reason(err)
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("not a regular file")
	}
	f, err := r.files.Open(name)
	if err != nil {
		return nil, reason(err)
	}
	defer f.Close()
	if info, err = f.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, errors.New("not a regular file")
	}
	b, err := io.ReadAll(io.LimitReader(f, int64(most)+1))
	if err != nil {
		return nil, reason(err)
	}
	if len(b) > most {
		return nil, fmt.Errorf("longer than %d MiB", most>>20)
	}
	r.told(name, b)
	return b, nil
}

// reason returns err without the path, which the message has already.
func reason(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	return err
}
