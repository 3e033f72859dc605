package main

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets the tests start this program as linecook.
func TestMain(m *testing.M) {
	if err := os.Setenv("GORACE", "atexit_sleep_ms=0"); err != nil { // else every end takes a second
		panic(err)
	}
	testscript.Main(m, map[string]func(){"linecook": main})
}
