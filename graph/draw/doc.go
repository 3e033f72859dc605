// Package draw shows a graph to people: as text for a terminal, in Graphviz's language, or in that of
// Mermaid.
//
// A text has a drawing for each network, the one at the top first. A node is a box with its name and
// its operator; wires go from the bottom of a box to the top of another, and what a node reads without
// a wire is drawn as a broken line. A node of another network stands in for itself by its path.
package draw
