package patches

import (
	"path/filepath"
	"strings"
	"time"

	"gopkg.in/yaml.v3"
)

// TestSuffix is how the name of a patch's test file ends: show.yaml has its tests in show_test.yaml.
const TestSuffix = "_test.yaml"

// A TestFile is the tests of a patch.
type TestFile struct {
	File  string
	Patch string // path of the patch
	Tests []*Test

	text *text
}

// A Test says what a patch is given, and what it makes of it.
type Test struct {
	Name      string
	Line, Col int
	Params    map[string]any // values of the patch's parameters
	Inputs    []Input        // in order of the file
	Until     time.Duration  // when it ends; 0: a second after the last input
	Claims    []*Claim
}

// An Input is something that happens at a node's socket.
type Input struct {
	Line, Col int
	At        time.Duration // since the start
	To        string        // the node
	From      string        // the peer's name; "" is the server of a client, and a peer without a name else
	Message
	Times int           // how often it happens, at least 1
	Every time.Duration // between two times
}

// A Message is what arrives at a node or is sent by one.
type Message struct {
	Kind MessageKind
	Text string // the line of words that is the OSC message; the text; bytes in hexadecimal
}

// A MessageKind says how a message is written.
type MessageKind string

// The kinds of messages.
const (
	OSCMessage   MessageKind = "osc"
	TextMessage  MessageKind = "text"
	BytesMessage MessageKind = "bytes"
	Connected    MessageKind = "connect" // a connection begins; no message
	Closed       MessageKind = "close"   // a connection ends, or is ended
)

// A Subject says what a claim is about.
type Subject string

// The subjects of claims.
const (
	RowsOf     Subject = "rows"     // every row that a node's table ever got
	TableOf    Subject = "table"    // the rows that are in a node's table
	SentBy     Subject = "sent"     // what a node sent
	ReceivedBy Subject = "received" // what a peer was sent
	ErrorsOf   Subject = "errors"   // the errors of a node
)

// A Claim is a list that a test expects.
type Claim struct {
	Subject
	Of        string // a node, or a peer
	Line, Col int
	Frame     int64         // when that is so; 0: at At
	At        time.Duration // the same; < 0: at the end
	Wants     []Want

	list *yaml.Node
}

// A Want is one item of a claim: a row, a message, or part of an error's text.
type Want struct {
	Columns []string // of a row that is a mapping; nil: all of them
	Cells   []any    // of a row: nil, bool, int64, float64, string or a list of them
	Message Message
	Error   string
}

// LoadTests reads a test file. A file that cannot be opened gives the error of package os; whatever
// else is wrong is a [Mistake], several of them in a multierror.Error.
func LoadTests(path string) (*TestFile, error) {
	src, err := ReadFile(path)
	if err != nil {
		return nil, err
	}
	return ParseTests(src, path)
}

// ParseTests reads the text of a test file that is called name. See [LoadTests].
func ParseTests(src []byte, name string) (*TestFile, error) {
	r := &testReader{
		reader: &reader{
			source:  &source{text: newText(src), file: name, name: filepath.Base(name)},
			skipped: map[*yaml.Node]bool{},
		},
		out: &TestFile{File: name},
	}
	r.out.text = r.text
	if patch, ok := strings.CutSuffix(name, TestSuffix); ok {
		r.out.Patch = patch + ".yaml"
	}
	r.read()
	if err := r.mistakes.err(name); err != nil {
		return nil, err
	}
	return r.out, nil
}
