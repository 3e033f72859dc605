package interop

import (
	"flag"
	"fmt"
	"strconv"
	"time"
)

// A Task is what one end is to do. It goes to a process as flags.
//
// An end says "port N" when it is bound. Its work on each connection is one of
//
//   - send, recv, both: Bytes, as messages or calls of Size; "sum BYTES FNV-1A", for messages that of each added up
//   - hold: recv, as soon as a line is on standard input
//   - fill, drain: the same without looking at it; "begun BYTES" after the first call, and drain "rate BYTES SECONDS"
//   - ping, echo: messages of Size there and back; ping says "rtt SECONDS", the median
//   - offer, take: messages that begin with the place of their content and, but for the last, live TTL; take says
//     "taken RIGHT WRONG"
//   - idle: a byte from who dials, and then nothing for Last; "idle RESIDENT HEAP CPUSECONDS", the bytes more than
//     before, and the process ends with standard input
//
// Our own end does only fill, drain, ping, echo and idle, but these also over TCP, as mode tcp.
type Task struct {
	Open string // listen, dial, rendezvous
	Mode string // stream, inorder, anyorder, tcp
	Work string
	IP   string // where it is bound, and what it dials
	Peer int    // the port it dials

	Connections int
	Bytes, Size int           // of each connection in all, and of each message or call
	Last        time.Duration // after which drain stops, though it has not all; 0 is never
	TTL         time.Duration
	Pause       time.Duration // of recv, after each call
}

func (t Task) args() []string {
	var args []string
	for name, value := range map[string]any{
		"open": t.Open, "mode": t.Mode, "work": t.Work, "ip": t.IP, "peer": t.Peer, "connections": max(1, t.Connections),
		"bytes": t.Bytes, "size": t.Size, "last": t.Last.Milliseconds(), "ttl": t.TTL.Milliseconds(), "pause": t.Pause.Milliseconds(),
	} {
		args = append(args, fmt.Sprintf("-%s=%v", name, value))
	}
	return args
}

func parse(args []string) (t Task, err error) {
	f := flag.NewFlagSet("end", flag.ContinueOnError)
	f.StringVar(&t.Open, "open", "", "")
	f.StringVar(&t.Mode, "mode", "", "")
	f.StringVar(&t.Work, "work", "", "")
	f.StringVar(&t.IP, "ip", "", "")
	f.IntVar(&t.Peer, "peer", 0, "")
	f.IntVar(&t.Connections, "connections", 1, "")
	f.IntVar(&t.Bytes, "bytes", 0, "")
	f.IntVar(&t.Size, "size", 0, "")
	for name, d := range map[string]*time.Duration{"last": &t.Last, "ttl": &t.TTL, "pause": &t.Pause} {
		f.Func(name, "", func(s string) error {
			ms, err := strconv.Atoi(s)
			*d = time.Duration(ms) * time.Millisecond
			return err
		})
	}
	return t, f.Parse(args)
}
