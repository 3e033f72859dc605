package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/hashicorp/go-multierror"
	"github.com/spf13/cobra"

	"linecook.dev/linecook/cmd/linecook/internal/patchtest"
	"linecook.dev/linecook/patches"
)

// testOptions are the flags of test.
type testOptions struct {
	run    string
	update bool
	json   bool
}

func newTest() *cobra.Command {
	var o testOptions
	cmd := &cobra.Command{
		Use: "test FILE|DIR...", Short: "Run the tests that are written beside patches", Args: cobra.MinimumNArgs(1),
		Long: `Run the tests that are written beside patches: those of show.yaml are in show_test.yaml. They run in
virtual time and without sockets, so that a day of input takes a moment. Of a folder, all files are
run whose names end in _test.yaml, also in its folders. It exits with 1 if a test fails.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return runTests(untilSignal(cmd.Context()), cmd.OutOrStdout(), args, o)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.run, "run", "", "run the tests whose names match `REGEXP`")
	f.BoolVar(&o.update, "update", false, "write what came into the test files, instead of what they expect")
	f.BoolVar(&o.json, "json", false, "print an object a test")
	return cmd
}

func runTests(ctx context.Context, out io.Writer, args []string, o testOptions) error {
	chosen, err := regexp.Compile(o.run)
	if err != nil {
		return &exitError{exitUsage, fmt.Errorf("--run: %w", err)}
	}
	files, err := testFiles(args)
	if err != nil {
		return &exitError{exitInput, err}
	}
	r := &testRun{out: out, options: o, chosen: chosen}
	for _, file := range files {
		if err := r.file(ctx, file); err != nil {
			r.errs = multierror.Append(r.errs, eachError(err)...)
		}
	}
	return r.end(ctx)
}

// testFiles returns the test files that the arguments name.
func testFiles(args []string) (files []string, err error) {
	for _, arg := range args {
		info, err := os.Stat(arg)
		switch {
		case err != nil:
			return nil, err
		case info.IsDir():
			err = filepath.WalkDir(arg, func(path string, _ fs.DirEntry, err error) error {
				if strings.HasSuffix(path, patches.TestSuffix) {
					files = append(files, path)
				}
				return err
			})
			if err != nil {
				return nil, err
			}
		case strings.HasSuffix(arg, patches.TestSuffix):
			files = append(files, arg)
		default:
			files = append(files, strings.TrimSuffix(strings.TrimSuffix(arg, ".yaml"), ".yml")+patches.TestSuffix)
		}
	}
	if len(files) == 0 {
		err = fmt.Errorf("there is no file whose name ends in %s in %s", patches.TestSuffix, strings.Join(args, ", "))
	}
	return files, err
}

// A testRun is what came of the tests so far.
type testRun struct {
	out            io.Writer
	options        testOptions
	chosen         *regexp.Regexp
	passed, failed int
	errs           *multierror.Error
}

// file runs the tests of one file.
func (r *testRun) file(ctx context.Context, path string) error {
	f, err := patches.LoadTests(path)
	if err != nil {
		return err
	}
	lists := map[*patches.Claim][]string{}
	for _, t := range f.Tests {
		if !r.chosen.MatchString(t.Name) {
			continue
		}
		result, err := patchtest.Config{Operators: operators()}.Run(ctx, f, t)
		if err != nil {
			r.failed++
			r.errs = multierror.Append(r.errs, eachError(err)...)
			continue
		}
		for _, failure := range result.Failures {
			if failure.Claim != nil {
				lists[failure.Claim] = failure.Got
			}
		}
		if err := r.print(path, result); err != nil {
			return err
		}
	}
	if !r.options.update || len(lists) == 0 {
		return nil
	}
	return update(f, lists)
}

// update writes lists into a test file.
func update(f *patches.TestFile, lists map[*patches.Claim][]string) error {
	text, err := f.Update(lists)
	if err != nil {
		return err
	}
	return os.WriteFile(f.File, text, 0o644)
}

// print shows what came of a test.
func (r *testRun) print(path string, t *patchtest.Result) error {
	passed := len(t.Failures) == 0
	if passed {
		r.passed++
	} else {
		r.failed++
	}
	if r.options.json {
		return r.printJSON(path, t)
	}
	verdict := "ok  "
	if !passed {
		verdict = "FAIL"
	}
	fmt.Fprintf(r.out, "%s %s: %s (%d frames)\n", verdict, path, t.Test.Name, t.Frames)
	for _, f := range t.Failures {
		fmt.Fprintf(r.out, "     %s\n", strings.ReplaceAll(f.String(), "\n", "\n     "))
	}
	return nil
}

func (r *testRun) printJSON(path string, t *patchtest.Result) error {
	type failure struct {
		Line  int      `json:"line"`
		Col   int      `json:"col"`
		About string   `json:"about"`
		Want  []string `json:"want,omitempty"`
		Got   []string `json:"got,omitempty"`
		Error string   `json:"error,omitempty"`
	}
	object := struct {
		File     string    `json:"file"`
		Test     string    `json:"test"`
		Passed   bool      `json:"passed"`
		Frames   int64     `json:"frames"`
		Seconds  float64   `json:"seconds"`
		Failures []failure `json:"failures,omitempty"`
	}{path, t.Test.Name, len(t.Failures) == 0, t.Frames, t.Took.Seconds(), nil}
	for _, f := range t.Failures {
		j := failure{Line: f.Line, Col: f.Col, About: f.Title, Want: f.Want, Got: f.Got}
		if f.Err != nil {
			j.Error = f.Err.Error()
		}
		object.Failures = append(object.Failures, j)
	}
	return json.NewEncoder(r.out).Encode(object)
}

// end says how many tests passed, and returns how the program ends.
func (r *testRun) end(ctx context.Context) error {
	if !r.options.json {
		fmt.Fprintf(r.out, "%d passed, %d failed\n", r.passed, r.failed)
	}
	switch {
	case ctx.Err() != nil:
		return &exitError{exitInput, context.Cause(ctx)}
	case r.errs != nil:
		return &exitError{exitInput, r.errs}
	case r.failed > 0 && !r.options.update:
		return &exitError{exitInput, nil}
	}
	return nil
}
