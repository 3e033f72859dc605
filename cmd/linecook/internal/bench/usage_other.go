//go:build !unix

package bench

import (
	"errors"
	"time"
)

// processorTime cannot be asked for here.
func processorTime() (time.Duration, error) { return 0, errors.ErrUnsupported }
