// Command linecook runs patches: node graphs that OSC, TCP and UDP messages flow through.
//
// Standard output carries data, standard error the log. It exits with 0 when it is done, 1 if the
// patch or the data is wrong, 2 if the command line is wrong, and 3 if the engine failed.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/ops"
)

// Exit codes.
const (
	exitInput   = 1
	exitUsage   = 2
	exitFailure = 3
)

// An exitError is an error that knows how the program ends.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string { return e.err.Error() }
func (e *exitError) Unwrap() error { return e.err }

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

func run(args []string, stdout, stderr io.Writer) int {
	root := newRoot()
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.Execute()
	if err == nil {
		return 0
	}
	if e, ok := errors.AsType[*exitError](err); ok {
		printErrors(stderr, e.err)
		return e.code
	}
	fmt.Fprintf(stderr, "linecook: %v\n", err) // of cobra: the command line
	return exitUsage
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use: "linecook", Short: "Cook OSC, TCP and UDP messages through a graph of operators",
		SilenceErrors: true, SilenceUsage: true, Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.AddCommand(newRun(), newCheck(), newOps(), newVersion())
	return root
}

// operators returns the registry of all operators.
func operators() *graph.Registry {
	var reg graph.Registry
	ops.Register(&reg)
	return &reg
}
