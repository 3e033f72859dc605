package table

// A Kind is the type of a cell. Its zero value is KindNil.
type Kind uint8

// The kinds of cells. Those below KindString keep their value in eight bytes; the others refer to
// their chunk's arena, and KindPeer to its list of peers.
const (
	KindNil       Kind = iota
	KindBool           // true or false
	KindInt            // 64-bit signed integer
	KindInt64          // the same, but OSC is to send it as 64 bits whatever its size
	KindFloat32        // 32-bit float; an expression sees its exact value
	KindFloat64        // 64-bit float
	KindTimeTag        // NTP time, 32 bits of seconds since 1900 and 32 of fraction
	KindChar           // one character, 32 bits
	KindColour         // RGBA, 8 bits each, red highest
	KindMIDI           // port, status, data1, data2, 8 bits each, port highest
	KindInfinitum      // OSC's infinitum, also known as impulse; has no payload
	KindPeer           // a handle on a remote end
	KindString         // text as it came; need not be valid UTF-8
	KindSymbol         // the same, as OSC's symbol
	KindBytes          // a blob
	KindList           // a list of cells, nested at most MaxDepth deep
)

var kindNames = [...]string{
	"nil", "bool", "int", "int64", "float32", "float64", "timetag", "char", "colour", "midi", "infinitum",
	"peer", "string", "symbol", "bytes", "list",
}

// String returns the kind's name in lower case, as "float32".
func (k Kind) String() string { return kindNames[k] }

// Uniform reports whether kinds are all the same, and which.
func Uniform(kinds []Kind) (k Kind, same bool) {
	if len(kinds) == 0 || string(kinds[1:]) != string(kinds[:len(kinds)-1]) {
		return KindNil, false
	}
	return kinds[0], true
}

// arena reports whether cells of kind k keep their payload in a chunk's arena.
func (k Kind) arena() bool { return k >= KindString }
