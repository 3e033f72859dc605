package draw

import (
	"cmp"
	"slices"
	"strings"

	"linecook.dev/linecook/graph"
)

// Text draws a graph in characters, 80 columns wide where that can be.
func Text(g *graph.Graph) string {
	var b strings.Builder
	for _, network := range networks(g) {
		if network != "" {
			b.WriteString("\n" + string(network) + ":\n")
		}
		for _, part := range components(boxes(g, network)) {
			b.WriteString(arrange(part).String())
		}
	}
	return b.String()
}

const boxHeight = 4 // a frame and two lines

func (d *drawing) String() string {
	c := &canvas{}
	d.arrows = map[*box][]int{}
	row := 0
	leaving := map[*box]map[net]int{} // columns
	for i, layer := range d.layers {
		for _, b := range layer {
			if b.lines != nil {
				c.box(row, b)
			}
			for _, col := range d.arrows[b] {
				c.text(row, col, "▼")
			}
			for n, col := range leaving[b] {
				c.vertical(col, row, row+boxHeight-1, n) // it passes by
			}
		}
		var links []link
		for _, l := range d.links {
			if l.from.layer == i {
				links = append(links, l)
			}
		}
		row += boxHeight
		d.leave(c, row-1, links, leaving)
		row += d.channel(c, row, links, leaving)
	}
	return c.String()
}

// leave chooses where nets leave the boxes of a layer, and draws that.
func (d *drawing) leave(c *canvas, row int, links []link, leaving map[*box]map[net]int) {
	for _, l := range links {
		pins := leaving[l.from]
		if pins == nil {
			pins = map[net]int{}
			leaving[l.from] = pins
		}
		if _, ok := pins[l.net]; !ok && l.from.lines != nil {
			pins[l.net] = l.from.x + l.from.w/2 - 2*len(pins)
		}
		if l.from.lines != nil {
			c.text(row, pins[l.net], "┬")
		}
	}
}

// A run is the way of a net between two layers: along a track, unless it goes straight down.
type run struct {
	net    net
	from   int   // column in which it comes from above
	to     []int // columns in which it goes on
	lo, hi int
	track  int
}

// channel draws the links between two layers and returns how many rows they take.
func (d *drawing) channel(c *canvas, row int, links []link, leaving map[*box]map[net]int) (height int) {
	if len(links) == 0 {
		return 0
	}
	runs := d.runs(c, row, links, leaving)
	height = 1
	var ends []int // of what is on each track
	for _, r := range runs {
		if r.lo == r.hi {
			continue
		}
		for r.track < len(ends) && ends[r.track]+1 >= r.lo {
			r.track++
		}
		if r.track == len(ends) {
			ends = append(ends, 0)
		}
		ends[r.track] = r.hi
		height = max(height, len(ends))
	}
	for _, r := range runs {
		r.draw(c, row, height)
	}
	return height
}

// runs finds the columns at which links arrive, none used by two nets, and returns the runs from left to
// right.
func (d *drawing) runs(c *canvas, row int, links []link, leaving map[*box]map[net]int) []*run {
	used, byNet := map[int]net{}, map[net]*run{}
	var runs []*run
	for _, l := range links {
		if byNet[l.net] == nil {
			at := leaving[l.from][l.net]
			used[at] = l.net
			byNet[l.net] = &run{net: l.net, from: at, lo: at, hi: at}
			runs = append(runs, byNet[l.net])
		}
	}
	slices.SortStableFunc(links, func(a, b link) int {
		return cmp.Or(cmp.Compare(a.to.x, b.to.x), cmp.Compare(byNet[a.net].from, byNet[b.net].from))
	})
	for i, l := range links {
		r := byNet[l.net]
		col := arrival(l, r.from, nth(links, i), used)
		used[col] = l.net
		r.to = append(r.to, col)
		r.lo, r.hi = min(r.lo, col), max(r.hi, col)
		if l.to.lines == nil {
			leaving[l.to] = map[net]int{l.net: col}
		} else {
			d.arrows[l.to] = append(d.arrows[l.to], col)
		}
	}
	slices.SortStableFunc(runs, func(a, b *run) int { return cmp.Compare(a.lo, b.lo) })
	return runs
}

// nth returns where the i-th link would arrive if all at its box were spread evenly.
func nth(links []link, i int) int {
	to, before, all := links[i].to, 0, 0
	for j, l := range links {
		if l.to == to {
			all++
			if j < i {
				before++
			}
		}
	}
	return to.x + (2*before+1)*to.w/(2*all)
}

// arrival returns the column at which a link arrives: straight below where it comes from, or near to
// ideal.
func arrival(l link, from, ideal int, used map[int]net) int {
	lo, hi := l.to.x+1, l.to.x+l.to.w-2
	if l.to.lines == nil {
		lo, hi = l.to.x, l.to.x+l.to.w-1
	}
	best := ideal
	for col := lo; col <= hi; col++ {
		other, taken := used[col]
		switch {
		case taken && other != l.net:
		case col == from:
			return col
		case used[best] != (net{}) && used[best] != l.net, best < lo, best > hi, distance(col, ideal) < distance(best, ideal):
			best = col
		}
	}
	return best
}

func distance(a, b int) int { return max(a-b, b-a) }

// draw draws a run in the rows between two layers.
func (r *run) draw(c *canvas, row, height int) {
	track := row + r.track
	if r.lo == r.hi {
		c.vertical(r.from, row, row+height-1, r.net)
	} else {
		c.vertical(r.from, row, track-1, r.net)
		c.line(track, r.from, up, r.net)
		c.horizontal(track, r.lo, r.hi, r.net)
		for _, col := range r.to {
			c.line(track, col, down, r.net)
			c.vertical(col, track+1, row+height-1, r.net)
		}
	}
}
