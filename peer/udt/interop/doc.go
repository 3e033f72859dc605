// Package interop runs ends of UDT connections in processes of their own, so that tests can compare
// package udt with the reference library, and figures are of both. [Build] makes the library's end, a
// program in C++ (testdata/peer.cpp) that needs libudt-dev and g++; our end is the program that calls
// [BeEnd]. Both do a [Task], and speak to who started them in lines.
package interop
