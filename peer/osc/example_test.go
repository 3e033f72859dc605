package osc_test

import (
	"fmt"

	"linecook.dev/linecook/peer/osc"
)

func ExamplePacket() {
	var p osc.Packet
	if err := p.Parse([]byte("/fader/1\x00\x00\x00\x00,fs\x00\x3f\x00\x00\x00kick\x00\x00\x00\x00")); err != nil {
		fmt.Println(err)
		return
	}
	messages := p.Messages()
	for i := range messages {
		fmt.Printf("%s\n", messages[i].Address())
		for a := range messages[i].Args() {
			switch a.Type {
			case osc.TypeFloat32:
				fmt.Println("float", a.Float32())
			case osc.TypeString:
				fmt.Printf("string %s\n", a.Bytes())
			}
		}
	}
	// Output:
	// /fader/1
	// float 0.5
	// string kick
}

func ExampleBuilder() {
	var b osc.Builder
	b.Reset(nil)
	b.BeginBundle(osc.Immediately)
	b.BeginMessage("/ack")
	b.String("ok")
	b.Int32(7)
	b.EndMessage()
	b.EndBundle()
	packet, err := b.Finish()
	fmt.Printf("%q %v\n", packet, err)
	// Output:
	// "#bundle\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x14/ack\x00\x00\x00\x00,si\x00ok\x00\x00\x00\x00\x00\a" <nil>
}

func ExampleAppendValues() {
	packet, _, err := osc.AppendValues(nil, nil, osc.Options{}, osc.Pair{Address: "/a", Values: []any{1, true, "x"}})
	fmt.Printf("%q %v\n", packet, err)
	// Output:
	// "/a\x00\x00,iTs\x00\x00\x00\x00\x00\x00\x00\x01x\x00\x00\x00" <nil>
}

func ExampleMatch() {
	ok, err := osc.Match("/ch/[1-4]/{fader,mute}", "/ch/3/mute")
	fmt.Println(ok, err)
	_, err = osc.Match("/ch/[1-4", "/ch/3")
	fmt.Println(err)
	// Output:
	// true <nil>
	// osc: offset 4: '[' without ']' in the same part
}

func ExampleScope() {
	var s osc.Scope
	if err := s.Parse("/fader/* ^*accel*"); err != nil {
		fmt.Println(err)
	}
	fmt.Println(s.Match([]byte("/fader/1/x")), s.Match([]byte("/fader/accel")))
	// Output:
	// true false
}
