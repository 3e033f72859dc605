package patches_test

import (
	"strings"
	"testing"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/patches"
)

// prelude is the part of a patch that most rows below share; their lines count from 3.
const prelude = "linecook: v1\nnodes:\n"

func TestMistakesOfNodes(t *testing.T) {
	tests := []struct {
		name, text string
		want       string // lines; the file's name is left out
	}{
		{"unknown operator", "  a: {oscinn: {port: 1}}", `3:7: unknown operator "oscinn"; did you mean "oscin"?`},
		{"unknown operator with callbacks", "  a: {oscinn: , callbacks: x = 1}", `3:7: unknown operator "oscinn"; did you mean "oscin"?`},
		{"no operator", "  a: {active: off}", `3:3: node "a" has no operator`},
		{"nothing at all", "  a:", `3:5: node "a" is nothing; want a mapping of one operator to its parameters, as {table: {}}`},
		{"two operators", "  a: {table: , look: {}}", `3:16: a second operator, look, beside table; a node has one`},
		{"unknown parameter", "  a: {oscin: {port: 1, maxline: 5}}", `3:24: unknown parameter of oscin "maxline"; did you mean "maxlines"?`},
		{"parameter beside its operator", "  a: {table: , columns: [x]}", `3:16: "columns" is a parameter of table; it belongs inside of it`},
		{"key beside its operator, misspelt", "  a: {table: , bypas: on}", `3:16: unknown key beside the operator "bypas"; did you mean "bypass"?`},
		{"key of the node inside of its operator", "  a: {table: {comment: x}}", `3:15: "comment" belongs beside table, not inside of it`},
		{"required parameter missing", "  a: {oscin: }", `3:7: oscin needs port: a whole number`},
		{"out of range", "  a: {oscin: {port: 70000}}", `3:21: port: 70000 is not a whole number from 0 to 65535`},
		{"wrong type", "  a: {oscin: {port: high, gain: x}}", "3:21: port: \"high\" is not a whole number from 0 to 65535\n3:33: gain: \"x\" is not a number from 0 to 1"},
		{"list for a number", "  a: {oscin: {port: [1]}}", `3:21: port: is a list; want a whole number`},
		{"nothing for text", "  a: {oscout: {address: }}", `3:25: address: is nothing; want text`},
		{"not in the menu", "  a: {oscin: {port: 1, protocol: msgin}}", `3:34: protocol: "msgin" is not one of msging, multicastmsging, tcp; did you mean "msging"?`},
		{"pulse", "  a: {oscin: {port: 1, clear: on}}", `3:31: clear: a pulse is for a running patch; it cannot be given in a file`},
		{"list item that is no text", "  a: {table: {columns: [a, [b]]}}", `3:24: columns: item 2 of the list is a list; want text`},
		{"row that is no list", "  a: {table: {rows: [[1], 2]}}", `3:21: rows: row 2 is "2"; want a list of its cells`},
		{"cell that is a mapping", "  a: {table: {rows: [[{b: 1}]]}}", `3:21: rows: row 1: a cell is a mapping; want a value, or a list of values`},
		{"cell too large", "  a: {table: {rows: [[99999999999999999999]]}}", ``},
		{"unknown node", "  loud: {table: }\n  a: {null: , in: lod}", `4:19: in: there is no node "lod"; did you mean "loud"?`},
		{"unknown node, and no inputs taken", "  loud: {table: }\n  a: {table: , in: /lod}", "4:20: in: there is no node \"/lod\"; did you mean \"loud\"?\n4:20: table takes no inputs; \"a\" has 1"},
		{"input missing", "  a: {null: }", `3:7: null takes 1 input; "a" has 0`},
		{"too many inputs", "  t: {table: }\n  a: {oscout: {address: x}, in: [t, t, t]}", `4:40: oscout takes 0 to 2 inputs; "a" has 3`},
		{"input that is no name", "  a: {null: , in: {b: c}}", "3:19: in: is a mapping; want the name of a node, or a list of names"},
		{"loop", "  b: {null: , in: c}\n  c: {null: , in: b}", `3:19: loop: /b -> /c -> /b`},
		{"loop of one", "  b: {null: , in: b}", `3:19: loop: /b -> /b`},
		{"loop by a reference", "  b: {null: , in: c}\n  c: {look: {at: b}}", `3:19: loop: /b -> /c -> /b`},
		{"reference to nothing", "  loud: {look: {at: lod}}", `3:10: look refers to node "lod", which does not exist; did you mean "loud"?`},
		{"callbacks where there are none", "  a: {table: , callbacks: x = 1}", `3:16: table has no callbacks; these have: oscin`},
		{"callbacks twice", "  a: {oscin: {port: 1, callbacks: x = 1}, callbacks: y = 1}", `3:43: "callbacks" is given twice; first inside of oscin on line 3`},
		{"active twice", "  a: {table: {active: on}, active: on}", `3:28: "active" is given twice; first inside of table on line 3`},
		{"flag that is none", "  a: {table: , bypass: maybe}", `3:24: bypass: is "maybe"; want on or off`},
		{"name by grammar", "  a b: {table: }", `3:3: name "a b" has ' '; letters, digits, '_' and '-' can be used`},
		{"name twice", "  a: {table: }\n  a: {table: }", `4:3: "a" is given twice; first on line 3`},
		{"name twice, once with a slash", "  a: {table: }\n  /a: {table: }", `4:3: node "a" is given twice; first on line 3`},
		{"parameter twice", "  a: {oscin: {port: 1, port: 2}}", `3:24: "port" is given twice; first on line 3`},
		{"no space after a colon", "  a: {oscin: {port:9000}}", "3:7: oscin needs port: a whole number\n3:15: unknown parameter of oscin \"port:9000\"; put a space after the colon; did you mean \"port\"?"},
		{"merge key", "  a: {<<: {table: }}", "3:7: a patch has no merge keys; give the whole value by an alias, or write it again"},
		{"tag", "  a: {select: {where: !active }, in: b}\n  b: {table: }", `3:23: "!active" is no type of a patch; quote a value that begins with '!'`},
		{"list as a key", "  ? [a]\n  : {table: }", "3:5: a key is a list; want text"},
		{"one block for two nodes", "  a: {oscin: &x {port: -1}}\n  b: {oscin: *x}", "3:24: port: -1 is not a whole number from 0 to 65535"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := parse(t, prelude+tt.text)
			if got := lines(err); got != tt.want {
				t.Errorf("Parse of\n%s\ngot\n%s\nwant\n%s", tt.text, got, tt.want)
			}
		})
	}
}

func TestMistakesOfTheFile(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"no version", "nodes: {}", `1:1: "linecook" is missing; a patch begins with "linecook: v1"`},
		{"another version", "nodes: {a: b}\nlinecook: v2", `2:11: linecook: version is "v2"; this program reads v1`},
		{"no nodes", "linecook: v1", `1:1: "nodes" is missing; it holds the nodes by their names`},
		{"nodes as a list", "linecook: v1\nnodes: [a]", `2:8: nodes is a list; want a mapping of names to nodes`},
		{"no mapping at all", "- a", `1:1: a patch is a list; want a mapping of linecook, timeline, params and nodes`},
		{"unknown key", "linecook: v1\nnode: {}\nnodes: {}", `2:1: unknown key "node"; did you mean "nodes"?`},
		{"key twice", "linecook: v1\nnodes: {}\nnodes: {}", `3:1: "nodes" is given twice; first on line 2`},
		{"timeline that is a number", "linecook: v1\ntimeline: 60\nnodes: {}", `2:11: timeline is "60"; want a mapping of fps or mode, as {fps: 60}`},
		{"frames too fast", "linecook: v1\ntimeline: {fps: 1001}\nnodes: {}", `2:17: fps: is "1001"; want a number from 1 to 1000`},
		{"no number of frames", "linecook: v1\ntimeline: {fps: nan}\nnodes: {}", `2:17: fps: is "nan"; want a number from 1 to 1000`},
		{"unknown mode", "linecook: v1\ntimeline: {mode: frames}\nnodes: {}", `2:18: mode: is "frames"; want frame or arrival; did you mean "frame"?`},
		{"unknown key of timeline", "linecook: v1\ntimeline: {frames: 5}\nnodes: {}", `2:12: unknown key of timeline "frames"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := parse(t, tt.text)
			if got := lines(err); got != tt.want {
				t.Errorf("Parse of\n%s\ngot\n%s\nwant\n%s", tt.text, got, tt.want)
			}
		})
	}
}

// Mistakes of every kind are reported in one go, in the order of the file.
func TestMistakesAreSorted(t *testing.T) {
	_, err := parse(t, prelude+"  a: {null: , in: b}\n  b: {oscinn: }\n  c: {oscin: {port: x}, in: zz}\n  c: {null: , in: [c}]}\n")
	if err == nil || !strings.HasPrefix(lines(err), "6:") {
		t.Errorf("a mistake of YAML hides others: got %v", err)
	}
	_, err = parse(t, prelude+"  a: {null: , in: d}\n  b: {oscinn: }\n  c: {oscin: {port: x}, in: nowhere}\n  d: {null: , in: a}\n")
	want := `3:19: loop: /a -> /d -> /a
4:7: unknown operator "oscinn"; did you mean "oscin"?
5:21: port: "x" is not a whole number from 0 to 65535
5:29: in: there is no node "nowhere"
5:29: oscin takes no inputs; "c" has 1`
	if got := lines(err); !strings.HasPrefix(got, want) {
		t.Errorf("Parse: got\n%s\nwant\n%s", got, want)
	}
}

func lines(err error) string {
	if err == nil {
		return ""
	}
	return strings.ReplaceAll(err.Error(), "p.yaml:", "")
}

// A rude operator panics over its parameters.
type rude struct {
	Size int `help:"anything but 13"`
}

func (*rude) Cook(*graph.Cook) error { return nil }

func (r *rude) Check() error {
	if r.Size == 13 {
		panic("size 13")
	}
	return nil
}

func TestOperatorThatPanicsIsAMistake(t *testing.T) {
	var reg graph.Registry
	reg.Register(&rude{})
	_, err := patches.Parse([]byte("linecook: v1\nnodes:\n  a:\n    rude: {size: 13}\n  b:\n    rud: {}\n"), "p.yaml", nil, &reg)
	want := "p.yaml:4:5: panic: size 13\np.yaml:6:5: unknown operator \"rud\"; did you mean \"rude\"?"
	if err == nil || err.Error() != want {
		t.Errorf("Parse = %v, want\n%s", err, want)
	}
}
