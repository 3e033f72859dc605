package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets the tests start this program as linecook.
func TestMain(m *testing.M) {
	if err := os.Setenv("GORACE", "atexit_sleep_ms=0"); err != nil { // else every end takes a second
		panic(err)
	}
	testscript.Main(m, map[string]func(){"linecook": main, "linecook-watched": watched})
}

// watched is linecook that says on standard output how many goroutines it has and how many bytes it needs,
// whenever it is given a line.
func watched() {
	go func() {
		for in := bufio.NewScanner(os.Stdin); in.Scan(); {
			for range 2 { // what pools keep goes with the second
				runtime.GC()
			}
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			fmt.Println(runtime.NumGoroutine(), m.HeapAlloc)
		}
	}()
	main()
}
