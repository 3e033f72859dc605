package patches_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/patches"
)

// An error in a script must name the line and column that an editor shows.
func TestScriptMistakesAreAtTheirPlace(t *testing.T) {
	node := prelude + "  a:\n    oscin: {port: 1}\n    "
	tests := []struct{ name, text, want string }{
		{"block", node + "callbacks: |\n      ok\n        wrong\n", "7:9"},
		{"block with a blank line first", node + "callbacks: |\n\n      wrong\n", "7:7"},
		{"block with an indentation of its own", node + "callbacks: |2\n        wrong\n", "6:9"},
		{"block with a comment", node + "callbacks: |  # hooks\n      ok\n\n      wrong\n", "8:7"},
		{"block with CRLF", strings.ReplaceAll(node+"callbacks: |\n      ok\n      wrong\n", "\n", "\r\n"), "7:7"},
		{"plain", node + "callbacks: ok wrong\n", "5:19"},
		{"quoted", node + "callbacks: 'ok wrong'\n", "5:20"},
		{"folded", node + "callbacks: >\n      ok\n      wrong\n", "5:16"},
		{"inside of the operator", prelude + "  a: {oscin: {port: 1, callbacks: wrong}}", "3:35"},
		{"parameter of another name", prelude + "  a: {table: }\n  b: {select: {where: a wrong}, in: a}", "4:25"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := parse(t, tt.text)
			if got, _, _ := strings.Cut(lines(err), ": "); got != tt.want || strings.Contains(lines(err), "\n") {
				t.Errorf("Parse of\n%s\ngot %v, want one mistake at %s", tt.text, err, tt.want)
			}
		})
	}
}

func TestScriptFiles(t *testing.T) {
	_, err := parse(t, prelude+"  a: {oscin: {port: 1}, callbacks: sub/b.star}")
	if got, want := err.Error(), "sub/b.star:2:1: callbacks: is wrong"; got != want {
		t.Errorf("mistake in a script file: got %s, want %s", got, want)
	}
	p := mustParse(t, prelude+"  a: {oscin: {port: 1}, callbacks: ./a.star}")
	want := graph.Script{Text: "x = 1\n", File: "a.star", Line: 1}
	if got := p.Node("a").Operator.(*listen).Callbacks; !reflect.DeepEqual(got, want) {
		t.Errorf("script of a file: got %+v, want %+v", got, want)
	}
}

// Load reads nothing but regular files in the patch's folder.
func TestLoadStaysInItsFolder(t *testing.T) {
	dir := t.TempDir()
	home := filepath.Join(dir, "home")
	for name, text := range map[string]string{
		"out.star": "x = 1", "home/in.star": "x = 1", "home/long.star": strings.Repeat("#", 1<<20+1),
	} {
		write(t, filepath.Join(dir, name), text)
	}
	for link, to := range map[string]string{"link.star": "../out.star", "device.star": "/dev/zero", "near.star": "in.star"} {
		if err := os.Symlink(to, filepath.Join(home, link)); err != nil {
			t.Fatal(err)
		}
	}
	if err := exec.Command("mkfifo", filepath.Join(home, "pipe.star")).Run(); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ script, want string }{
		{"in.star", ""},
		{"near.star", ""},
		{"none.star", "no such file"},
		{"../out.star", "in the patch's folder"},
		{filepath.Join(home, "in.star"), "in the patch's folder"},
		{"link.star", "escapes"},
		{"device.star", "escapes"},
		{"pipe.star", "not a regular file"},
		{".star", "no such file"},
		{"long.star", "longer than 1 MiB"},
	}
	for _, tt := range tests {
		t.Run(tt.script, func(t *testing.T) {
			path := filepath.Join(home, "p.yaml")
			write(t, path, prelude+"  a: {oscin: {port: 1}, callbacks: "+tt.script+"}\n")
			_, err := patches.Load(path, registry())
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), path+":3:36: callbacks: script") || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("Load with callbacks %s: got %v, want %q", tt.script, err, tt.want)
			}
		})
	}
}

func TestLoadOfNoPatch(t *testing.T) {
	dir := t.TempDir()
	if _, err := patches.Load(filepath.Join(dir, "none.yaml"), registry()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("Load of no file: got %v, want %v", err, os.ErrNotExist)
	}
	if _, err := patches.Load(dir, registry()); err == nil {
		t.Errorf("Load of a folder: got no error")
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
