package main_test

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A takeCheck is a take of a live run, by which it is compared with what is cooked of the take.
type takeCheck struct {
	file, take string
	args       []string
}

// recorded runs a patch as cookFile does, and records it. Once it has been stopped, the take is verified and
// cooked with several numbers of workers: the rows must be the same as the printed ones, byte for byte, and what
// the nodes send the same each time.
func recorded(t *testing.T, file string, args ...string) live {
	t.Helper()
	c := &takeCheck{file: file, take: filepath.Join(t.TempDir(), "take.mcap"), args: args}
	l := cookFile(t, file, append(args, "--record", c.take)...)
	l.take = c
	return l
}

func (c *takeCheck) check(l live) {
	if c == nil {
		return
	}
	l.t.Helper()
	verify := start(l.t, "linecook", "take", "verify", c.take)
	if code := verify.exit(); code != 0 {
		l.t.Errorf("linecook take verify: exit code %d:\n%s%s", code, verify.out, verify.errs)
	}
	args := []string{"cook", c.file, "--take", c.take}
	for _, a := range c.args {
		if !strings.HasPrefix(a, "--monitor") {
			args = append(args, strings.Replace(a, "--print", "--node", 1))
		}
	}
	var files []map[string]string
	for _, workers := range []string{"1", "2", "8"} {
		args := append(args, "--workers", workers)
		again := start(l.t, "linecook", args...)
		if code := again.exit(); code != 0 || again.out.String() != l.out.String() {
			l.t.Errorf("linecook %q: exit code %d: it cooked\n%s\nand live there was\n%s\nthe log:\n%s", args, code, again.out, l.out, again.errs)
		}
		out := l.t.TempDir()
		if code := start(l.t, "linecook", append(args, "--out", out)...).exit(); code != 0 {
			l.t.Errorf("linecook %q --out: exit code %d", args, code)
		}
		if files = append(files, readAll(l.t, out)); !maps.Equal(files[0], files[len(files)-1]) {
			l.t.Errorf("linecook %q makes the files\n%v\nand with one worker\n%v", args, files[len(files)-1], files[0])
		}
	}
}

// TestAKilledRecorderLeavesATake kills the recorder once what arrived is in the file.
func TestAKilledRecorderLeavesATake(t *testing.T) {
	file := writePatch(t, udpIn)
	take := filepath.Join(t.TempDir(), "take.mcap")
	l := cookFile(t, file, "--record", take)
	write(t, dial(t, "udp", l.addr("/in")), "hello")
	row := l.out.any()
	for {
		export := start(t, "linecook", "take", "export", take)
		if code := export.exit(); code != 0 {
			t.Fatalf("linecook take export while it is recorded: exit code %d: %s", code, export.errs)
		}
		if strings.Contains(export.out.String(), `"event":"message"`) {
			break
		}
	}
	l.signal(os.Kill)
	l.exit()
	again := start(t, "linecook", "cook", file, "--take", take, "--log-format", "text")
	if code := again.exit(); code != 0 || again.out.String() != row {
		t.Errorf("linecook cook: exit code %d, rows %s, want %s", code, again.out, row)
	}
	if log := again.errs.String(); strings.Count(log, "level=WARN") != 1 || !strings.Contains(log, "the take has no end") {
		t.Errorf("the log says\n%s\nwant one warning, that the take has no end", log)
	}
}

// TestPeersOfATake records a server that answers and closes, and what its callbacks say of the peers.
func TestPeersOfATake(t *testing.T) {
	patch := `linecook: v1
timeline: {mode: arrival}
nodes:
  server:
    tcpip: {mode: server, port: 0, peer: true}
    callbacks: |
      def onConnect(dat, peer):
          peer.send('welcome', terminator='\n')
      def onReceive(dat, rowIndex, message, bytes, peer):
          peer.send(message + ' to ' + peer.address, terminator='\n')
          if message == 'bye':
              peer.close()
      def onClose(dat, peer):
          dat.send('one has left', terminator='\n')
`
	l := recorded(t, writePatch(t, patch), "--print", "server")
	addr := l.addr("/server")
	first, second := dial(t, "tcp", addr), dial(t, "tcp", addr)
	wantRead(t, first, "welcome\n")
	wantRead(t, second, "welcome\n")
	write(t, first, "hello\nbye\n")
	wantRead(t, first, "hello to 127.0.0.1\nbye to 127.0.0.1\n")
	wantRead(t, second, "one has left\n")
	l.stop()
}

// TestATakeHasWhatWasSeenOutside records cooks that see how other nodes are, a file that changes, the name of a
// host, a socket that cannot be opened, and a queue without room.
func TestATakeHasWhatWasSeenOutside(t *testing.T) {
	patch := `linecook: v1
nodes:
  server:
    tcpip: {mode: server, port: 0}
    callbacks: |
      def onReceive(dat, rowIndex, message, bytes, peer):
          peer.send(peer.hostname, terminator='\n')
          for i in range(int(message)):
              peer.send('x' * 1000)
  cues:
    table: {file: cues.csv}
  stats:
    info: {interval: 0.05, times: on}
  who:
    peers: {interval: 0.05}
  wrong:
    errors:
  shut:
    udpout: {port: 9, localaddress: 192.0.2.1}
    in: cues
`
	file := writePatch(t, patch)
	cues := filepath.Join(filepath.Dir(file), "cues.csv")
	writeCues := func(text string) {
		if err := os.WriteFile(cues, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	writeCues("cue\nfirst\n")
	l := recorded(t, file, "--print", "cues", "--print", "stats", "--print", "who", "--print", "wrong")
	conn := dial(t, "tcp", l.addr("/server"))
	for range 10 { // nobody reads the answers: the queue has less and less room
		write(t, conn, "1100\n")
		l.out.next("an error of a send", func(line string) bool { return strings.Contains(line, "send queue is full") })
	}
	writeCues("cue\nsecond\n")
	l.out.next("the file's new row", func(line string) bool { return strings.Contains(line, `"second"`) })
	l.out.next("rows of the peers", func(line string) bool { return strings.Contains(line, `"node":"/who"`) })
	writeCues("cue\nthird\n")
	l.stop()
}
