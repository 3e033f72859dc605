package main_test

import (
	"bufio"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A reloading is a linecook whose patch changes.
type reloading struct {
	live
	file, text string
}

func reload(t *testing.T, patch string, args ...string) *reloading {
	t.Helper()
	file := writePatch(t, patch)
	return &reloading{cookFile(t, file, args...), file, patch}
}

// write makes the patch another one, as an editor does: by another file in its place.
func (r *reloading) write(text string) {
	r.t.Helper()
	r.text = text
	part := filepath.Join(filepath.Dir(r.file), ".patch.yaml.swp")
	if err := os.WriteFile(part, []byte(text), 0o600); err != nil {
		r.t.Fatal(err)
	}
	if err := os.Rename(part, r.file); err != nil {
		r.t.Fatal(err)
	}
}

// change exchanges a part of the patch, and returns what the log says of that.
func (r *reloading) change(old, part string) map[string]any {
	r.t.Helper()
	if !strings.Contains(r.text, old) {
		r.t.Fatalf("the patch has no %q", old)
	}
	r.write(strings.Replace(r.text, old, part, 1))
	return r.log("reloaded", "")
}

// want compares some of the values of a record.
func want(t *testing.T, record map[string]any, values map[string]any) {
	t.Helper()
	for key, v := range values {
		if record[key] != v {
			t.Errorf("record has %s=%v, want %v: %v", key, record[key], v, record)
		}
	}
}

const counting = `linecook: v1
timeline: {mode: arrival}
nodes:
  tcp:
    tcpip: {mode: server, port: 0, maxlines: 100}
    callbacks: |
      seen = []
      def onReceive(dat, rowIndex, message, bytes, peer):
          seen.append(message)
          peer.send('%s is %d' % (message, len(seen)), terminator='\n')
  some: {select: {where: "message != 'x'"}, in: tcp}
`

// A talk asks and is answered, line by line.
type talk struct {
	t    *testing.T
	conn net.Conn
	in   *bufio.Reader
}

func converse(t *testing.T, addr string) *talk {
	conn := dial(t, "tcp", addr)
	return &talk{t, conn, bufio.NewReader(conn)}
}

func (c *talk) ask(line, want string) {
	c.t.Helper()
	write(c.t, c.conn, line+"\n")
	if got, err := c.in.ReadString('\n'); err != nil || got != want+"\n" {
		c.t.Fatalf("answer to %s: %q, %v, want %s", line, got, err, want)
	}
}

func TestReload(t *testing.T) {
	r := reload(t, counting)
	c := converse(t, r.addr("/tcp"))
	c.ask("a", "a is 1")
	r.wantRows(`{"node":"/some","row":0,"cells":{"message":"a"}}`)

	want(t, r.change("timeline", "# a comment\ntimeline"), map[string]any{"kept": 2.0, "changed": 0.0})
	want(t, r.change("'x'", "'b'"), map[string]any{"kept": 1.0, "changed": 1.0, "nodes": "changed /some"})
	c.ask("b", "b is 2")
	c.ask("c", "c is 3")
	r.wantRows(`{"node":"/some","row":2,"cells":{"message":"c"}}`)

	want(t, r.change("  some:", "  more: {select: {}, in: tcp}\n  some:"), map[string]any{"kept": 2.0, "added": 1.0, "nodes": "added /more"})
	for _, m := range []string{"a", "b", "c"} {
		r.out.next("row of "+m, func(line string) bool { return strings.Contains(line, `"/more"`) && strings.Contains(line, `"`+m+`"`) })
	}
	want(t, r.change("  more: {select: {}, in: tcp}\n", ""), map[string]any{"kept": 2.0, "removed": 1.0, "nodes": "removed /more"})
	c.ask("d", "d is 4")
	r.stop()
}

func TestPatchWithMistakesIsNotTaken(t *testing.T) {
	r := reload(t, counting)
	c := converse(t, r.addr("/tcp"))
	good := r.text
	r.write(strings.Replace(strings.Replace(good, "maxlines: 100", "maxlines: many", 1), "in: tcp", "in: tcpp", 1))
	for _, mistake := range []string{
		`patch.yaml:5:46: maxlines: "many" is not a whole number from 1 to 10000000`,
		`patch.yaml:11:49: in: there is no node "tcpp"; did you mean "tcp"?`,
	} {
		if record := r.log("not reloaded", ""); !strings.HasSuffix(record["err"].(string), mistake) {
			t.Errorf("log has %v, want %s", record["err"], mistake)
		}
	}
	c.ask("a", "a is 1")
	r.write(strings.Replace(good, "'x'", "'y'", 1))
	want(t, r.log("reloaded", ""), map[string]any{"kept": 1.0, "changed": 1.0})
	c.ask("b", "b is 2")
	r.stop()
}

func TestHangupReloads(t *testing.T) {
	r := reload(t, counting, "--watch=false")
	c := converse(t, r.addr("/tcp"))
	r.ready()
	r.signal(syscall.SIGHUP)
	want(t, r.log("reloaded", ""), map[string]any{"kept": 2.0, "changed": 0.0})
	r.write(strings.Replace(r.text, "'x'", "'y'", 1))
	r.signal(syscall.SIGHUP)
	want(t, r.log("reloaded", ""), map[string]any{"kept": 1.0, "changed": 1.0})
	c.ask("a", "a is 1")
	r.stop()
}

func TestIncludedFilesAreFollowed(t *testing.T) {
	r := reload(t, "linecook: v1\nnodes:\n  rows: {table: {rows: [[1]]}}\n")
	part := filepath.Join(filepath.Dir(r.file), "part.yaml")
	writeFile := func(text string) {
		t.Helper()
		if err := os.WriteFile(part, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r.ready()
	r.write("linecook: v1\nnodes:\n  rows: {table: {rows: [[1]]}}\n  stage: {base: {include: part.yaml}}\n")
	r.log("not reloaded", "")
	writeFile("linecook: v1\nnodes:\n  out1: {table: {rows: [[2]]}}\n")
	want(t, r.log("reloaded", ""), map[string]any{"kept": 1.0, "nodes": "added /stage /stage/out1"})
	writeFile("linecook: v1\nnodes:\n  out1: {table: {rows: [[3]]}}\n")
	want(t, r.log("reloaded", ""), map[string]any{"kept": 2.0, "nodes": "changed /stage/out1"})
	r.wantRows(`{"node":"/rows","row":0,"cells":{"col1":1}}`, `{"node":"/stage","row":0,"cells":{"col1":2}}`, `{"node":"/stage","row":1,"cells":{"col1":3}}`)
	r.stop()
}
