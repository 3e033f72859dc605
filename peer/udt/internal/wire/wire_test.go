package wire_test

import (
	"bytes"
	"encoding"
	"encoding/hex"
	"errors"
	"net/netip"
	"strings"
	"testing"
	"time"

	"linecook.dev/linecook/peer/udt/internal/seqno"
	"linecook.dev/linecook/peer/udt/internal/wire"
)

var loopback = netip.MustParseAddr("127.0.0.1")

// captured are packets that the library sent, and what they mean.
var captured = []struct {
	name, hex string
	packet    encoding.BinaryAppender
}{
	{"request", "80000000 00000000 00000000 00000000 00000004 00000001 5ed62068 000005dc 00002000 00000001 028919a9 00000000 0100007f 00000000 00000000 00000000",
		wire.Handshake{Version: 4, Mode: wire.Stream, ISN: 0x5ed62068, MSS: 1500, Window: 8192, Request: wire.Ask, From: 0x028919a9, Peer: loopback}},
	{"answer", "80000000 00000000 00000000 028919a9 00000004 00000001 5ed62068 000005dc 00002000 ffffffff 246d4546 e274f51b 0100007f 00000000 00000000 00000000",
		wire.Handshake{To: 0x028919a9, Version: 4, Mode: wire.Stream, ISN: 0x5ed62068, MSS: 1500, Window: 8192, Request: wire.Conclude, From: 0x246d4546, Cookie: 0xe274f51b, Peer: loopback}},
	{"request over IPv6", "80000000 00000000 00000000 00000000 00000004 00000002 5ed62068 000005dc 00002000 00000001 028919a9 00000000 00000000 00000000 00000000 01000000",
		wire.Handshake{Version: 4, Mode: wire.Messages, ISN: 0x5ed62068, MSS: 1500, Window: 8192, Request: wire.Ask, From: 0x028919a9, Peer: netip.IPv6Loopback()}},
	{"data", "5ed62068 80000001 00000916 246d4546 01020304",
		wire.Data{Seq: 0x5ed62068, Place: wire.First | 1, Time: 0x916, To: 0x246d4546, Payload: []byte{1, 2, 3, 4}}},
	{"full ACK", "80020000 00000001 00000000 028919a9 5ed62078 000186a0 0000c350 00001fef 00051616 000003e8",
		wire.Ack{To: 0x028919a9, Number: 1, Next: 0x5ed62078, RTT: 100 * time.Millisecond, RTTVar: 50 * time.Millisecond, Free: 8175, HasRates: true, Rate: 0x51616, Capacity: 1000}},
	{"light ACK", "80020000 00000000 00000000 028919a9 5ed62078",
		wire.Ack{To: 0x028919a9, Next: 0x5ed62078}},
	{"ACK2", "80060000 00000001 00000000 246d4546 00000000",
		wire.Ack2{To: 0x246d4546, Number: 1}},
	{"drop request", "80070000 0000000c 00000000 0da8421f 66e797ca 66e797cb",
		wire.Drop{To: 0x0da8421f, Message: 12, First: 0x66e797ca, Last: 0x66e797cb}},
	{"shutdown", "80050000 00000000 00000000 246d4546 00000000", wire.NewShutdown(0x246d4546)},
	{"keep-alive", "80010000 00000000 00000000 246d4546 00000000", wire.NewKeepAlive(0x246d4546)},
}

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestPacketsOfTheLibrary(t *testing.T) {
	for _, tt := range captured {
		t.Run(tt.name, func(t *testing.T) {
			want := unhex(t, tt.hex)
			got, err := tt.packet.AppendBinary([]byte("before"))
			if err != nil || string(got) != "before"+string(want) {
				t.Errorf("AppendBinary of %+v = %x, %v; want %x", tt.packet, got, err, want)
			}
			again, err := reencode(want)
			if err != nil || !bytes.Equal(again, want) {
				t.Errorf("parsed and appended again it is %x, %v; want %x", again, err, want)
			}
		})
	}
}

func TestNak(t *testing.T) {
	packet := unhex(t, "80030000 00000000 00000000 3fd9bab9 00000007 f4077303 74077305")
	got, err := wire.NewNak(0x3fd9bab9).AppendBinary(nil)
	got = wire.AppendLoss(wire.AppendLoss(got, 7, 7), 0x74077303, 0x74077305)
	if err != nil || !bytes.Equal(got, packet) {
		t.Errorf("AppendBinary and AppendLoss = %x, %v; want %x", got, err, packet)
	}
	c, _ := wire.ParseControl(packet)
	nak, err := wire.ParseNak(c)
	if err != nil {
		t.Fatal(err)
	}
	var ranges []seqno.Seq
	for first, last := range nak.Losses() {
		ranges = append(ranges, first, last)
	}
	if want := []seqno.Seq{7, 7, 0x74077303, 0x74077305}; !bytes.Equal(seqBytes(ranges), seqBytes(want)) {
		t.Errorf("Losses() = %x, want %x", ranges, want)
	}
}

func seqBytes(seqs []seqno.Seq) (b []byte) {
	for _, s := range seqs {
		b = append(b, byte(s>>24), byte(s>>16), byte(s>>8), byte(s))
	}
	return b
}

func TestMalformed(t *testing.T) {
	for name, packet := range map[string]string{
		"no header":             "80020000 00000001 00000000",
		"odd body":              "80010000 00000000 00000000 00000001 00",
		"short handshake":       "80000000 00000000 00000000 00000000 00000004",
		"ACK of two words":      "80020000 00000001 00000000 028919a9 5ed62078 00000001",
		"ACK without a body":    "80020000 00000001 00000000 028919a9",
		"empty NAK":             "80030000 00000000 00000000 3fd9bab9",
		"range without an end":  "80030000 00000000 00000000 3fd9bab9 f4077303",
		"range ended by marker": "80030000 00000000 00000000 3fd9bab9 f4077303 f4077304",
		"short drop request":    "80070000 0000000c 00000000 0da8421f 66e797ca",
		"message over 29 bits":  "80070000 2000000c 00000000 0da8421f 66e797ca 66e797cb",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := reencode(unhex(t, packet))
			if _, ok := errors.AsType[wire.SyntaxError](err); !ok {
				t.Errorf("parsing %s: error %v, want a SyntaxError", packet, err)
			}
		})
	}
}

// reencode parses a packet by its type and appends what it meant.
func reencode(p []byte) ([]byte, error) {
	m, err := parse(p)
	if err != nil {
		return nil, err
	}
	return m.AppendBinary(nil)
}

func parse(p []byte) (encoding.BinaryAppender, error) {
	if _, err := wire.To(p); err != nil {
		return nil, err
	}
	if !wire.IsControl(p) {
		return wire.ParseData(p)
	}
	c, err := wire.ParseControl(p)
	if err != nil {
		return nil, err
	}
	switch c.Type {
	case wire.TypeHandshake:
		return wire.ParseHandshake(c)
	case wire.TypeAck:
		return wire.ParseAck(c)
	case wire.TypeAck2:
		return wire.ParseAck2(c)
	case wire.TypeNak:
		return wire.ParseNak(c)
	case wire.TypeDrop:
		return wire.ParseDrop(c)
	}
	return c, nil
}

// FuzzPackets: what a packet means does not change when it is written and read again, and writing makes
// it no longer.
func FuzzPackets(f *testing.F) {
	for _, c := range captured {
		f.Add(unhex(f, c.hex))
	}
	f.Add(unhex(f, "80030000 00000000 00000000 3fd9bab9 00000007 f4077303 74077305"))
	f.Fuzz(func(t *testing.T, packet []byte) {
		once, err := reencode(packet)
		if err != nil {
			if _, ok := errors.AsType[wire.SyntaxError](err); !ok {
				t.Fatalf("packet %x: error %v, want a SyntaxError", packet, err)
			}
			return
		}
		twice, err := reencode(once)
		if err != nil || !bytes.Equal(once, twice) || len(once) > len(packet)+4 {
			t.Fatalf("packet %x\nagain  %x\nthen   %x, %v", packet, once, twice, err)
		}
	})
}

func TestCodecsDoNotAllocate(t *testing.T) {
	data, ack := unhex(t, captured[3].hex), unhex(t, captured[4].hex)
	b := make([]byte, 0, 64)
	allocs := testing.AllocsPerRun(100, func() {
		d, _ := wire.ParseData(data)
		b, _ = d.AppendBinary(b[:0])
		c, _ := wire.ParseControl(ack)
		a, _ := wire.ParseAck(c)
		b, _ = a.AppendBinary(b[:0])
	})
	if allocs != 0 {
		t.Errorf("parsing and appending a data packet and an ACK allocates %v times, want 0", allocs)
	}
}
