package main

import (
	"bufio"
	"fmt"
	"net/netip"
	"os"
	"time"

	"linecook.dev/linecook/cook/take"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/peer"
)

// A taken is a take that is being read.
type taken struct {
	*take.Reader
	name string
	file *os.File
	size int64 // of the file, when it was opened
}

func openTake(name string) (*taken, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	r, err := take.NewReader(bufio.NewReaderSize(f, 1<<20))
	if err != nil {
		_ = f.Close() // it was only read
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	var size int64
	if info, err := f.Stat(); err == nil {
		size = info.Size()
	}
	return &taken{r, name, f, size}, nil
}

// share returns how much of the way to frame last, or to the take's end, is done with f.
func (t *taken) share(f *take.Frame, last int64) float64 {
	return max(float64(f.Number)/float64(last), float64(t.Offset())/float64(max(t.size, 1)))
}

func (t *taken) close() {
	t.Close()
	_ = t.file.Close() // it was only read
}

// source returns the take's own patch.
func (t *taken) source() *source {
	i := t.Info()
	return &source{file: i.Patch, set: i.Set, params: i.Params, files: i.Files, taken: true}
}

// standIn returns a peer without a socket, in the place of a recorded one.
func standIn(n *graph.Node, p *take.Peer) take.Remote {
	cfg := peer.OfflineConfig{Owner: n, Protocol: p.Protocol, ID: p.ID, Recorded: true}
	addr, err := netip.ParseAddr(p.Address)
	if err != nil {
		cfg.Host = p.Address
	}
	cfg.Addr = netip.AddrPortFrom(addr, uint16(p.Port))
	cfg.Local, _ = netip.ParseAddrPort(p.Local) // empty if it was not known
	cfg.Since = time.Unix(p.ID.Time().UnixTime())
	return peer.NewOffline(cfg)
}
