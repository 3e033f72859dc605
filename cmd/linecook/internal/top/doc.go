// Package top shows a running engine in a terminal. It is a client of the engine's monitor
// (package monitor, docs/monitor.md), also when that engine runs in the same process, so there is one
// source of what is shown.
//
// A goroutine follows the monitor: it connects, and connects again, reads the feed, and asks for what the
// feed does not have. What it hears goes to the Model by a channel. Another one, that which calls
// [Config.Run], owns the Model, the screen and the keys, so that nothing there is locked.
//
// Whatever was made by others (cells, peers, errors, names, the log) goes to the screen through plain
// only: nothing that a terminal or tview could take for a command gets through.
package top
