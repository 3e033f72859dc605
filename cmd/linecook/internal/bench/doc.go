// Package bench measures Linecook on the machine that it runs on, each time beside what one would write by
// hand for the same work, in the same run and in turns with it.
//
// What is sent comes from another process, so that the processor time of this one is that of the work. Only
// loopback is used.
package bench
