package ops

import "embed"

// Examples has for each operator a small patch, examples/select.yaml, and beside it its test,
// examples/select_test.yaml. They are in the operator reference, and are run.
//
//go:embed examples
var Examples embed.FS
