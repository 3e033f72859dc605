// Package graph is the ground of Linecook: nodes, wires, parameters, and the contract between an
// operator and whoever cooks it. It decides what is valid; package cook decides when things run.
//
// # Ownership
//
// A [Graph] belongs to one goroutine at a time and does no locking. It is changed by transactions
// ([Graph.Edit]): either all of an edit is valid and happens, or none of it. While an engine runs,
// the engine owns the graph, and edits go through it.
//
// # Operators
//
// An [Operator] turns what changed in its inputs into what changes in its output. What else it can
// do it says with optional interfaces, asked for once, when it is added: [Starter], [OfflineStarter],
// [Decoder], [Effect], [Passer], [Limiter], [Checker], [Referrer], [Outsider], [Describer], [Adopter], [io.Closer].
//
// Its exported fields are its parameters. Their tags carry default, limits and one line of help,
// and everything else follows from them: see [Describe].
//
// # The way in
//
// A network goroutine puts each raw [Event] into its node's [Inbox], which decodes it at once into
// the node's table. What has arrived counts from the next cut on, at the start of a frame.
//
// # The way out
//
// What a node sends while it cooks is kept in its [Outbox] until the frame's cooks are done, and
// is then handed to the sockets node by node, in plan order.
package graph
