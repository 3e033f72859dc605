package peer

import "fmt"

// What a cook sees of the outside through a Handle is the same until the frame ends, is told to who records
// ([graph.Cook.Saw]), and is what was seen then when a recording is cooked.

// A room is what a queue would take.
type room struct{ messages, bytes int }

// room returns what there is in the queue as the cook sees it.
func (h Handle) room() (r room) {
	if h.cook.Recalls() {
		if r, known := h.recallRoom(); known {
			return r
		}
	}
	r.messages, r.bytes = h.via.room(h.Peer)
	return r
}

func (h Handle) recallRoom() (r room, known bool) {
	text, known := h.cook.Recall(h.roomKey())
	if known {
		_, err := fmt.Sscan(text, &r.messages, &r.bytes)
		known = err == nil
	}
	return r, known
}

// saw tells that there was too little room: as long as there is enough it does not matter how much that is.
func (h Handle) saw(v *view) {
	if !v.told {
		v.told = true
		h.cook.Saw(h.roomKey(), fmt.Sprint(v.seen.messages, " ", v.seen.bytes))
	}
}

// roomKey names the peer as it is named whenever the recording is cooked.
func (h Handle) roomKey() string {
	return fmt.Sprintf("room %s %s %s", h.owner, h.Protocol(), h.Peer)
}

// Hostname is that of [Peer.Hostname] as it was when the node first asked for it in this frame.
func (h Handle) Hostname() string {
	if h.host != "" {
		return h.host
	}
	v := h.lock()
	defer h.mu.Unlock()
	if v.name == "" {
		v.name = h.lookUp()
	}
	return v.name
}

func (h Handle) lookUp() string {
	key := "hostname " + h.Address()
	if name, known := h.cook.Recall(key); known {
		return name
	}
	name := h.Peer.Hostname()
	if name != h.Address() {
		h.cook.Saw(key, name)
	}
	return name
}
