// Package patches reads patch files: the YAML that says which operators a graph has, how they are
// set and how they are wired.
//
// A patch is read against a [graph.Registry], and everything that is wrong with it is reported at
// once, a [Mistake] each, with the place in the file. [Patch.Build] then places its operators in a
// graph.
//
// # The file
//
//	linecook: v1
//	timeline: {fps: 60}
//	nodes:
//	  faders:
//	    oscin: {port: 9000}
//	  loud:
//	    select: {where: arg1 > 0.5}
//	    in: faders
//
// Under nodes each key is a name, and its value holds exactly one operator with its parameters.
// Beside the operator stand only in, callbacks, bypass, active and comment; active and callbacks
// may stand inside the operator's block instead.
//
// # Trust
//
// A file of any content is accepted or refused within the limits that limits.go lists. A patch reads
// no file outside of its own folder.
package patches
