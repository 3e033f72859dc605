package monitor_test

import (
	"testing"

	"go.uber.org/goleak"
)

// After an error net/http gives the other end half a second to read it.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("net/http.(*conn).closeWriteAndWait"))
}
