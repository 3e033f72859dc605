// Package take records what enters the frames of an engine, and cooks it again.
//
// A take is an MCAP file (https://mcap.dev/spec): a channel for each node that receives, with a message
// for each event, and the channel "frames", with a message for each frame that cut or cooked something.
// A frame's message follows its events: what stands behind the last frame is of one that was not
// finished. Messages are Protocol Buffers, and their description is in the file, so that tools which know
// MCAP can show them. Chunks are closed at 1 MiB, and at least every half second: a process that is
// killed leaves a take that lacks no more than that.
//
// # Recording
//
// A [Recorder] is told by the engine ([cook.Config]) and never keeps it waiting: what waits to be
// written has a limit, and what finds no room is counted, logged, and said in the take.
//
// Beside what a cut took, a frame has what its cooks saw of the outside ([graph.Cook.Saw]), and what was changed
// before it ([graph.Change]). The rows of a [graph.Outsider] are events, of the kind [Rows].
//
// # Cooking again
//
// A [Player] gives each frame the events that its cut took, and has it cooked at its time. Every
// second or so a take has a hash of each table that was cooked: the Player compares them. A [Cutter] cooks a part
// of a take, and writes it as one of its own.
//
// A take is as good as untrusted: reading one takes bounded memory, whatever it says.
package take
