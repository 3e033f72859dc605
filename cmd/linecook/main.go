// Command linecook runs patches: node graphs that OSC, TCP, UDP and UDT messages flow through.
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

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

func run(args []string, stdout, stderr io.Writer) int {
	root := newRoot()
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	cmd, err := root.ExecuteC()
	if err == nil {
		return 0
	}
	if e, ok := errors.AsType[*exitError](err); ok {
		printErrors(stderr, e.err)
		return e.code
	}
	// What cobra itself refuses is the command line.
	fmt.Fprintf(stderr, "linecook: %v\nRun '%s --help' for usage.\n", err, cmd.CommandPath())
	return exitUsage
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use: "linecook", Short: "Cook OSC, TCP, UDP and UDT messages through a graph of operators",
		SilenceErrors: true, SilenceUsage: true,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.AddCommand(
		newRun(), newRecord(), newCook(), newTake(), newCheck(), newFmt(), newTest(), newOps(), newGraph(), newTop(), newSend(), newDump(), newBench(), newVersion(),
	)
	return root
}

// operators returns the registry of all operators.
func operators() *graph.Registry {
	var reg graph.Registry
	ops.Register(&reg)
	return &reg
}
