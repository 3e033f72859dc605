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

// ParsePath returns the path that s names: "faders" and "/faders" are the same node.
func ParsePath(s string) (Path, error) {
	s = "/" + strings.TrimPrefix(s, "/")
	for part := range strings.SplitSeq(s[1:], "/") {
		if err := CheckName(part); err != nil {
			return "", err
		}
	}
	return Path(s), nil
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
