package framing_test

import (
	"fmt"

	"linecook.dev/linecook/peer/framing"
)

func Example() {
	splitter := framing.NewSplitter(framing.Config{Format: framing.PerLine})
	for _, read := range []string{"one\r", "\ntwo\nthr", "ee"} {
		for line, err := range splitter.Feed([]byte(read)) {
			fmt.Printf("%q %v\n", line, err)
		}
	}
	rest, err := splitter.Flush()
	fmt.Printf("%q %v\n", rest, err)
	// Output:
	// "one" <nil>
	// "two" <nil>
	// "three" <nil>
}

func ExampleFormat_Append() {
	fmt.Printf("% x\n", framing.Size.Append(nil, []byte("/a")))
	fmt.Printf("% x\n", framing.SLIP.Append(nil, []byte("\xc0/a")))
	// Output:
	// 00 00 00 02 2f 61
	// c0 db dc 2f 61 c0
}
