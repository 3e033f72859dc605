package link_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"linecook.dev/linecook/peer/udt/internal/link"
	"linecook.dev/linecook/peer/udt/internal/seqno"
	"linecook.dev/linecook/peer/udt/internal/simnet"
	"linecook.dev/linecook/peer/udt/internal/wire"
)

// numbered returns a message that begins with its number.
func numbered(i int, random *rand.Rand) []byte {
	b := bytes.Repeat([]byte{byte(i)}, 4+random.IntN(10_000))
	binary.BigEndian.PutUint32(b, uint32(i))
	return b
}

// exchange sends messages from end 0 to end 1 until all were sent and nothing more comes, and returns
// what arrived.
func (r *rig) exchange(messages [][]byte, ordered bool, lifetime time.Duration) (got [][]byte) {
	r.t.Helper()
	sent, quiet := 0, r.now
	r.step = func() {
		for ; sent < len(messages); sent++ {
			var expires time.Duration
			if lifetime > 0 {
				expires = r.now + lifetime
			}
			if ok, err := r.ends[0].WriteMessage(messages[sent], ordered, expires); err != nil {
				r.t.Fatal(err)
			} else if !ok {
				break
			}
		}
		for m, ok := r.ends[1].ReadMessage(nil, r.now); ok; m, ok = r.ends[1].ReadMessage(nil, r.now) {
			got = append(got, m)
			quiet = r.now
		}
	}
	r.run(10*time.Minute, func() bool {
		return sent == len(messages) && r.ends[0].Unacknowledged() == 0 && r.now > quiet+time.Second
	})
	return got
}

func TestMessagesArriveOnce(t *testing.T) {
	for _, n := range networks {
		for _, ordered := range []bool{false, true} {
			name := n.name + "/any order"
			if ordered {
				name = n.name + "/in order"
			}
			t.Run(name, func(t *testing.T) {
				random := rand.New(rand.NewPCG(5, 6))
				messages := make([][]byte, 300)
				for i := range messages {
					messages[i] = numbered(i, random)
				}
				r := newRig(t, rigConfig{mode: wire.Messages, conditions: both(n.Conditions), isn: [2]seqno.Seq{seqno.Max - 100, 5}, window: 1000})
				got := r.exchange(messages, ordered, 0)
				seen := map[uint32]bool{}
				for i, m := range got {
					number := binary.BigEndian.Uint32(m)
					if seen[number] || !bytes.Equal(m, messages[number]) || ordered && int(number) != i {
						t.Fatalf("delivery %d is message %d, before: %t, intact: %t", i, number, seen[number], bytes.Equal(m, messages[number]))
					}
					seen[number] = true
				}
				if len(got) != len(messages) {
					t.Errorf("%d messages arrived, want %d", len(got), len(messages))
				}
			})
		}
	}
}

func TestUnorderedMessagesDoNotWait(t *testing.T) {
	r := newRig(t, rigConfig{mode: wire.Messages, conditions: both(simnet.Conditions{Delay: 10 * time.Millisecond})})
	r.ways[0].Loss = 1
	r.ends[0].WriteMessage([]byte("lost at first"), false, 0)
	r.run(time.Second, func() bool { return r.ways[0].Lost == 1 })
	r.ways[0].Loss = 0
	r.ends[0].WriteMessage([]byte("second"), false, 0)
	r.ends[0].WriteMessage([]byte("third"), true, 0)
	for _, want := range []string{"second", "lost at first", "third"} {
		r.run(time.Minute, r.ends[1].Readable)
		if m, _ := r.ends[1].ReadMessage(nil, r.now); string(m) != want {
			t.Errorf("the next message is %q, want %q", m, want)
		}
	}
}

// TestExpiredMessages: with a time to live messages may be lost, but what arrives is whole, in order and
// not blocked by what was given up.
func TestExpiredMessages(t *testing.T) {
	for seed := range uint64(5) {
		random := rand.New(rand.NewPCG(seed, 6))
		messages := make([][]byte, 500)
		for i := range messages {
			messages[i] = numbered(i, random)
		}
		r := newRig(t, rigConfig{mode: wire.Messages, seed: seed, window: 500, conditions: both(simnet.Conditions{Delay: 10 * time.Millisecond, Loss: 0.05})})
		got := r.exchange(messages, true, 30*time.Millisecond)
		last := -1
		for _, m := range got {
			number := int(binary.BigEndian.Uint32(m))
			if number <= last || !bytes.Equal(m, messages[number]) {
				t.Fatalf("message %d after %d, intact: %t", number, last, bytes.Equal(m, messages[number]))
			}
			last = number
		}
		expired := r.ends[0].Stats().Expired
		if len(got) == len(messages) || len(got) < 100 || expired == 0 {
			t.Errorf("%d of %d messages arrived, with %d drop requests; want some to expire", len(got), len(messages), expired)
		}
	}
}

// TestLibraryDropRequest: the library's range ends one packet late, at the first of the next message,
// which must arrive nevertheless.
func TestLibraryDropRequest(t *testing.T) {
	r := newRig(t, rigConfig{mode: wire.Messages, isn: [2]seqno.Seq{100, 100}})
	data := func(seq seqno.Seq, place wire.Place, text string) {
		p, _ := wire.Data{Seq: seq, Place: place, Payload: []byte(text)}.AppendBinary(nil)
		r.ends[1].Receive(p, r.now)
	}
	const only = wire.First | wire.Last | wire.InOrder
	data(102, only|3, "three")
	drop, _ := wire.Drop{Message: 1, First: 100, Last: 101}.AppendBinary(nil)
	r.ends[1].Receive(drop, r.now)
	if r.ends[1].Readable() {
		t.Error("message 3 is readable while message 2 may still come")
	}
	data(101, only|2, "two")
	for _, want := range []string{"two", "three"} {
		if m, _ := r.ends[1].ReadMessage(nil, r.now); string(m) != want {
			t.Errorf("the next message is %q, want %q", m, want)
		}
	}
}

func TestMessageTooLong(t *testing.T) {
	r := newRig(t, rigConfig{mode: wire.Messages, window: 32})
	max := r.ends[0].MaxMessage()
	if _, err := r.ends[0].WriteMessage(make([]byte, max+1), true, 0); !errors.Is(err, link.ErrTooLong) {
		t.Errorf("WriteMessage of %d bytes: error %v, want ErrTooLong", max+1, err)
	}
	got := r.exchange([][]byte{make([]byte, max), []byte("next")}, true, 0)
	if len(got) != 2 || len(got[0]) != max || string(got[1]) != "next" {
		t.Errorf("of a message of %d bytes and one more %d arrived", max, len(got))
	}
}

// FuzzReceive: whatever comes, a link neither panics nor lets more be written than its buffer has, and
// what it has to say is a packet.
func FuzzReceive(f *testing.F) {
	seed := func(packets ...[]byte) {
		var all []byte
		for _, p := range packets {
			all = append(append(all, byte(len(p))), p...)
		}
		f.Add(all)
	}
	data, _ := wire.Data{Seq: 5, Place: wire.First | 1, Payload: []byte("data")}.AppendBinary(nil)
	ack, _ := wire.Ack{Number: 1, Next: 3, Free: 10}.AppendBinary(nil)
	drop, _ := wire.Drop{Message: 1, First: 2, Last: 20}.AppendBinary(nil)
	nak, _ := wire.NewNak(1).AppendBinary(nil)
	seed(data, ack, drop, wire.AppendLoss(nak, 0, 4))
	f.Fuzz(func(t *testing.T, packets []byte) {
		for _, mode := range []wire.Mode{wire.Stream, wire.Messages} {
			r := newRig(t, rigConfig{mode: mode, window: 64})
			l := r.ends[0]
			l.WriteMessage(make([]byte, 20_000), false, r.now+time.Millisecond)
			var out []byte
			for rest := packets; len(rest) > 0; {
				n := min(int(rest[0]), len(rest)-1)
				l.Receive(rest[1:1+n], r.now)
				rest = rest[1+n:]
				for out = l.Poll(out[:0], r.now); len(out) > 0; out = l.Poll(out[:0], r.now) {
					if len(out) < wire.HeaderSize || len(out) > 1472 {
						t.Fatalf("Poll gives %d bytes", len(out))
					}
				}
				r.now += time.Millisecond
				if l.Readable() {
					l.ReadMessage(nil, r.now)
				}
			}
			if n := l.Unacknowledged(); n < 0 || n > 64 {
				t.Fatalf("Unacknowledged() = %d", n)
			}
		}
	})
}
