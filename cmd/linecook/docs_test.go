package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"linecook.dev/linecook/cmd/linecook/internal/patchtest"
	"linecook.dev/linecook/patches"
)

var yamlBlock = regexp.MustCompile("(?s)```yaml\n(.*?)```")

// TestDocsPatches loads every patch of the guides, and runs their tests.
func TestDocsPatches(t *testing.T) {
	for _, page := range []string{"../../README.md", "../../docs/patches.md"} {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		if err := os.Mkdir(filepath.Join(dir, "parts"), 0o700); err != nil {
			t.Fatal(err)
		}
		for i, block := range yamlBlock.FindAllStringSubmatch(string(text), -1) {
			t.Run(fmt.Sprintf("%s/%d", filepath.Base(page), i+1), func(t *testing.T) { tryBlock(t, dir, i, block[1]) })
		}
	}
}

// tryBlock tries a block of a page: a patch, the tests of the page's first patch, or a part that the next patch
// includes.
func tryBlock(t *testing.T, dir string, i int, block string) {
	if !strings.HasPrefix(block, "linecook: ") {
		block = "linecook: v1\n" + block
	}
	name, try := "other.yaml", loadBlock
	switch {
	case i == 0:
		name = "page.yaml"
	case strings.Contains(block, "\ntests:"):
		name, try = "page_test.yaml", testBlock
	case strings.Contains(block, "\n  out1:"):
		name, try = "parts/strip.yaml", nil
	}
	file := filepath.Join(dir, name)
	if err := os.WriteFile(file, []byte(block), 0o600); err != nil {
		t.Fatal(err)
	}
	if try != nil {
		try(t, file, block)
	}
}

func loadBlock(t *testing.T, file, block string) {
	t.Helper()
	c := patches.Config{Operators: operators()}
	if strings.Contains(block, "port: {type: int") {
		c.Params = map[string]any{"port": "9000"}
	}
	if _, err := c.Load(file); err != nil {
		t.Errorf("%v; the patch is\n%s", err, block)
	}
}

func testBlock(t *testing.T, file, block string) {
	t.Helper()
	f, err := patches.LoadTests(file)
	if err != nil {
		t.Fatalf("%v; the tests are\n%s", err, block)
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
}
