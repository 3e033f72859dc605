package graph

// A Toggle is a switch with a default: the zero Toggle means what its parameter's default says.
// In an operator that is part of a graph it is On or Off.
type Toggle int8

// The states of a Toggle.
const (
	Default Toggle = iota
	On
	Off
)

// On reports whether the switch is on; Default counts as off.
func (t Toggle) On() bool { return t == On }

// String returns "on", "off" or "default".
func (t Toggle) String() string { return [...]string{"default", "on", "off"}[t] }

// A Pulse is a parameter that is no value but a button: [Graph] has nothing to keep for it.
type Pulse struct{}
