// Package osctext is how people and pipes write OSC: as words of a command line, as lines of text,
// and as JSON.
//
// # Words
//
// A message is its address, its types and its values:
//
//	/sample/address iTfs 1 3.14 hello
//
// The types are OSC's type tags, and may begin with a comma as they do on the wire. T, F, N, I and
// the brackets of arrays have no value. The values are written as follows.
//
//	i h    an integer, decimal or as 0xff
//	f d    a number, inf or nan
//	s S    text
//	c      one character, or its number as 0x41
//	b      bytes in hexadecimal: 00ff7f
//	m      a MIDI message of four bytes in hexadecimal: port, status, data, data
//	r      a colour as rrggbbaa or rrggbb
//	t      a time: immediately, now, +1.5s (from now), RFC 3339, or the tag's 16 hexadecimal digits
//
// Without types they are guessed: an integer is i, or h if it does not fit; another number f, or d;
// true, false and nil are T, F and N; all else is text. A first word that could be types, but has
// not as many values behind it as these need, is a mistake and no guess.
//
// Several messages are separated by the word --. In front of the first, @ and a time make a bundle
// of all of them; several messages without a time are a bundle that is due immediately.
//
// # Lines
//
// A line is words separated by spaces. Those with spaces in them are put in single quotes, or in
// double quotes with \" \\ \n \r \t \0 and \xNN inside.
//
// # JSON
//
// An object has a message's address, types and args, of which types may be left out, and its
// timestamp if it is in a bundle. Values are as in the rows that a patch prints: what JSON has no
// type for is an object as {"bytes":"AP8="}. An object with messages instead of an address is a
// bundle of these.
package osctext
