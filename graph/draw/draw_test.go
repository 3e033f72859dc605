package draw_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/draw"
)

type op struct{ refs []string }

func (*op) Cook(*graph.Cook) error { return nil }

func (o *op) Refs() []string { return o.refs }

// random returns a graph of some nodes, and what each of them reads.
func random(t *rapid.T) (*graph.Graph, []string) {
	var g graph.Graph
	var wires []string
	err := g.Edit(func(e *graph.Edit) {
		var made []*graph.Node
		for i := range rapid.IntRange(1, 30).Draw(t, "nodes") {
			o := &op{}
			name := fmt.Sprintf("n%d", i)
			var in []int
			if i > 0 {
				in = rapid.SliceOfNDistinct(rapid.IntRange(max(0, i-8), i-1), 0, 3, rapid.ID[int]).Draw(t, "in")
			}
			for _, j := range in {
				wires = append(wires, fmt.Sprintf("n%d %s", j, name))
			}
			if len(in) > 0 && rapid.IntRange(0, 5).Draw(t, "ref") == 0 {
				o.refs = []string{fmt.Sprintf("n%d", in[0])}
				in = in[1:]
			}
			n := e.Add(name, o)
			for _, j := range in {
				e.Wire(made[j], n)
			}
			made = append(made, n)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(wires)
	return &g, wires
}

// Whoever follows the lines of a drawing finds every wire, and no other.
func TestTextShowsEveryWire(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		g, want := random(rt)
		text := draw.Text(g)
		p := newPicture(text)
		var got []string
		for row, line := range p.rows {
			for col, r := range line {
				if r == '┬' && p.boxAt(row, col) != "" {
					for _, to := range p.follow(row+1, col) {
						got = append(got, p.boxAt(row, col)+" "+to)
					}
				}
			}
		}
		slices.Sort(got)
		if got = slices.Compact(got); !slices.Equal(got, want) {
			rt.Errorf("the lines of\n%s\nare %q, want %q", text, got, want)
		}
	})
}

// A picture is a drawing as a person reads it.
type picture struct {
	rows  [][]rune
	names map[[2]int]string // of the boxes whose top or bottom that is
}

func newPicture(text string) *picture {
	p := &picture{names: map[[2]int]string{}}
	for line := range strings.Lines(text) {
		p.rows = append(p.rows, []rune(strings.TrimSuffix(line, "\n")))
	}
	name := regexp.MustCompile(`│ (n\d+) *│`)
	for row := range p.rows {
		line := string(p.rows[row])
		for _, m := range name.FindAllStringSubmatchIndex(line, -1) {
			lo, hi := len([]rune(line[:m[0]])), len([]rune(line[:m[1]]))
			for col := lo; col < hi; col++ {
				p.names[[2]int{row - 1, col}] = line[m[2]:m[3]]
				p.names[[2]int{row + 2, col}] = line[m[2]:m[3]]
			}
		}
	}
	return p
}

func (p *picture) boxAt(row, col int) string { return p.names[[2]int{row, col}] }

// follow returns the boxes that the line which comes down at a place leads to.
func (p *picture) follow(row, col int) (boxes []string) {
	type step struct{ row, col, dr, dc int }
	seen := map[step]bool{}
	todo := []step{{row, col, 1, 0}}
	for len(todo) > 0 {
		s := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if seen[s] || s.row >= len(p.rows) || s.col >= len(p.rows[s.row]) || s.col < 0 {
			continue
		}
		seen[s] = true
		r := p.rows[s.row][s.col]
		switch {
		case r == '▼':
			boxes = append(boxes, p.boxAt(s.row, s.col))
			continue
		case r == '┼':
			todo = append(todo, step{s.row + s.dr, s.col + s.dc, s.dr, s.dc})
			continue
		}
		for i, exits := range []string{"│┆┐┌┤├┬●", "┘└│┆┤├┴●", "─┄┘┐┤┬┴●", "─┄└┌├┬┴●"} {
			d := [4][2]int{{1, 0}, {-1, 0}, {0, -1}, {0, 1}}[i]
			if strings.ContainsRune(exits, r) && (d[0] != -s.dr || d[1] != -s.dc) {
				todo = append(todo, step{s.row + d[0], s.col + d[1], d[0], d[1]})
			}
		}
	}
	return boxes
}

var dotLine = regexp.MustCompile(`^ *("[^"]*" \[label="[^"]*"(, style=dashed)?\]|"[^"]*" -> "[^"]*"( \[style=dashed\])?|subgraph "cluster[^"]*" \{|label="[^"]*"|node \[shape=box\]|\})$`)

func TestDotIsWellFormed(t *testing.T) {
	var g graph.Graph
	err := g.Edit(func(e *graph.Edit) {
		a, b := e.Add("a", &op{}), e.Add("b/c/d", &op{refs: []string{"/a"}})
		e.Wire(a, b)
		e.SetActive(e.Add("b", &graph.Base{}), false)
		e.Add("b/c", &graph.Base{})
	})
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(draw.Dot(&g), "\n"), "\n")
	for _, line := range lines[1:] {
		if !dotLine.MatchString(line) {
			t.Errorf("Dot has the line %q", line)
		}
	}
	if text := strings.Join(lines, "\n"); strings.Count(text, "{") != strings.Count(text, "}") || lines[0] != "digraph linecook {" {
		t.Errorf("Dot: braces are not closed in\n%s", text)
	}
}

func BenchmarkText(b *testing.B) {
	var g graph.Graph
	err := g.Edit(func(e *graph.Edit) {
		var last *graph.Node
		for i := range 1000 {
			n := e.Add(fmt.Sprintf("n%d", i), &op{})
			if i > 0 {
				e.Wire(last, n)
			}
			last = n
		}
	})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		draw.Text(&g)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*1000), "ns/node")
}
