package main_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// exercises does with each example patch what its comment tells the user to do, on free ports.
var exercises = map[string]func(t *testing.T, file string){
	"echo.yaml": tryEcho, "hello.yaml": tryHello, "http.yaml": tryHTTP, "multicast.yaml": tryMulticast, "nested.yaml": tryNested,
	"relay.yaml": tryRelay, "reply.yaml": tryReply, "router.yaml": tryRouter, "sensors.yaml": trySensors,
	"show.yaml":            tryShow,
	"udt_osc_receive.yaml": tryOSCByUDT, "udt_osc_send.yaml": tryOSCByUDT, "udt_table.yaml": tryUDTTable,
}

func TestExamples(t *testing.T) {
	files, err := filepath.Glob("../../patches/examples/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.yaml") {
			continue
		}
		t.Run(filepath.Base(file), func(t *testing.T) {
			check := start(t, "linecook", "check", file)
			if code := check.exit(); code != 0 {
				t.Errorf("linecook check %s: exit code %d:\n%s", file, code, check.errs)
			}
			test := start(t, "linecook", "test", file)
			if code := test.exit(); code != 0 {
				t.Errorf("linecook test %s: exit code %d:\n%s%s", file, code, test.out, test.errs)
			}
			try := exercises[filepath.Base(file)]
			if try == nil {
				t.Fatalf("nothing exercises %s", file)
			}
			try(t, file)
		})
	}
}

func tryHello(t *testing.T, file string) {
	port := freePort(t)
	l := recorded(t, file, "--set", "send.port="+port, "--set", "faders.port="+port)
	l.wantRows(
		`{"node":"/loud","row":0,"cells":{"address":"/fader/kick","arg1":0.9}}`,
		`{"node":"/loud","row":1,"cells":{"address":"/fader/snare","arg1":0.7}}`,
	)
	l.stop()
}

func tryEcho(t *testing.T, file string) {
	l := recorded(t, file, "--set", "echo.port=0")
	conn := dial(t, "tcp", l.addr("/echo"))
	write(t, conn, "hello\nworld\r\n")
	wantRead(t, conn, "hello\nworld\n")
	l.stop()
}

func tryHTTP(t *testing.T, file string) {
	l := recorded(t, file, "--set", "web.port=0")
	client := http.Client{Timeout: patience}
	resp, err := client.Get("http://" + l.addr("/web") + "/")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	page, err := io.ReadAll(resp.Body)
	if got, want := string(page), "hello from linecook\n"; resp.StatusCode != http.StatusOK || err != nil || got != want {
		t.Errorf("GET /: %s, %v, page %q, want 200 and %q", resp.Status, err, got, want)
	}
	l.stop()
}

func tryReply(t *testing.T, file string) {
	l := recorded(t, file, "--set", "desk.port=0")
	conn := dial(t, "udp", l.addr("/desk"))
	write(t, conn, padded("/ping")+padded(",i")+"\x00\x00\x00\x01")
	wantRead(t, conn, padded("/ack")+padded(",s")+padded("/ping"))
	l.stop()
}

func tryRouter(t *testing.T, file string) {
	to := listenUDP(t)
	l := recorded(t, file, "--set", "faders.port=0", "--set", "out.port="+portOf(to), "--print", "loud")
	port := l.port("/faders")
	oscsend(t, port, "/fader/1", "f", "0.25")
	oscsend(t, port, "/other/1", "f", "0.75")
	oscsend(t, port, "/fader/2", "f", "0.75")
	l.wantRows(`{"node":"/loud","row":0,"cells":{"address":"/fader/2","arg1":0.75}}`)
	wantDatagram(t, to, padded("/fader/2")+padded(",f")+"\x3f\x40\x00\x00")
	l.stop()
}

func tryNested(t *testing.T, file string) {
	to := listenUDP(t)
	l := recorded(t, file, "--set", "desk.port=0", "--set", "out.port="+portOf(to), "--param", "floor=0.2", "--print", "left", "--print", "right")
	port := l.port("/desk")
	oscsend(t, port, "/left/1", "f", "0.25")
	oscsend(t, port, "/right/1", "f", "0.25")
	oscsend(t, port, "/right/2", "f", "0.75")
	l.wantRows(
		`{"node":"/left","row":0,"cells":{"address":"/left/1","arg1":0.25}}`,
		`{"node":"/right","row":0,"cells":{"address":"/right/2","arg1":0.75}}`,
	)
	wantDatagram(t, to, padded("/left/1")+padded(",f")+"\x3e\x80\x00\x00")
	l.stop()
}

func tryRelay(t *testing.T, file string) {
	left, right := listenUDP(t), listenUDP(t)
	l := recorded(t, file, "--set", "last.port=0", "--set", "left.port="+portOf(left), "--set", "right.port="+portOf(right))
	write(t, dial(t, "udp", l.addr("/last")), "hello")
	wantDatagram(t, left, "hello")
	wantDatagram(t, right, "hello")
	l.stop()
}

func trySensors(t *testing.T, file string) {
	out := filepath.Join(t.TempDir(), "sensors.csv")
	l := recorded(t, file, "--set", "sensors.port=0", "--set", "log.file="+out, "--print", "sensors")
	port := l.port("/sensors")
	for _, lines := range []string{"temperature 21.5\nhumidity 40\n", "light, left 7"} {
		socat := startFed(t, lines, "socat", "-u", "-", "udp:127.0.0.1:"+port)
		if code := socat.exit(); code != 0 {
			t.Fatalf("socat: exit code %d: %s", code, socat.errs)
		}
	}
	for range 3 {
		l.out.any()
	}
	l.stop()
	wantFile(t, out, `message,time
temperature 21\.5,\d+\.\d+
humidity 40,\d+\.\d+
"light, left 7",\d+\.\d+
`)
}

// wantFile compares a file with a regular expression.
func wantFile(t *testing.T, file, want string) {
	t.Helper()
	got, err := os.ReadFile(file)
	if err != nil || !regexp.MustCompile("^"+want+"$").Match(got) {
		t.Errorf("%s (%v) is\n%s\nwant\n%s", file, err, got, want)
	}
}

func tryMulticast(t *testing.T, file string) {
	l := recorded(t, file, "--set", "group.port=0", "--set", "group.localaddress=127.0.0.1", "--print", "group")
	_, port, err := net.SplitHostPort(l.addr("/group"))
	if err != nil {
		t.Fatal(err)
	}
	conn := multicaster(t)
	group, err := net.ResolveUDPAddr("udp4", "239.255.0.1:"+port)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.WriteTo([]byte(padded("/who")+padded(",")), group); err != nil {
		t.Fatal(err)
	}
	l.wantRows(`{"node":"/group","row":0,"cells":{"address":"/who"}}`)
	wantDatagram(t, conn, padded("/here")+padded(",s")+padded("linecook"))
	l.stop()
}

// tryOSCByUDT has two patches talk.
func tryOSCByUDT(t *testing.T, file string) {
	dir := filepath.Dir(file)
	receiver := recorded(t, filepath.Join(dir, "udt_osc_receive.yaml"), "--set", "link.port=0", "--print", "faders")
	sender := recorded(t, filepath.Join(dir, "udt_osc_send.yaml"), "--set", "desk.port=0", "--set", "link.port="+receiver.port("/link"))
	port := sender.port("/desk")
	oscsend(t, port, "/fader/1", "f", "0.25")
	oscsend(t, port, "/other", "i", "1")
	oscsend(t, port, "/fader/2", "s", "up")
	receiver.wantRows(
		`{"node":"/faders","row":0,"cells":{"address":"/fader/1","arg1":0.25}}`,
		`{"node":"/faders","row":1,"cells":{"address":"/fader/2","arg1":"up"}}`,
	)
	sender.stop()
	receiver.errs.next("record of the end", func(line string) bool { return strings.Contains(line, `"gone 127.0.0.1 None"`) })
	receiver.stop()
}

// tryUDTTable has the rows go through a relay that loses every fifth packet.
func tryUDTTable(t *testing.T, file string) {
	out, port := filepath.Join(t.TempDir(), "cues.csv"), freePort(t)
	r := newLossy(t, "127.0.0.1:"+port, 0.2)
	t.Cleanup(r.close)
	_, through, _ := net.SplitHostPort(r.addr())
	l := recorded(t, file, "--set", "send.port="+through, "--set", "receive.port="+port, "--set", "log.file="+out, "--print", "send")
	cues := []string{"house to half", "blackout", "moon rises", "moon sets", "bows"}
	for i, cue := range cues {
		l.wantRows(fmt.Sprintf(`{"node":"/send","row":%d,"cells":{"message":"got %s"}}`, i, cue))
	}
	l.stop()
	wantFile(t, out, "message\n"+strings.Join(cues, "\n")+"\n")
}

func tryShow(t *testing.T, file string) {
	dir, meters := t.TempDir(), listenUDP(t)
	args := []string{"--set", "sensors.port=0", "--set", "desk.port=0", "--set", "out.port=" + portOf(meters), "--print", "named", "--print", "moves"}
	for _, node := range []string{"readings", "alarms", "rates", "moves"} {
		args = append(args, "--set", node+"_file.file="+filepath.Join(dir, node))
	}
	l := recorded(t, file, args...)
	sensor := dial(t, "udp", l.addr("/sensors"))
	desk := l.port("/desk")
	write(t, sensor, "temp1 21.5")
	l.out.any()
	wantDatagram(t, meters, padded("/meter/temp1")+padded(",d")+"\x40\x35\x80\x00\x00\x00\x00\x00")
	write(t, sensor, "temp1 48\ntemp1 49")
	wantRead(t, sensor, "alarm temp1 48\n")
	oscsend(t, desk, "/fader/3", "f", "0.5")
	for range 3 {
		l.out.any()
	}
	l.stop()
	wantFile(t, filepath.Join(dir, "readings"), `time,sensor,name,value
\d+\.\d+,temp1,dimmer room,21\.5
\d+\.\d+,temp1,dimmer room,48
\d+\.\d+,temp1,dimmer room,49
`)
	wantFile(t, filepath.Join(dir, "alarms"), `time,sensor,name,value,peer
\d+\.\d+,temp1,dimmer room,48,127\.0\.0\.1:\d+
`)
	wantFile(t, filepath.Join(dir, "rates"), `\{"name":"dimmer room","rate":0\.2,"level":21\.5,"peak":21\.5\}
`)
	wantFile(t, filepath.Join(dir, "moves"), `\{"time":\d+\.\d+,"address":"/fader/3","strip":"cyclorama","arg1":0\.5\}\n`)
}
