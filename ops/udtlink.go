package ops

import (
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/peer"
)

// An udtRole is who connects to whom.
type udtRole struct {
	mode, address   string
	port, localPort int
}

// check reports what the mode has no use for, or needs.
func (r udtRole) check(op graph.Operator) error {
	if r.mode == "server" {
		return misplaced(op, "client and rendezvous; a server listens at localaddress and port", "address", "localport")
	}
	if r.port == 0 {
		return &graph.ParamError{Param: "port", Msg: "0 is no port to connect to"}
	}
	return nil
}

// open opens the server or client that cfg says the rest of.
func (r udtRole) open(at *Endpoint, cfg peer.StreamConfig) error {
	cfg.Address, cfg.Port, cfg.LocalPort = r.address, r.port, r.localPort
	if r.mode == "rendezvous" {
		cfg.Meeting = peer.Rendezvous
		if cfg.LocalPort == 0 {
			cfg.LocalPort = r.port
		}
	}
	return at.openStream(cfg, r.mode == "server")
}
