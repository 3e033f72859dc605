package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"os"
	"sync"

	"github.com/spf13/pflag"

	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/cook/monitor"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/ops"
	"linecook.dev/linecook/patches"
	"linecook.dev/linecook/peer"
)

// tokenVariable names the environment variable that has the monitor's token; without it one is made.
const tokenVariable = "LINECOOK_MONITOR_TOKEN"

// monitorOptions are the flags of the monitor.
type monitorOptions struct {
	addr  string
	write bool
	hosts []string
}

func (o *monitorOptions) flags(f *pflag.FlagSet) {
	f.StringVar(&o.addr, "monitor", "", "show the running patch at `ADDR`, as 127.0.0.1:7700, to browsers, linecook top and Prometheus")
	f.BoolVar(&o.write, "monitor-write", false, "let the monitor change parameters, press pulses, set bypass and active, and close peers")
	f.StringArrayVar(&o.hosts, "monitor-host", nil, "a `NAME` of this machine that the monitor may be called by (may be given again)")
}

func (o *monitorOptions) check() error {
	token := os.Getenv(tokenVariable)
	switch {
	case o.addr == "" && (o.write || len(o.hosts) > 0):
		return errors.New("--monitor-write and --monitor-host need --monitor ADDR")
	case token != "" && len(token) < monitor.MinToken:
		return fmt.Errorf("%s has %d characters; a token needs %d at least. Without the variable one is made", tokenVariable, len(token), monitor.MinToken)
	}
	return nil
}

// A monitoring is a monitor that is served. A nil one does nothing.
type monitoring struct {
	l      net.Listener
	config monitor.Config
	m      *monitor.Monitor
	end    context.CancelFunc
	wg     sync.WaitGroup
}

// listen opens the monitor's socket; nil if none is asked for.
func (o *monitorOptions) listen(log *slog.Logger) (*monitoring, error) {
	if o.addr == "" {
		return nil, nil
	}
	l, public, err := monitor.Listen(o.addr)
	if err != nil {
		return nil, err
	}
	return &monitoring{l: l, config: monitor.Config{
		Logger: log, Public: public, Token: os.Getenv(tokenVariable), Hosts: o.hosts, Write: o.write, Language: operators().Language,
		Peers: peersOf, NumPeers: numPeers, Listening: listeningAt, Describe: describeMessage,
	}}, nil
}

// show begins to serve the monitor of e, and logs where.
func (m *monitoring) show(e *cook.Engine, info monitor.Info, rec *recording) {
	if m == nil {
		return
	}
	m.serve(e, info, rec)
	log := m.config.Logger
	log.Info("listening", slog.String("proto", "http"), slog.String("addr", m.l.Addr().String()))
	log.Info("monitor", slog.String("url", monitorURL(m.l.Addr(), m.m.Token(), m.config.Public || m.config.Write)))
}

// serve begins to serve the monitor of e.
func (m *monitoring) serve(e *cook.Engine, info monitor.Info, rec *recording) {
	m.config.Info, m.config.Take = info, rec.state
	m.m = monitor.New(e, m.config)
	ctx, end := context.WithCancel(context.Background())
	m.end = end
	m.wg.Go(func() {
		if err := m.m.Serve(ctx, m.l); err != nil {
			m.config.Logger.Error("the monitor has ended", "err", err)
		}
	})
}

// close ends the monitor, once the engine has ended.
func (m *monitoring) close() {
	if m == nil {
		return
	}
	m.end()
	m.wg.Wait()
	_ = m.m.Close() // there is nobody left to tell
}

// engineInfo returns what a monitor of the patch says it is of.
func (s *source) engineInfo(p *patches.Patch) monitor.Info {
	return monitor.Info{Version: version(), Patch: s.name(), Mode: string(p.Timeline.Mode), FPS: p.Timeline.FPS}
}

// monitorURL returns what to open in a browser.
func monitorURL(addr net.Addr, token string, needed bool) string {
	u := url.URL{Scheme: "http", Host: addr.String(), Path: "/"}
	if bound, err := netip.ParseAddrPort(addr.String()); err == nil && bound.Addr().IsUnspecified() {
		u.Host = netip.AddrPortFrom(reachable(bound.Addr()), bound.Port()).String()
	}
	if needed {
		u.RawQuery = url.Values{"token": {token}}.Encode()
	}
	return u.String()
}

// reachable returns an address of this machine that others may know, or unknown.
func reachable(unknown netip.Addr) netip.Addr {
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return unknown
	}
	for _, a := range addrs {
		if p, err := netip.ParsePrefix(a.String()); err == nil && p.Addr().Is4() && p.Addr().IsGlobalUnicast() {
			return p.Addr()
		}
	}
	return unknown
}

func peersOf(operator graph.Operator) []monitor.Peer {
	op, ok := operator.(interface{ Peers() []*peer.Peer })
	if !ok {
		return nil
	}
	var out []monitor.Peer
	for _, p := range op.Peers() {
		s := p.Stats()
		out = append(out, monitor.Peer{
			ID: p.ID().String(), Protocol: p.Protocol(), Address: p.Address(), Port: p.Port(), Hostname: p.Address(), Since: s.Since,
			MessagesIn: s.MessagesIn, BytesIn: s.BytesIn, MessagesOut: s.MessagesOut, BytesOut: s.BytesOut,
			Failed: s.Failed, Queued: s.Queued, Close: p.Close,
		})
	}
	return out
}

func numPeers(operator graph.Operator) int {
	if op, ok := operator.(interface{ Peers() []*peer.Peer }); ok {
		return len(op.Peers())
	}
	return 0
}

// listeningAt returns the socket that an operator listens at.
func listeningAt(operator graph.Operator) []string {
	op, ok := operator.(interface {
		LocalAddr() netip.AddrPort
		Link() ops.Link
	})
	if _, sends := operator.(*ops.OscOut); !ok || sends || op.Link().Host != "" {
		return nil
	}
	if addr := op.LocalAddr(); addr.IsValid() {
		return []string{op.Link().Protocol + " " + addr.String()}
	}
	return nil
}
