// Package table is the memory of a node: named columns, typed cells, and rows that are numbered
// for ever.
//
// A [Table] is a window [Base, End) on an endless log of rows. A [Writer] adds rows at the end,
// expires them from the front, or edits them, and nothing of that is seen before [Table.Commit].
// A [Cursor] remembers what one reader has seen; [Cursor.Delta] says what changed since: rows
// appended, rows expired, or 'all of it'. A row can also leave from the middle ([Writer.Remove]), of
// which [Cursor.Changes] tells those who can follow, so that a table of one row a key costs what changed.
//
// # All of it
//
// After a [Writer.Reset] or an edit, or when a reader missed rows, its delta says Reset: what it
// derived is void. An operator then resets its own table too, derives again what it had
// ([Delta.Renew]), says so with [Writer.Restate], and goes on with what is Fresh. So an effect at
// the end of the chain acts on every row once ([Delta.News]).
//
// # Storage
//
// Rows lie in chunks, each column of a chunk as a kind byte and eight bytes of payload a row;
// text and bytes lie in the chunk's arena. No cell holds a pointer, so that the garbage collector
// has nothing to walk. A column that holds nothing in a chunk takes no memory there.
//
// # Who may touch what
//
// A Table belongs to the goroutine that cooks. Its Writer may live in another one (a network
// reader's, under its inbox's lock): Writer and Table share the open chunk, of which the Table
// knows only the rows that were committed. Any goroutine may hold a [Snapshot].
//
// # How long a Value lives
//
// A [Value] of kind string, symbol, bytes or list aliases the table it was read from. It is valid
// until the reader's cursor moves on, or the table's next commit goes over its limit of bytes;
// [Value.Clone] keeps it. Values read from a Snapshot live as long as the Snapshot.
package table
