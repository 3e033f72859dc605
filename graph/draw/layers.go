package draw

import (
	"cmp"
	"slices"
	"unicode/utf8"
)

const (
	terminal = 80 // columns
	gap      = 2  // columns between boxes
)

// arrange puts connected boxes in layers: each below all that it reads, and no layer wider than the
// terminal, if that can be.
func arrange(part []*box) (d *drawing) {
	for limit := terminal; limit > 0; limit -= 12 {
		if d = layered(part, limit); d.width() <= terminal {
			break
		}
	}
	d.place()
	return d
}

// A drawing is connected boxes in layers, and what connects each layer with the next.
type drawing struct {
	layers [][]*box
	links  []link
	arrows map[*box][]int // columns at which links arrive
}

func (d *drawing) width() (most int) {
	for _, layer := range d.layers {
		sum := -gap
		for _, b := range layer {
			sum += b.w + gap
		}
		most = max(most, sum)
	}
	return most
}

// layered makes layers whose boxes are not wider than limit, unless there is one only.
func layered(part []*box, limit int) *drawing {
	d := &drawing{}
	widths := map[int]int{}
	for _, b := range sorted(part) {
		b.w = boxWidth(b)
		b.layer = 0
		for _, e := range b.from {
			b.layer = max(b.layer, e.from.layer+1)
		}
		for widths[b.layer] > 0 && widths[b.layer]+gap+b.w > limit {
			b.layer++
		}
		widths[b.layer] += gap + b.w
		for len(d.layers) <= b.layer {
			d.layers = append(d.layers, nil)
		}
		d.layers[b.layer] = append(d.layers[b.layer], b)
	}
	d.pass(part)
	d.order()
	return d
}

func boxWidth(b *box) int {
	w := 2*len(b.from) + 3
	for _, line := range b.lines {
		w = max(w, utf8.RuneCountInString(line)+4)
	}
	return w
}

// sorted returns boxes in an order in which each comes after what it reads.
func sorted(part []*box) (out []*box) {
	done := map[*box]bool{}
	var visit func(b *box)
	visit = func(b *box) {
		if done[b] {
			return
		}
		done[b] = true
		for _, e := range b.from {
			visit(e.from)
		}
		out = append(out, b)
	}
	for _, b := range part {
		visit(b)
	}
	return out
}

// A link is a wire from a layer to the next one.
type link struct {
	from, to *box
	net      net
}

// pass adds boxes where wires pass by layers: one for each net and layer.
func (d *drawing) pass(part []*box) {
	type place struct {
		net   net
		layer int
	}
	made := map[place]*box{}
	for _, b := range part {
		for _, e := range b.from {
			from := e.from
			for layer := e.from.layer + 1; layer < b.layer; layer++ {
				at := place{e.net, layer}
				if made[at] == nil {
					made[at] = &box{layer: layer, w: 3}
					d.layers[layer] = append(d.layers[layer], made[at])
					d.links = append(d.links, link{from, made[at], e.net})
				}
				from = made[at]
			}
			d.links = append(d.links, link{from, b, e.net})
		}
	}
}

// near returns what each box is linked to in the layer above, and in the one below.
func (d *drawing) near() (up, down map[*box][]*box) {
	up, down = map[*box][]*box{}, map[*box][]*box{}
	for _, l := range d.links {
		up[l.to], down[l.from] = append(up[l.to], l.from), append(down[l.from], l.to)
	}
	return up, down
}

// order sorts each layer so that few wires cross: boxes come in the order of what they are wired to.
func (d *drawing) order() {
	up, down := d.near()
	for _, layer := range d.layers {
		number(layer)
	}
	for range 8 {
		for _, layer := range d.layers {
			sortBy(layer, up)
		}
		for _, layer := range slices.Backward(d.layers) {
			sortBy(layer, down)
		}
	}
}

// place gives the boxes their columns: above or below the middle of what they are wired to.
func (d *drawing) place() {
	up, down := d.near()
	width := d.width()
	for _, layer := range d.layers {
		pack(layer, nil, width)
	}
	for range 2 {
		for _, layer := range slices.Backward(d.layers) {
			pack(layer, down, width)
		}
		for _, layer := range d.layers {
			pack(layer, up, width)
		}
	}
}

// pack moves the boxes of a layer, in their order, as far to where they belong as there is room.
func pack(layer []*box, near map[*box][]*box, width int) {
	left := 0
	for _, b := range layer {
		want := b.x
		if n := len(near[b]); n > 0 {
			sum := 0
			for _, other := range near[b] {
				sum += 2*other.x + other.w
			}
			want = (sum/n - b.w) / 2
		} else if near == nil {
			want = 0
		}
		b.x = max(want, left)
		left = b.x + b.w + gap
	}
	right := width
	for _, b := range slices.Backward(layer) {
		b.x = min(b.x, right-b.w)
		right = b.x - gap
	}
}

func number(layer []*box) {
	for i, b := range layer {
		b.x = i
	}
}

func sortBy(layer []*box, near map[*box][]*box) {
	middle := make(map[*box]float64, len(layer))
	for _, b := range layer {
		middle[b] = float64(b.x)
		if n := len(near[b]); n > 0 {
			sum := 0
			for _, other := range near[b] {
				sum += other.x
			}
			middle[b] = float64(sum) / float64(n)
		}
	}
	slices.SortStableFunc(layer, func(a, b *box) int { return cmp.Compare(middle[a], middle[b]) })
	number(layer)
}
