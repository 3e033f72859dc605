// Package interop tests package udt against the reference library, by a program in C++ (testdata/peer.cpp) that
// its tests build. They need the packages libudt-dev and g++.
package interop
