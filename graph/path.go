package graph

import (
	"fmt"
	"strings"

	"github.com/google/uuid"
)

// MaxName is the longest name of a node, in bytes.
const MaxName = 64

// A Path names a node in its graph: "/faders", or "/stage/faders" within the node /stage.
type Path string

// Name returns the last part of p.
func (p Path) Name() string { return string(p[strings.LastIndexByte(string(p), '/')+1:]) }

// ID returns the identity of the node at p: the same in every run (a UUID of version 5).
func (p Path) ID() uuid.UUID { return uuid.NewSHA1(pathSpace, []byte(p)) }

var pathSpace = uuid.MustParse("0c1a34f2-5d6e-5a7b-9c8d-1f2e3d4c5b6a")

// Network returns the path of the network that the node at p is in: "/stage" for "/stage/faders",
// and "" for a node at the top.
func (p Path) Network() Path { return p[:max(strings.LastIndexByte(string(p), '/'), 0)] }

// ParsePath returns the path that s names at the top of a graph: "faders" and "/faders" are the same
// node.
func ParsePath(s string) (Path, error) { return Path("").inside(s) }

// Resolve returns the path that ref means to the node at p: "x" and "./x" are in its own network,
// "../x" in the one around that, and "/stage/x" is the same everywhere.
func (p Path) Resolve(ref string) (Path, error) { return p.Network().inside(ref) }

// Ref returns the shortest way for the node at from to name the one at p.
func (p Path) Ref(from Path) string {
	if p.Network() == from.Network() {
		return p.Name()
	}
	return string(p)
}

// inside returns the path that ref means within the network p.
func (p Path) inside(ref string) (Path, error) {
	if strings.HasPrefix(ref, "/") {
		p = ""
	}
	for part := range strings.SplitSeq(strings.TrimPrefix(ref, "/"), "/") {
		switch part {
		case ".":
		case "..":
			if p == "" {
				return "", fmt.Errorf("%.64q leads out of the graph", ref)
			}
			p = p.Network()
		default:
			if err := CheckName(part); err != nil {
				return "", err
			}
			p += Path("/" + part)
		}
	}
	if p == "" {
		return "", fmt.Errorf("%.64q names no node", ref)
	}
	return p, nil
}

// CheckRef reports what keeps s from naming a node, wherever it is named.
func CheckRef(s string) error {
	for part := range strings.SplitSeq(strings.TrimPrefix(s, "/"), "/") {
		if part == "." || part == ".." {
			continue
		}
		if err := CheckName(part); err != nil {
			return err
		}
	}
	return nil
}

// CheckName reports what keeps s from being the name of a node. A name has 1 to MaxName letters,
// digits, '_' and '-' (ASCII).
func CheckName(s string) error {
	if s == "" {
		return fmt.Errorf("a node's name is empty")
	}
	if len(s) > MaxName {
		return fmt.Errorf("name %.16q... is longer than %d characters", s, MaxName)
	}
	for _, r := range s {
		switch {
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9', r == '_', r == '-':
		default:
			return fmt.Errorf("name %q has %q; letters, digits, '_' and '-' can be used", s, r)
		}
	}
	return nil
}
