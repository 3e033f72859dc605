package main

import (
	"fmt"
	"io"
	"strings"

	"linecook.dev/linecook/graph"
)

const referenceHead = `# Operators

Made from the operators' declarations and from ops/examples by ` + "`linecook ops --markdown`" + `; do not edit.
Any parameter but a script can be computed, as ` + "`=op('knobs')[0, 'gain']`" + `; see [patches.md](patches.md#expressions).

Below each operator is an example: a patch, what goes into its nodes, and what comes of it. They are tests, too,
in ops/examples, and are [run](patches.md#tests).

An operator's class says what a cook costs: a **source** has rows from outside; **linear** looks at each row by
itself, **ordered merge** puts rows of several inputs in one order, and an **effect** acts on each row once: they
cost the rows that are new. A **fold** makes few values of many rows and an **index** finds rows by their values: that
costs a little more for each new row. **Opaque** is whole tables in, a whole table out.
`

// printReference writes the operator reference of docs.
func printReference(w io.Writer, types []*graph.OpType) error {
	var b strings.Builder
	b.WriteString(referenceHead)
	b.WriteString("\n| operator | class | what it does |\n| --- | --- | --- |\n")
	for _, t := range types {
		fmt.Fprintf(&b, "| [%s](#%[1]s) | %s | %s |\n", t.Name, t.Class, escape(t.Help))
	}
	for _, t := range types {
		if err := referTo(&b, t); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// referTo writes what the reference says of one operator.
func referTo(b *strings.Builder, t *graph.OpType) error {
	fmt.Fprintf(b, "\n## %s\n\n%s Inputs: %s. Class: %s.\n", t.Name, t.Help,
		strings.Replace(t.Inputs.String(), "no inputs", "none", 1), t.Class)
	if len(t.Params) > 0 {
		b.WriteString("\n| parameter | takes | what it does |\n| --- | --- | --- |\n")
	}
	for _, p := range t.Params {
		fmt.Fprintf(b, "| `%s` | %s | %s |\n", p.Name, escape(limits(p)), escape(p.Help))
	}
	e, err := exampleOf(t.Name)
	if e == nil {
		return err
	}
	fmt.Fprintf(b, "\n%s\n\n```yaml\n%s```\n\n```\n%s\n```\n", strings.Join(e.says, "\n"), e.patch, strings.Join(e.outcome(), "\n"))
	return nil
}

// escape keeps Markdown from reading more than text in s.
func escape(s string) string { return markdown.Replace(s) }

var markdown = strings.NewReplacer("|", `\|`, "*", `\*`, "_", `\_`, "<", "&lt;")
