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
	return &taken{r, name, f}, nil
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
