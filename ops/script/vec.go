package script

import (
	"math"
	"slices"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/table"
)

// A vec is the values of a part of an expression for the rows of a block, by kind and payload as
// [table.Block.Column] has them. It is either a column of the block, or has memory of its own.
type vec struct {
	kinds []table.Kind
	nums  []uint64
	strs  []string // texts and bytes, if it is no column
	col   int      // which column it is, or -1
}

// kindAsk stands for a value that only the interpreter can tell, or its error.
const kindAsk = table.Kind(0xff)

// A class is kinds that expressions treat alike.
type class uint8

const (
	classNil class = iota
	classBool
	classInt
	classFloat32
	classFloat64
	classText
	classBytes
	classOther // left to the interpreter, but for being passed on
	classAsk
)

var classes = func() (c [256]class) {
	for k := range c {
		c[k] = classOther
	}
	c[kindAsk], c[table.KindNil], c[table.KindBool] = classAsk, classNil, classBool
	c[table.KindInt], c[table.KindInt64] = classInt, classInt
	c[table.KindFloat32], c[table.KindFloat64] = classFloat32, classFloat64
	c[table.KindString], c[table.KindSymbol], c[table.KindBytes] = classText, classText, classBytes
	return c
}()

// plainKinds is what becomes of values whose payload stays as it is; kindAsk for all others.
var plainKinds = func() (p [256]table.Kind) {
	for k := range p {
		p[k] = kindAsk
	}
	p[table.KindNil], p[table.KindBool], p[table.KindFloat64] = table.KindNil, table.KindBool, table.KindFloat64
	p[table.KindInt], p[table.KindInt64] = table.KindInt, table.KindInt
	return p
}()

func (c class) isNumber() bool { return classInt <= c && c <= classFloat64 }

// float returns a number as a float64.
func (c class) float(num uint64) float64 {
	switch c {
	case classInt:
		return float64(int64(num))
	case classFloat32:
		return float64(math.Float32frombits(uint32(num)))
	}
	return math.Float64frombits(num)
}

// An input is the rows that an expression is computed for.
type input struct {
	cook   *graph.Cook
	schema *table.Schema
	block  table.Block
	n      int
}

// own gives x memory of its own for the rows of in.
func (x *vec) own(in *input) {
	x.kinds, x.nums = slices.Grow(x.kinds[:0], in.n)[:in.n], slices.Grow(x.nums[:0], in.n)[:in.n]
	x.col = -1
}

func (x *vec) setText(i int, s string) {
	if n := len(x.kinds); len(x.strs) < n {
		x.strs = append(x.strs, make([]string, n-len(x.strs))...)
	}
	x.strs[i] = s
}

// text returns a text or bytes.
func (x *vec) text(in *input, i int) string {
	if x.col >= 0 {
		return in.block.Value(i, x.col).Str()
	}
	return x.strs[i]
}

func (x *vec) set(i int, k table.Kind, num uint64) { x.kinds[i], x.nums[i] = k, num }

func (x *vec) setBool(i int, b bool) {
	x.kinds[i], x.nums[i] = table.KindBool, 0
	if b {
		x.nums[i] = 1
	}
}

func (x *vec) setFloat(i int, f float64) { x.set(i, table.KindFloat64, math.Float64bits(f)) }

// verdict returns whether a value is true, as Python has it: nil, zero and what is empty are not.
func (x *vec) verdict(in *input, i int) verdict {
	k, num := x.kinds[i], x.nums[i]
	switch c := classes[k]; c {
	case classNil:
		return no
	case classBool, classInt:
		return verdictOf(num != 0)
	case classFloat32, classFloat64:
		return verdictOf(c.float(num) != 0)
	case classText, classBytes:
		return verdictOf(x.text(in, i) != "")
	case classAsk:
		return ask
	}
	if k == table.KindList {
		return ask
	}
	return yes
}

// value returns a value as a cell. Text in it may share the table's memory.
func (x *vec) value(in *input, i int) (v table.Value, ok bool) {
	num := x.nums[i]
	switch c := classes[x.kinds[i]]; c {
	case classNil:
		return table.Value{}, true
	case classBool:
		return table.BoolValue(num != 0), true
	case classInt:
		return table.IntValue(int64(num)), true
	case classFloat32, classFloat64:
		return table.Float64Value(c.float(num)), true
	case classText:
		return table.StringValue(x.text(in, i)), true
	case classAsk:
		return table.Value{}, false
	}
	if x.col < 0 {
		return table.Value{}, false
	}
	return in.block.Value(i, x.col), true
}
