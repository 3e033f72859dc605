package osc_test

import (
	"testing"

	"linecook.dev/linecook/peer/osc"
)

// Counters are named by kinds, so no two may share a name.
func TestKindNames(t *testing.T) {
	unknown := osc.Kind(0).String()
	seen := map[string]bool{unknown: true}
	for k := osc.KindSize; k <= osc.KindValue; k++ {
		if name := k.String(); name == "" || seen[name] {
			t.Errorf("Kind(%d) is named %q, which is empty or taken", k, name)
		}
		seen[k.String()] = true
	}
	if got := (osc.KindValue + 1).String(); got != unknown {
		t.Errorf("the kind after the last is named %q, want %q", got, unknown)
	}
}

func TestErrorTexts(t *testing.T) {
	var p osc.Packet
	if err := p.Parse([]byte("GET / HTTP/1")); err == nil || err.Error() != "osc: offset 0: address does not begin with '/'" {
		t.Errorf("Parse of text fails with %v", err)
	}
	if err := p.Parse([]byte(message("/x", "iA", be32(1)))); err != nil {
		t.Fatal(err)
	}
	if got, want := p.Discarded()[0].Error(), "osc: offset 6: unknown type tag 'A'"; got != want {
		t.Errorf("the discarded message's error is %q, want %q", got, want)
	}
}
