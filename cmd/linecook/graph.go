package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/graph/draw"
)

// drawings are the formats of graph.
var drawings = map[string]func(*graph.Graph) string{"text": draw.Text, "dot": draw.Dot, "mermaid": draw.Mermaid}

func newGraph() *cobra.Command {
	var format string
	var params []string
	cmd := &cobra.Command{
		Use: "graph PATCH", Short: "Draw the graph of a patch", Args: cobra.ExactArgs(1),
		Long: `Draw the graph of a patch: as text for a terminal, in Graphviz's language (dot), or in Mermaid's.
Wires are lines; what a node reads by op() is a broken line. Each network has a drawing of its own.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			draw := drawings[format]
			if draw == nil {
				return &exitError{exitUsage, fmt.Errorf("--format %s is not text, dot or mermaid", format)}
			}
			_, g, err := (&source{file: args[0], params: params}).load()
			if err != nil {
				return err
			}
			if _, err := io.WriteString(cmd.OutOrStdout(), draw(g)); err != nil {
				return &exitError{exitFailure, err}
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&format, "format", "text", "text, dot or mermaid")
	cmd.Flags().StringArrayVar(&params, "param", nil, "give a parameter that the patch declares a value, as `NAME=VALUE` (may be given again)")
	return cmd
}
