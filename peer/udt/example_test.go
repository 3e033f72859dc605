package udt_test

import (
	"context"
	"fmt"
	"io"

	"linecook.dev/linecook/peer/udt"
)

func ExampleDial() {
	ctx := context.Background()
	l, err := udt.Listen("udp", "127.0.0.1:0", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer l.Close()
	go func() {
		c, err := udt.Dial(ctx, "udp", l.Addr().String(), nil)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Fprint(c, "over UDP, and all of it")
		c.Close() // when it has arrived
	}()
	c, err := l.Accept()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()
	all, err := io.ReadAll(c)
	fmt.Println(string(all), err)
	// Output: over UDP, and all of it <nil>
}
