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

Each operator has an example, and what goes in and comes out of its nodes. These are tests, too, which are
[run](patches.md#tests). The classes are in [ARCHITECTURE.md](ARCHITECTURE.md#operators).
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
