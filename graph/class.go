package graph

// A Class says how an operator's table follows from its inputs, and so what a cook costs.
type Class uint8

// The classes of operators. The zero Class promises nothing.
const (
	ClassOpaque Class = iota // whole tables in, a whole table out: a cook costs the tables
	ClassSource              // rows come from outside: a socket, a file, a clock, the patch
	ClassLinear              // each row by itself: a cook costs the rows that changed
	ClassMerge               // the rows of several inputs in one order: the same
	ClassFold                // few values from many rows: the rows that changed, times log n at most
	ClassIndex               // rows that are found by their values: the rows that changed, times log n
	ClassEffect              // acts on each row once: the rows that came
)

var classNames = [...]string{"opaque", "source", "linear", "ordered merge", "fold", "index", "effect"}

// String returns the class as it is shown: "ordered merge".
func (c Class) String() string { return classNames[c] }
