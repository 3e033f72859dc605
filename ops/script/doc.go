// Package script runs what a patch says in code: callbacks, and the expressions of parameters. The
// language is Starlark, a dialect of Python.
//
// [Compile] turns text into a [Program], once. [Program.Start] makes an [Instance], which has the
// memory; [Instance.Call] runs one callback in a cook. [CompileExpr] is for expressions over a row,
// and [Language] for those that compute a parameter.
// An Instance belongs to the goroutine that cooks its node, and so does an [Expr].
//
// # No sandbox
//
// A script is the patch author's own code. A callback has a budget of [MaxSteps] steps, counted and
// not timed, so that a take replays it exactly. The budget guards against accidents only: a single
// step can take gigabytes ([0] * (1 << 26)) and nothing here can stop it. Never run a text that
// came over the network.
//
// # Memory
//
// Dicts and lists at the top level of a script are its memory: they are not frozen, and last as
// long as the Instance. A function cannot rebind a global name; it changes what is in one.
//
// # What is there
//
// Starlark's own names (docs: go.starlark.net, doc/spec.md), with while, sets, and if, for and
// rebinding at the top level; bytearray, hex, hexlify, unhexlify, round, sum; struct, json and math
// (the first with pack, unpack and calcsize of Python's); op('name'), the table of another node;
// param.name, a parameter of the patch;
// frame and seconds, which are the only clock. Each has its value as of the callback that is
// running. print writes to the node's log.
//
// # What Python has and this has not
//
// is, f-strings, **, chained comparisons, annotations, adjacent string literals, 1_000, set
// literals, recursion; try, raise, with, class, import, global, del, assert, yield. The error says
// what to write instead. A text is compared with a text only: '5' == 5 is False, and so is True == 1.
package script
