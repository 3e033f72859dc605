package main

import (
	"path/filepath"
	"slices"
	"testing"

	"linecook.dev/linecook/cmd/linecook/internal/patchtest"
	"linecook.dev/linecook/cook"
	"linecook.dev/linecook/patches"
)

// TestExamplesWithManyWorkers runs the tests of all examples with their branches cooked at the same time.
func TestExamplesWithManyWorkers(t *testing.T) {
	var files []string
	for _, dir := range []string{"../../ops/examples", "../../patches/examples"} {
		found, err := filepath.Glob(filepath.Join(dir, "*"+patches.TestSuffix))
		if err != nil || len(found) == 0 {
			t.Fatalf("the tests in %s: %q, %v", dir, found, err)
		}
		files = slices.Concat(files, found)
	}
	many := patchtest.Config{Operators: operators(), Tap: func(c *cook.Config) { c.Workers, c.Grain = 4, 1 }}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			f, err := patches.LoadTests(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, test := range f.Tests {
				result, err := many.Run(t.Context(), f, test)
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
