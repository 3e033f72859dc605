// Package patchtest runs the tests that are written beside a patch, in virtual time and without
// sockets: what a test gives as input is put into the nodes' inboxes, and what the nodes send is
// looked at and goes nowhere.
//
// # Time
//
// Frame n is at (n-1)/fps, also of a patch that cooks on arrival. An input is cut by the first frame
// that is not before it.
//
// # What is compared
//
// What a test expects and what came are both made lines of text, so that the difference can be shown.
// Of a row only the columns count that are expected; numbers are equal if they differ by no more than
// a billionth (a millionth for 32 bits), whatever their type.
package patchtest
