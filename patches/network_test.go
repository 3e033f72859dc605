package patches_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/graphtest"
	"linecook.dev/linecook/patches"
)

// wires is what a graph is wired like: "/loud: /faders" a line.
func wires(g *graph.Graph) string {
	var b strings.Builder
	for n := range g.Nodes() {
		fmt.Fprintf(&b, "%s:", n)
		for _, in := range n.Inputs() {
			fmt.Fprintf(&b, " %s", in)
		}
		if !n.Active() {
			b.WriteString(" off")
		}
		b.WriteByte('\n')
	}
	return b.String()
}

const nested = prelude + `
  a: {table: }
  b: {table: }
  stage:
    base:
      nodes:
        left:
          base:
            nodes:
              both: {merge: , in: [in1, ../b2, /a]}
              out1: {null: , in: both}
          in: ../b
        b2: {null: , in: in2}
        out1: {null: , in: left}
        out2: {look: {at: left/both}, in: ./left/out1}
    in: [a, b]
  x: {null: , in: stage}
  y: {null: , in: stage/out2}
  z: {look: {at: /stage/left}, in: /stage/left/in1}
`

func TestNestedNetworksAreFlat(t *testing.T) {
	var g graph.Graph
	if err := mustParse(t, nested).Build(&g); err != nil {
		t.Fatalf("Build: %v", err)
	}
	graphtest.Check(t, &g)
	want := `/a:
/b:
/stage: /stage/out1
/stage/b2: /stage/in2
/stage/in1: /a
/stage/in2: /b
/stage/left: /stage/left/out1
/stage/left/both: /stage/left/in1 /stage/b2 /a
/stage/left/in1: /b
/stage/left/out1: /stage/left/both
/stage/out1: /stage/left
/stage/out2: /stage/left/out1
/x: /stage
/y: /stage/out2
/z: /stage/left/in1
`
	if got := wires(&g); got != want {
		t.Errorf("graph of\n%s\ngot\n%s\nwant\n%s", nested, got, want)
	}
	if g.Node("x").Table() != g.Node("stage/left/both").Table() {
		t.Errorf("the table of /x is not that of /stage/left/both, which it comes from through two bases")
	}
	if refs := g.Node("z").Refs(); len(refs) != 1 || refs[0].Path() != "/stage/left" {
		t.Errorf("references of /z: %v, want /stage/left", refs)
	}
}

// A base that is bypassed passes its first input on; nothing in it works, nor in one that is inactive.
func TestFlagsOfABase(t *testing.T) {
	const text = prelude + `
  a: {table: }
  s:
    base:
      nodes:
        t: {table: }
        n: {base: {nodes: {out1: {null: , in: in1}}}, in: t}
        out1: {merge: , in: [n, in1]}
        out2: {null: , in: n}
    in: a
    %s
  x: {null: , in: s}
  y: {null: , in: s/out1}
`
	tests := []struct{ flag, from, off string }{
		{"bypass: off", "s/out1", ""},
		{"bypass: on", "a", "/s/n /s/n/in1 /s/n/out1 /s/out2 /s/t"},
		{"active: off", "s/out1", "/s /s/in1 /s/n /s/n/in1 /s/n/out1 /s/out1 /s/out2 /s/t"},
	}
	for _, tt := range tests {
		t.Run(tt.flag, func(t *testing.T) {
			var g graph.Graph
			if err := mustParse(t, fmt.Sprintf(text, tt.flag)).Build(&g); err != nil {
				t.Fatalf("Build: %v", err)
			}
			var off []string
			for n := range g.Nodes() {
				if !n.Active() {
					off = append(off, n.String())
				}
			}
			if got := strings.Join(off, " "); got != tt.off {
				t.Errorf("inactive: got %s, want %s", got, tt.off)
			}
			for _, name := range []string{"x", "y"} {
				if g.Node(name).Table() != g.Node(tt.from).Table() {
					t.Errorf("the table of %s is not that of %s", name, tt.from)
				}
			}
		})
	}
}

func TestPatterns(t *testing.T) {
	const text = prelude + `
  sensor2: {table: }
  other: {table: }
  sensor1: {table: }
  l: {base: {nodes: {t: {table: }, out1: {null: , in: t}, m: {merge: , in: ["../sensor*"]}}}}
  r: {base: {nodes: {t: {table: }, out1: {null: , in: t}}}}
  m: {merge: , in: %s}
`
	tests := []struct{ in, want string }{
		{"sensor*", "sensor2 sensor1"},
		{"'/sensor?'", "sensor2 sensor1"},
		{"[sensor1, sensor*]", "sensor1 sensor2"},
		{"[sensor*, sensor1]", "sensor2 sensor1 sensor1"},
		{"'sensor[1-9]'", "sensor2 sensor1"},
		{"['*/out1']", "l/out1 r/out1"},
		{"[./l/*, other]", "l/t l/out1 l/m other"},
		{"[/r/../*r*]", "sensor2 other sensor1 r"},
	}
	for _, tt := range tests {
		if got := strings.Join(mustParse(t, fmt.Sprintf(text, tt.in)).Node("m").Inputs, " "); got != tt.want {
			t.Errorf("in: %s is %s, want %s", tt.in, got, tt.want)
		}
	}
	if got, want := mustParse(t, fmt.Sprintf(text, "other")).Node("l/m").Inputs, []string{"sensor2", "sensor1"}; !slices.Equal(got, want) {
		t.Errorf("in: ../sensor* of l/m is %q, want %q", got, want)
	}
}

func TestMistakesOfNetworks(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"no nodes", "  s: {base: }", "3:13: base is nothing; want a mapping of nodes or include, as {nodes: {a: {table: {}}}}"},
		{"nodes missing", "  s: {base: {active: on}}", "3:7: base needs nodes, by their names, or include: the file that has them"},
		{"unknown key", "  s: {base: {node: {}, nodes: {}}}", `3:14: unknown key of base "node"; did you mean "nodes"?`},
		{"key beside", "  s: {base: {in: a, nodes: {}}}", `3:14: "in" belongs beside base, not inside of it`},
		{"no output", "  s: {base: {nodes: {a: {table: }}}}\n  b: {null: , in: s}", `4:19: in: "s" has no output; the node in it that is one is called out1`},
		{"another output", "  s: {base: {nodes: {out1: {table: }}}}\n  b: {null: , in: s/out2}", `4:19: in: there is no node "s/out2"; did you mean "/s/out1"?`},
		{"too few inputs", "  t: {table: }\n  s: {base: {nodes: {a: {null: , in: in2}}}, in: t}", `4:38: in: there is no in2: "s" has 1 input`},
		{"input at the top", "  a: {null: , in: in1}", `3:19: in: there is no node "in1"; it is an input within a base only`},
		{"name of an input", "  s: {base: {nodes: {in3: {table: }}}}", `3:22: in3 is an input of "s"; a node in it needs another name`},
		{"name with a slash", "  s: {base: {nodes: {/a: {table: }}}}", `3:22: name "/a" has '/'; letters, digits, '_' and '-' can be used`},
		{"out of the graph", "  t: {table: }\n  a: {null: , in: ../t}", `4:19: in: "../t" leads out of the graph`},
		{"pattern out of the graph", "  t: {table: }\n  a: {null: , in: ../t*}", `4:19: in: "../t*" leads out of the graph`},
		{"sibling of the base", "  loud: {table: }\n  s: {base: {nodes: {a: {null: , in: loud}}}}", `4:38: in: there is no node "loud"; did you mean "/loud"?`},
		{"sibling", "  s: {base: {nodes: {loud: {table: }, a: {null: , in: lod}}}}", `3:55: in: there is no node "lod"; did you mean "loud"?`},
		{"pattern of nothing", "  loud: {table: }\n  a: {null: , in: lod*}", `4:19: in: no node matches "lod*"`},
		{"pattern that is none", "  loud: {table: }\n  a: {null: , in: 'lod[*'}", `4:19: in: pattern "lod[*" has a [ that is not closed, or a range of nothing`},
		{"too many for a pattern", "  a: {table: }\n  b: {table: }\n  c: {null: , in: '[ab]'}", `5:19: null takes 1 input; "c" has 2`},
		{"loop", "  a: {null: , in: s}\n  s: {base: {nodes: {out1: {null: , in: in1}}}, in: a}", "3:19: loop: /a -> /s/in1 -> /s/out1 -> /s -> /a"},
		{"reference", "  s: {base: {nodes: {loud: {look: {at: lod}}}}}", `3:29: look refers to node "lod", which does not exist; did you mean "loud"?`},
		{"name twice", "  s: {base: {nodes: {a: {table: }, a: {table: }}}}", `3:36: "a" is given twice; first on line 3`},
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

// Whatever is nested how, the graph holds together, and every base shows its first output's table.
func TestNetworksHoldTogether(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var b strings.Builder
		b.WriteString(prelude)
		network(rt, &b, 2, 0, 0)
		p, err := patches.Parse([]byte(b.String()), "p.yaml", nil, registry())
		if err != nil {
			rt.Fatalf("Parse of\n%s\n%v", b.String(), err)
		}
		var g graph.Graph
		if err := p.Build(&g); err != nil {
			rt.Fatalf("Build of\n%s\n%v", b.String(), err)
		}
		graphtest.Check(rt, &g)
		for _, n := range p.Nodes {
			if n.Type.Name == "base" && !n.Bypass && g.Node(n.Name).Table() != g.Node(n.Name+"/out1").Table() {
				rt.Errorf("the table of %s is not that of its first output in\n%s", n.Name, b.String())
			}
		}
	})
}

// network writes some nodes, each wired from those before it, and out1.
func network(rt *rapid.T, b *strings.Builder, indent, depth, ports int) {
	pad := strings.Repeat(" ", indent)
	names := make([]string, ports)
	for i := range ports {
		names[i] = fmt.Sprintf("in%d", i+1)
	}
	for i := range rapid.IntRange(1, 4).Draw(rt, "nodes") {
		name := fmt.Sprintf("n%d", i)
		var in []string
		if len(names) > 0 {
			in = rapid.SliceOfN(rapid.SampledFrom(names), 0, 3).Draw(rt, "in")
		}
		if depth < 3 && rapid.Bool().Draw(rt, "base") {
			fmt.Fprintf(b, "%s%s:\n%s  in: [%s]\n%s  bypass: %t\n%s  base:\n%s    nodes:\n", pad, name, pad, strings.Join(in, ", "), pad, rapid.Bool().Draw(rt, "bypass"), pad, pad)
			network(rt, b, indent+6, depth+1, len(in))
		} else {
			fmt.Fprintf(b, "%s%s: {merge: , in: [%s]}\n", pad, name, strings.Join(append(in, name+"t"), ", "))
			fmt.Fprintf(b, "%s%st: {table: }\n", pad, name)
		}
		names = append(names, name)
	}
	fmt.Fprintf(b, "%sout1: {null: , in: %s}\n", pad, rapid.SampledFrom(names).Draw(rt, "out"))
}
