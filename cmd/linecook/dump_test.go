package main_test

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"
)

// dump starts linecook dump, and returns it and where it listens.
func dump(t *testing.T, args ...string) (d live, host, port string) {
	t.Helper()
	d = live{start(t, "linecook", append([]string{"dump"}, args...)...)}
	addr := d.log("listening", "")["addr"].(string)
	i := strings.LastIndexByte(addr, ':')
	return d, strings.Trim(addr[:i], "[]"), addr[i+1:]
}

// run runs a program that is to end with that exit code, and returns it.
func run(t *testing.T, code int, program string, args ...string) *process {
	t.Helper()
	p := start(t, program, args...)
	if got := p.exit(); got != code {
		t.Fatalf("%s %q ended with %d, want %d; its standard error was:\n%s", program, args, got, code, p.errs)
	}
	return p
}

var timeAndPeer = regexp.MustCompile(`^\d\d:\d\d:\d\d\.\d{6} (127\.0\.0\.1|\[::1\]):\d+ `)

// wantLines compares the lines that come next, without their time and peer, which must be there.
func (l live) wantLines(want ...string) {
	l.t.Helper()
	for _, w := range want {
		line := l.out.any()
		head := timeAndPeer.FindString(line)
		if got := line[len(head):]; head == "" || got != w {
			l.t.Errorf("printed line:\n got %s\nwant a time, a peer and %s", line, w)
		}
	}
}

// libloTypes are all types that liblo's tools know.
var libloTypes = []string{"/all", "ihfdsScmTFNI", "-7", "9223372036854775807", "0.1", "0.25", `é "q"`, "sym", "x", "01903c7f"}

const libloTypesText = `/all ihfdsScmTFNI -7 9223372036854775807 0.1 0.25 "é \"q\"" "sym" "x" 01903c7f`

func TestDumpWhatLibloSends(t *testing.T) {
	for _, protocol := range []string{"udp", "tcp"} {
		t.Run(protocol, func(t *testing.T) {
			d, host, port := dump(t, "osc", "--protocol", protocol, "--count", "2", "0")
			url := fmt.Sprintf("osc.%s://%s:%s", protocol, host, port)
			run(t, 0, "oscsend", append([]string{url}, libloTypes...)...)
			d.wantLines(libloTypesText)
			run(t, 0, "oscsend", url, "/end")
			d.wantLines("/end")
			if code := d.exit(); code != 0 {
				t.Errorf("dump --count 2 ended with %d after 2 messages: %s", code, d.errs)
			}
		})
	}
}

func TestLibloDumpsWhatIsSent(t *testing.T) {
	want := `/all ihfdsScmTFNI -7 9223372036854775807 0.100000 0.250000 "é "q"" 'sym 'x' MIDI [0x01 0x90 0x3c 0x7f] #T #F Nil Infinitum`
	port := freePort(t)
	dumped := start(t, "oscdump", "-L", port)
	knock(t, dumped.out, port)
	run(t, 0, "linecook", append([]string{"send", "osc", "127.0.0.1", port}, libloTypes...)...)
	dumped.out.next("the message of all types", func(line string) bool { return strings.HasSuffix(line, want) })
	run(t, 0, "linecook", "send", "osc", "--bundle", "now", "127.0.0.1", port, "/b", "1", "--", "/c", "x")
	dumped.out.next("/b", func(line string) bool { return strings.HasSuffix(line, " /b i 1") })
	dumped.out.next("/c", func(line string) bool { return strings.HasSuffix(line, ` /c s "x"`) })
}

// TestLibloDumpsWhatIsSentByTCP sends in both framings; liblo finds out which it is.
func TestLibloDumpsWhatIsSentByTCP(t *testing.T) {
	for _, framing := range []string{"size", "slip"} {
		t.Run(framing, func(t *testing.T) {
			_, port, free := freeTCP(t)
			free()
			dumped := start(t, "oscdump", "-L", "osc.tcp://:"+port)
			for sent := false; !sent; { // it does not say when it listens
				p := start(t, "linecook", "send", "osc", "--protocol", "tcp", "--framing", framing, "127.0.0.1", port, "/a", "is", "1", "x")
				sent = p.exit() == 0
			}
			dumped.out.next("/a", func(line string) bool { return strings.HasSuffix(line, ` /a is 1 "x"`) })
		})
	}
}

// freeTCP takes a TCP port until free is called.
func freeTCP(t *testing.T) (host, port string, free func()) {
	port, free = occupy(t, "tcp")
	return "127.0.0.1", port, free
}

// TestDumpIsSentAgain prints as JSON every type and bundle there is, has that sent, and prints the
// same once more.
func TestDumpIsSentAgain(t *testing.T) {
	lines := strings.Join([]string{
		`/all [i[h]]fdsScbmrtTFNI 1 2 0.5 0.25 a b c 00ff 01903c7f ff800010 immediately`,
		`@2026-01-02T03:04:05.5Z /due ,s hit`,
	}, "\n")
	first, host, port := dump(t, "osc", "--json", "--count", "2", "0")
	startFed(t, lines, "linecook", "send", "osc", host, port)
	if code := first.exit(); code != 0 {
		t.Fatalf("dump ended with %d: %s", code, first.errs)
	}
	second, host, port := dump(t, "osc", "--json", "--protocol", "tcp", "--count", "2", "0")
	startFed(t, first.out.String(), "linecook", "send", "osc", "--protocol", "tcp", "--framing", "slip", host, port)
	if code := second.exit(); code != 0 {
		t.Fatalf("dump ended with %d: %s", code, second.errs)
	}
	source := regexp.MustCompile(`"time":"[^"]+","peer":"[^"]+",`)
	got, want := source.ReplaceAllString(second.out.String(), ""), source.ReplaceAllString(first.out.String(), "")
	if got != want || !strings.Contains(want, `"args":[[1,[2]],0.5,`) {
		t.Errorf("what was dumped:\n%s\nis dumped after it was sent again:\n%s", want, got)
	}
}

func TestDumpBytes(t *testing.T) {
	forms := []struct{ flag, send, want string }{
		{"--hex", "00ff", "00ff"},
		{"--raw=false", "text \"q\"\n", `"text \"q\"\n"`},
	}
	for _, network := range []string{"udp", "tcp", "udt"} {
		for _, f := range forms {
			t.Run(network+f.flag, func(t *testing.T) {
				d, host, port := dump(t, network, f.flag, "--count", "1", "0")
				run(t, 0, "linecook", "send", network, f.flag, "--terminator", "", host, port, f.send)
				d.wantLines(f.want)
				if code := d.exit(); code != 0 {
					t.Errorf("dump ended with %d: %s", code, d.errs)
				}
			})
		}
	}
}

// TestDumpEndsWell ends with 0 at SIGINT, whatever it listens to.
func TestDumpEndsWell(t *testing.T) {
	for _, args := range [][]string{{"osc", "0"}, {"tcp", "0"}, {"udt", "0"}} {
		d, host, port := dump(t, args...)
		if args[0] == "tcp" {
			write(t, dial(t, "tcp", host+":"+port), "hello")
			d.wantLines(`"hello"`)
		}
		began := time.Now()
		d.signal(os.Interrupt)
		if code := d.exit(); code != 0 || time.Since(began) > 2*time.Second {
			t.Errorf("dump %q ended with %d, %v after SIGINT, want 0 at once: %s", args, code, time.Since(began), d.errs)
		}
	}
}

// TestDumpMalformed says what is wrong with what it cannot print, and goes on.
func TestDumpMalformed(t *testing.T) {
	d, host, port := dump(t, "osc", "0")
	conn := dial(t, "udp", host+":"+port)
	write(t, conn, "hello\n")
	if record := d.log("malformed", ""); record["bytes"] != "68656c6c6f0a" || record["peer"] != conn.LocalAddr().String() {
		t.Errorf("record of a malformed packet: %v, want its peer and its bytes", record)
	}
	write(t, conn, padded("/ok")+padded(","))
	d.wantLines("/ok")
}

func TestDumpBusyPort(t *testing.T) {
	for network, proto := range map[string]string{"udp": "udp", "tcp": "tcp", "osc": "udp", "udt": "udp"} {
		port, _ := occupy(t, proto)
		p := run(t, 3, "linecook", "dump", network, port)
		p.errs.next("the port and what to do", func(line string) bool {
			return strings.Contains(line, "127.0.0.1:"+port) && strings.Contains(line, "choose another port")
		})
	}
}

func TestDumpConnects(t *testing.T) {
	server := startFed(t, "welcome\nagain\n", "socat", "-d", "-d", "-", "tcp-listen:0,bind=127.0.0.1")
	listening := server.errs.next("where it listens", func(line string) bool { return strings.Contains(line, "listening on") })
	port := listening[strings.LastIndexByte(listening, ':')+1:]
	d := live{start(t, "linecook", "dump", "tcp", "--connect", "--framing", "perline", "127.0.0.1", port)}
	d.wantLines(`"welcome"`, `"again"`)
	if code := d.exit(); code != 0 {
		t.Errorf("dump --connect ended with %d when the server had closed: %s", code, d.errs)
	}
}

// TestDumpMulticast joins a group by the loopback, and hears what is sent to it there.
func TestDumpMulticast(t *testing.T) {
	d, _, port := dump(t, "osc", "--localaddress", "127.0.0.1", "239.255.0.7", "0")
	run(t, 0, "linecook", "send", "osc", "--localaddress", "127.0.0.1", "239.255.0.7", port, "/cast", "1")
	d.wantLines("/cast i 1")
}
