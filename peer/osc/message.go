package osc

// A Message is one message of a parsed [Packet], and aliases the packet's bytes.
type Message struct {
	Time    TimeTag // of the enclosing bundle; Immediately if there is none
	Depth   int     // how many bundles enclose it
	bytes   []byte  // as scan accepted them
	address int32   // length of the address
	types   int32   // where the type tag string ends; 0 if there is none
}

// Address returns the address, which begins with '/' and may be a pattern. It aliases the packet.
func (m *Message) Address() []byte { return m.bytes[:m.address:m.address] }

// Types returns the type tags without the leading comma: empty if there are no arguments. It
// aliases the packet.
func (m *Message) Types() []byte {
	if m.types == 0 {
		return nil
	}
	return m.bytes[padded(int(m.address))+1 : m.types : m.types]
}
