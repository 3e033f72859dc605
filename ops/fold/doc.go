// Package fold has sums and ordered sets of numbers from which numbers can be taken out again. What
// they say depends on the numbers that are in them alone, bit for bit, and not on the order in which
// these came or on those that have gone: so a window that slides has what one has that begins anew.
package fold
