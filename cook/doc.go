// Package cook brings a graph up to date, frame by frame.
//
// An [Engine] owns a graph while it runs. A frame begins with the cut: everything that has arrived
// at the nodes' sockets is taken, once, in plan order; what comes later belongs to the next frame.
// Then the nodes that are dirty and wanted cook, each once and after everything it reads; what
// they sent is handed to the sockets in plan order; and those who watch are told.
//
// # Dirty and wanted
//
// A change marks what reads it dirty (push). A dirty node is cooked only if it is wanted (pull): if
// it is active, and has an effect, is observed, or something wanted reads it. [Engine.Cook] asks for
// the table of any other node. A node whose table did not change marks nothing. A frame with nothing
// to do costs the same whatever the size of the graph.
//
// # Failures
//
// A node that fails is tried again when something changed, and at growing intervals up to 30 s. One
// that panics is only tried at these; what arrives for it meanwhile waits in its inbox. No panic of an
// operator, a sink or an observer ends the process, or keeps the others from their work.
//
// # Time
//
// In frame mode frames tick at a rate; frame n is at (n-1)/fps, and frames that could not be held
// are skipped and counted. In arrival mode a frame begins as soon as something has arrived. Stepped
// by hand, frame n is at (n-1)/fps, and a clock only measures how long the cooks take.
package cook
