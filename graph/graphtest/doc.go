// Package graphtest has what tests of graphs need: operators whose rows, errors and panics the
// test decides, a frame without an engine, and the invariants of a graph.
package graphtest
