package main

import (
	"encoding/json"
	"errors"
	"io"
	"strings"

	"github.com/hashicorp/go-multierror"
	"github.com/spf13/cobra"

	"linecook.dev/linecook/patches"
)

func newCheck() *cobra.Command {
	var asJSON bool
	var params []string
	cmd := &cobra.Command{
		Use: "check PATCH...", Short: "Report every mistake of patch files", Args: cobra.MinimumNArgs(1),
		Long: `Report every mistake of patch files as file:line:column, and exit with 1 if there is any.`,
		RunE: func(cmd *cobra.Command, files []string) error { return check(cmd.OutOrStdout(), files, params, asJSON) },
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the mistakes as a JSON array on standard output")
	cmd.Flags().StringArrayVar(&params, "param", nil, "give a parameter that the patches declare a value, as `NAME=VALUE` (may be given again)")
	return cmd
}

func check(stdout io.Writer, files, params []string, asJSON bool) error {
	var errs *multierror.Error
	for _, file := range files {
		err := checkFile(file, params)
		if e, ok := errors.AsType[*exitError](err); ok && e.code == exitUsage {
			return err
		}
		errs = multierror.Append(errs, eachError(err)...)
	}
	if asJSON {
		if err := printMistakes(stdout, errs.WrappedErrors()); err != nil {
			return &exitError{exitFailure, err}
		}
	}
	switch {
	case errs.Len() == 0:
		return nil
	case asJSON:
		return &exitError{exitInput, nil}
	}
	return &exitError{exitInput, errs}
}

// checkFile reports what is wrong in a patch, or in the file of its tests.
func checkFile(file string, params []string) (err error) {
	if strings.HasSuffix(file, patches.TestSuffix) {
		_, err = patches.LoadTests(file)
		return err
	}
	_, err = loadWith(patches.Config{}, params, func(c patches.Config) (*patches.Patch, error) { return c.Load(file) })
	if e, ok := errors.AsType[*exitError](err); ok && e.code == exitInput {
		return e.err
	}
	return err
}

// printMistakes writes errors as a JSON array. One that is no place in a file has only a message.
func printMistakes(w io.Writer, errs []error) error {
	type mistake struct {
		File    string `json:"file,omitempty"`
		Line    int    `json:"line,omitempty"`
		Col     int    `json:"col,omitempty"`
		Message string `json:"message"`
	}
	list := []mistake{}
	for _, err := range errs {
		if m, ok := errors.AsType[*patches.Mistake](err); ok {
			list = append(list, mistake{m.File, m.Line, m.Col, m.Msg})
			continue
		}
		list = append(list, mistake{Message: err.Error()})
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(list)
}
