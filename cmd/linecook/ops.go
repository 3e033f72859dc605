package main

import (
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/patches"
)

//go:generate sh -c "go run . ops --markdown > ../../docs/operators.md"

func newOps() *cobra.Command {
	var asJSON, schema, testSchema, markdown bool
	cmd := &cobra.Command{
		Use: "ops [OP]", Short: "List or describe operators", Args: cobra.MaximumNArgs(1),
		ValidArgsFunction: completeOps,
		RunE: func(cmd *cobra.Command, args []string) error {
			reg, out := operators(), cmd.OutOrStdout()
			types, err := chosen(reg, args)
			if err != nil {
				return &exitError{exitUsage, err}
			}
			switch {
			case schema:
				b, failed := patches.Schema(reg)
				err = printSchema(out, b, failed)
			case testSchema:
				b, failed := patches.TestSchema()
				err = printSchema(out, b, failed)
			case asJSON:
				err = printTypesJSON(out, types)
			case markdown:
				err = printReference(out, types)
			case len(args) == 1:
				err = describe(out, types[0])
			default:
				err = list(out, types)
			}
			if err != nil {
				return &exitError{exitFailure, err}
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the declarations as JSON")
	cmd.Flags().BoolVar(&schema, "schema", false, "print the JSON Schema of a whole patch file")
	cmd.Flags().BoolVar(&testSchema, "test-schema", false, "print the JSON Schema of a file of tests")
	cmd.Flags().BoolVar(&markdown, "markdown", false, "print the operator reference")
	cmd.MarkFlagsMutuallyExclusive("json", "schema", "test-schema", "markdown")
	return cmd
}

// completeOps offers the operators to a shell.
func completeOps(_ *cobra.Command, args []string, _ string) (offers []string, _ cobra.ShellCompDirective) {
	if len(args) == 0 {
		offers = slices.Collect(operators().Names())
	}
	return offers, cobra.ShellCompDirectiveNoFileComp
}

func chosen(reg *graph.Registry, names []string) (types []*graph.OpType, err error) {
	if len(names) == 0 {
		return slices.Collect(reg.Types()), nil
	}
	t := reg.Lookup(names[0])
	if t == nil {
		return nil, fmt.Errorf("unknown operator %q%s", names[0], graph.DidYouMean(names[0], reg.Names()))
	}
	return []*graph.OpType{t}, nil
}

func list(w io.Writer, types []*graph.OpType) error {
	tw := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	for _, t := range types {
		fmt.Fprintf(tw, "%s\t%s\n", t.Name, t.Help)
	}
	return tw.Flush()
}

func describe(w io.Writer, t *graph.OpType) error {
	fmt.Fprintf(w, "%s: %s\ninputs: %s; class: %s\n", t.Name, t.Help, t.Inputs, t.Class)
	tw := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	for _, p := range t.Params {
		fmt.Fprintf(tw, "  %s\t%s\t%s\n", p.Name, limits(p), p.Help)
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	return showExample(w, t.Name)
}

var indents = regexp.MustCompile(`\n(.)`)

// showExample prints the example of an operator, if there is one.
func showExample(w io.Writer, name string) error {
	e, err := exampleOf(name)
	if e == nil {
		return err
	}
	text := fmt.Sprintf("\nexample: %s\n\n%s\n%s", strings.Join(e.says, " "), e.patch, strings.Join(e.outcome(), "\n"))
	_, err = fmt.Fprintln(w, indents.ReplaceAllString(text, "\n  $1"))
	return err
}

// limits says in brief what a parameter takes, and its default.
func limits(p graph.Param) string {
	s := p.Want()
	if p.Unit != "" && p.Type != graph.ParamDuration {
		s += ", " + p.Unit
	}
	switch {
	case p.Required:
		s += "; required"
	case p.Default != "":
		s += "; default " + p.Default
	}
	return s
}

func printSchema(w io.Writer, schema []byte, err error) error {
	if err == nil {
		_, err = w.Write(schema)
	}
	return err
}

func printTypesJSON(w io.Writer, types []*graph.OpType) error {
	type param struct {
		Name     string   `json:"name"`
		Takes    string   `json:"takes"`
		Default  string   `json:"default,omitempty"`
		Min      string   `json:"min,omitempty"`
		Max      string   `json:"max,omitempty"`
		Menu     []string `json:"menu,omitempty"`
		Unit     string   `json:"unit,omitempty"`
		Required bool     `json:"required,omitempty"`
		Help     string   `json:"help"`
	}
	type operator struct {
		Name   string  `json:"name"`
		Help   string  `json:"help"`
		Inputs string  `json:"inputs"`
		Class  string  `json:"class"`
		Params []param `json:"params"`
	}
	out := []operator{}
	for _, t := range types {
		o := operator{t.Name, t.Help, t.Inputs.String(), t.Class.String(), []param{}}
		for _, p := range t.Params {
			o.Params = append(o.Params, param{p.Name, p.Type.String(), p.Default, p.Min, p.Max, p.Menu, p.Unit, p.Required, p.Help})
		}
		out = append(out, o)
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(out)
}
