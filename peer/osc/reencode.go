package osc

// AppendBinary appends the packet in its canonical form: with a type tag string, zero padding and
// nothing left over, without the messages that were discarded. Of a canonical packet that gives
// the same bytes. It fails only for a Packet that holds no packet, that is before Parse, after a
// failed one, or when the only message was discarded.
func (p *Packet) AppendBinary(dst []byte) ([]byte, error) {
	var b Builder
	b.Reset(dst)
	bundles := p.bundles
	for i := range p.messages {
		m := &p.messages[i]
		bundles = b.bundlesBefore(bundles, i)
		b.close(m.Depth)
		b.Message(m)
	}
	b.bundlesBefore(bundles, len(p.messages))
	b.close(0)
	return b.Finish()
}

// Message adds a whole message as it was parsed.
func (b *Builder) Message(m *Message) {
	b.BeginMessage(alias(m.Address()))
	for a := range m.Args() {
		b.Arg(a)
	}
	b.EndMessage()
}

// bundlesBefore begins the bundles that come before a message, and returns the others.
func (b *Builder) bundlesBefore(bundles []bundle, message int) []bundle {
	for len(bundles) > 0 && bundles[0].before <= message {
		b.close(bundles[0].depth - 1)
		b.BeginBundle(bundles[0].time)
		bundles = bundles[1:]
	}
	return bundles
}

// close ends bundles until depth are open.
func (b *Builder) close(depth int) {
	for b.depth > depth && b.err == nil {
		b.EndBundle()
	}
}
