package peer_test

import (
	"net"
	"os"
	"runtime"
	"sync"
	"testing"

	"golang.org/x/sys/unix"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/peer"
	"linecook.dev/linecook/peer/framing"
)

func TestFileDescriptorsRunOut(t *testing.T) {
	r := newRig(t, nil)
	l := listen(t, peer.StreamConfig{Owner: r.node})
	var before unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &before); err != nil {
		t.Fatal(err)
	}
	next, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	limit := before
	limit.Cur = uint64(next.Fd()) + 1 // the number that is given out next is the last one
	next.Close()
	if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	c, dialErr := net.Dial("tcp", l.LocalAddr().String())
	if dialErr == nil {
		defer c.Close()
		r.count("accepterrors", 3)
	}
	if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &before); err != nil {
		t.Fatal(err)
	}
	if dialErr != nil {
		t.Fatal(dialErr)
	}
	r.expect(graph.Connect, "")
}

func openFiles(t *testing.T) int {
	t.Helper()
	files, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(files)
}

func TestChurn(t *testing.T) {
	const connections, atOnce = 2000, 20
	r := newRig(t, func(c *graph.Cook, e graph.Event) {
		if e.Kind == graph.Message {
			remote(e).In(c).Send("\n", "bye")
		}
	})
	l := listen(t, peer.StreamConfig{Owner: r.node, Framing: framing.PerLine})
	goroutines, files := runtime.NumGoroutine(), openFiles(t)
	var wg sync.WaitGroup
	for n := range atOnce {
		wg.Go(func() {
			for i := range connections / atOnce {
				c, err := net.Dial("tcp", l.LocalAddr().String())
				if err != nil {
					t.Error(err)
					return
				}
				if (n+i)%2 == 0 {
					write(t, c, "hello\n")
					if got := receive(t, c); got != "bye\n" {
						t.Errorf("answer is %q", got)
					}
				}
				c.Close()
			}
		})
	}
	wg.Wait()
	open := map[*peer.Peer]bool{}
	for closed := 0; closed < connections; {
		switch e := r.next(); {
		case e.Kind == graph.Connect && !open[remote(e)]:
			open[remote(e)] = true
		case e.Kind == graph.Close && open[remote(e)]:
			delete(open, remote(e))
			closed++
		case e.Kind == graph.Message && open[remote(e)]:
		default:
			t.Fatalf("event of kind %d for %v out of order", e.Kind, e.Peer)
		}
	}
	eventually(t, "goroutines and files to be given back", func() bool {
		return runtime.NumGoroutine() <= goroutines+2 && openFiles(t) <= files+2
	})
}
