package main

import (
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"linecook.dev/linecook/cmd/linecook/internal/patchtest"
	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/ops"
	"linecook.dev/linecook/patches"
)

// TestOperatorExamples runs the example of each operator: nothing is in the operator reference that is not so.
func TestOperatorExamples(t *testing.T) {
	for name := range operators().Names() {
		t.Run(name, func(t *testing.T) {
			f, err := patches.LoadTests(filepath.Join("../../ops/examples", name+patches.TestSuffix))
			if err != nil {
				t.Fatalf("operator %s has no example: %v; write ops/examples/%s.yaml and ops/examples/%[1]s_test.yaml", name, err, name)
			}
			if !uses(t, f.Patch, name) {
				t.Errorf("%s has no node of %s", f.Patch, name)
			}
			for _, test := range f.Tests {
				result, err := patchtest.Config{Operators: operators()}.Run(t.Context(), f, test)
				if err != nil {
					t.Fatal(err)
				}
				for _, failure := range result.Failures {
					t.Error(failure)
				}
			}
		})
	}
}

// uses reports whether a patch has a node of an operator.
func uses(t *testing.T, file, name string) bool {
	t.Helper()
	patch, err := patches.Config{Operators: operators()}.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	g := graph.New()
	if err := patch.Build(g); err != nil {
		t.Fatal(err)
	}
	for n := range g.Nodes() {
		if n.Type().Name == name {
			return true
		}
	}
	return false
}

// TestExamplesOfOperators expects no example of an operator that there is not.
func TestExamplesOfOperators(t *testing.T) {
	files, err := ops.Examples.ReadDir("examples")
	if err != nil {
		t.Fatal(err)
	}
	names := slices.Collect(operators().Names())
	for _, file := range files {
		name := strings.TrimSuffix(strings.TrimSuffix(file.Name(), path.Ext(file.Name())), "_test")
		if !slices.Contains(names, name) {
			t.Errorf("ops/examples/%s is of no operator", file.Name())
		}
	}
}
