package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/hashicorp/go-multierror"
	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"

	"linecook.dev/linecook/patches"
)

// fmtOptions are the flags of fmt.
type fmtOptions struct{ check, diff bool }

func newFmt() *cobra.Command {
	var o fmtOptions
	cmd := &cobra.Command{
		Use: "fmt PATCH...", Short: "Rewrite patch files in the canonical layout", Args: cobra.MinimumNArgs(1),
		Long: `Rewrite patch files, and files of their tests, in the canonical layout, in place. What a file says stays the same, as do its
comments, blank lines, quotes and scripts. A file with mistakes is not touched. The file - is standard
input, written to standard output.`,
		RunE: func(cmd *cobra.Command, files []string) error { return formatFiles(cmd, files, o) },
	}
	cmd.Flags().BoolVar(&o.check, "check", false, "write nothing; list the files that are laid out otherwise, and exit with 1 if there are any")
	cmd.Flags().BoolVarP(&o.diff, "diff", "d", false, "write nothing; print what would change, and exit with 1 if anything would")
	return cmd
}

// formatFiles formats each file; one that cannot be keeps none of the others back.
func formatFiles(cmd *cobra.Command, files []string, o fmtOptions) error {
	var errs *multierror.Error
	differ := false
	for _, file := range files {
		changed, err := formatFile(cmd, file, o)
		errs = multierror.Append(errs, eachError(err)...)
		differ = differ || changed
	}
	if errs.ErrorOrNil() != nil {
		return &exitError{exitInput, errs}
	}
	if differ && (o.check || o.diff) {
		return &exitError{exitInput, nil}
	}
	return nil
}

// formatFile formats one file as the flags say, and reports whether it was laid out otherwise.
func formatFile(cmd *cobra.Command, file string, o fmtOptions) (changed bool, err error) {
	src, err := readFile(cmd, file)
	if err != nil {
		return false, err
	}
	out, err := patches.Format(src, file)
	if err != nil {
		return false, err
	}
	changed = !bytes.Equal(src, out)
	stdout := cmd.OutOrStdout()
	if changed && o.check {
		fmt.Fprintln(stdout, file)
	}
	if changed && o.diff {
		_, err = stdout.Write(diff.Diff(file+".orig", src, file, out))
	}
	switch {
	case o.check || o.diff:
		return changed, err
	case file == "-":
		_, err = stdout.Write(out)
	case changed:
		err = replaceFile(file, out)
	}
	return changed, err
}

func readFile(cmd *cobra.Command, file string) ([]byte, error) {
	if file == "-" {
		return io.ReadAll(cmd.InOrStdin())
	}
	return patches.ReadFile(file)
}

// replaceFile puts a file with that content in the place of another, in one step, with its mode. Of a
// link it is the file that it leads to.
func replaceFile(file string, content []byte) (err error) {
	file, err = filepath.EvalSymlinks(file)
	if err != nil {
		return err
	}
	info, err := os.Stat(file)
	if err != nil {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(file), "."+filepath.Base(file)+".*")
	if err != nil {
		return err
	}
	_, err = tmp.Write(content)
	err = errors.Join(err, tmp.Chmod(info.Mode()), tmp.Sync(), tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), file)
	}
	if err != nil {
		return errors.Join(err, os.Remove(tmp.Name()))
	}
	return nil
}
