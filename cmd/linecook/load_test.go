package main_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

var (
	loadTime = flag.Duration("load", 2*time.Second, "how long TestLoad sends")
	loadRate = flag.Int("loadrate", 2000, "messages a second that TestLoad sends")
)

// TestLoad gives the example show.yaml real traffic: half of it readings of sensors, some of which are
// alarms that are answered, half of it faders. What went in must come out: every reading in the CSV
// file, every move in the JSON Lines file, and every alarm in its file and at the sensor that caused it.
// It takes seconds; at full load:
//
//	go test -v -run TestLoad -timeout 0 ./cmd/linecook -load 10m -loadrate 20000
func TestLoad(t *testing.T) {
	l := startLoad(t)
	ctx, cancel := context.WithTimeout(t.Context(), *loadTime)
	defer cancel()
	var wg sync.WaitGroup
	wg.Go(func() { l.pace(ctx, &l.readings, l.read) })
	wg.Go(func() { l.pace(ctx, &l.moves, l.move) })
	tick := time.NewTicker(min(time.Minute, *loadTime))
	defer tick.Stop()
	for ctx.Err() == nil {
		select {
		case <-tick.C:
			l.report()
		case <-ctx.Done():
		}
	}
	wg.Wait()
	l.drained()
	l.report()
	l.stop()
	l.judge()
}

// loadSensors are the sensors that show.yaml knows, and above what they are alarms.
var loadSensors = []struct {
	name string
	top  float64
}{
	{"temp1", 45}, {"temp2", 45}, {"temp3", 45}, {"temp4", 60}, {"smoke1", 30}, {"smoke2", 30}, {"load1", 500}, {"load2", 500},
}

// alarmEvery is how many readings of a sensor have one alarm.
const alarmEvery = 100

// A load is show.yaml at work, and what went in and came out.
type load struct {
	live
	began, looked                     time.Time
	used                              time.Duration // of a processor, when looked at
	sensors                           []net.Conn
	desk                              net.Conn
	readings, moves, alarms, answered atomic.Int64
	readingRows, moveRows, alarmRows  tail
}

func startLoad(t *testing.T) *load {
	t.Helper()
	l, dir := &load{began: time.Now()}, t.TempDir()
	args := []string{"--set", "sensors.port=0", "--set", "desk.port=0", "--set", "out.port=" + portOf(listenUDP(t))}
	for node, file := range map[string]*tail{"readings_file": &l.readingRows, "alarms_file": &l.alarmRows, "moves_file": &l.moveRows, "rates_file": {}} {
		file.name = filepath.Join(dir, node)
		args = append(args, "--set", node+".file="+file.name)
	}
	l.live = cookFile(t, "../../patches/examples/show.yaml", args...)
	addr := l.addr("/sensors")
	for range loadSensors {
		l.sensors = append(l.sensors, loadConn(t, addr))
	}
	l.desk = loadConn(t, l.addr("/desk"))
	l.ready()
	l.busy()
	for _, c := range l.sensors {
		go l.hear(c)
	}
	return l
}

func loadConn(t *testing.T, addr string) net.Conn {
	t.Helper()
	conn := dial(t, "udp", addr)
	if err := conn.SetDeadline(time.Time{}); err != nil {
		t.Fatal(err)
	}
	return conn
}

// pace sends half of the messages, evenly spaced as far as a millisecond goes.
func (l *load) pace(ctx context.Context, sent *atomic.Int64, send func(i int64) error) {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for began := time.Now(); ctx.Err() == nil; <-tick.C {
		due := int64(time.Since(began).Seconds() * float64(*loadRate) / 2)
		for ; sent.Load() < due; sent.Add(1) {
			if err := send(sent.Load()); err != nil {
				l.t.Errorf("after %v: %v", time.Since(l.began), err)
				return
			}
		}
	}
}

// read sends the i-th reading.
func (l *load) read(i int64) error {
	n := i % int64(len(loadSensors))
	s, value := loadSensors[n], 0.5
	if i/int64(len(loadSensors))%alarmEvery == alarmEvery-1 {
		value = 1.5
		l.alarms.Add(1)
	}
	_, err := fmt.Fprintf(l.sensors[n], "%s %g", s.name, s.top*value)
	return err
}

// move sends the i-th move of a fader.
func (l *load) move(i int64) error {
	_, err := io.WriteString(l.desk, padded(fmt.Sprintf("/fader/%d", 1+i%4))+padded(",f")+"\x3f\x00\x00\x00")
	return err
}

// hear counts the answers to a sensor.
func (l *load) hear(c net.Conn) {
	b := make([]byte, 1500)
	for {
		n, err := c.Read(b)
		if err != nil {
			return // the test has ended
		}
		if strings.HasPrefix(string(b[:n]), "alarm ") {
			l.answered.Add(1)
		}
	}
}

// rows are what came out so far, by what went in.
func (l *load) rows() (readings, moves, alarms int64) {
	l.t.Helper()
	header := int64(1)
	return max(l.readingRows.lines(l.t)-header, 0), l.moveRows.lines(l.t), max(l.alarmRows.lines(l.t)-header, 0)
}

func (l *load) report() {
	l.t.Helper()
	readings, moves, alarms := l.rows()
	l.t.Logf("%8s  cpu %5.1f %%  rss %6.1f MiB  readings %d, written %d  moves %d, written %d  alarms %d, written %d, answered %d  dropped by the kernel %d",
		time.Since(l.began).Round(time.Second), l.busy(), float64(l.rss())/(1<<20), l.readings.Load(), readings,
		l.moves.Load(), moves, l.alarms.Load(), alarms, l.answered.Load(), l.drops())
}

// busy returns how many percent of a processor were used since it was called last.
func (l *load) busy() (percent float64) {
	l.t.Helper()
	now, used := time.Now(), l.cpu()
	percent = 100 * (used - l.used).Seconds() / now.Sub(l.looked).Seconds()
	l.looked, l.used = now, used
	return percent
}

// drops returns how many datagrams the kernel had no room for at the two sockets (proc_net(5)).
func (l *load) drops() (n uint64) {
	l.t.Helper()
	for line := range strings.Lines(l.proc("net/udp")) {
		fields := strings.Fields(line)
		for _, conn := range []net.Conn{l.desk, l.sensors[0]} {
			port := fmt.Sprintf(":%04X", conn.RemoteAddr().(*net.UDPAddr).Port)
			if !strings.HasSuffix(fields[1], port) {
				continue
			}
			count, err := strconv.ParseUint(fields[len(fields)-1], 10, 64)
			if err != nil {
				l.t.Fatalf("/proc/net/udp: %v", err)
			}
			n += count
		}
	}
	return n
}

// all reports whether everything that went in has come out.
func (l *load) all() bool {
	l.t.Helper()
	readings, moves, alarms := l.rows()
	return readings == l.readings.Load() && moves == l.moves.Load() && alarms == l.alarms.Load() && l.answered.Load() == alarms
}

// drained waits until all has come out.
func (l *load) drained() {
	l.t.Helper()
	for late := time.After(patience); !l.all(); {
		select {
		case <-late:
			l.t.Errorf("%v after the last message not all has come out", patience)
			return
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// judge says what the log has about the end, and fails if it has losses or errors.
func (l *load) judge() {
	l.t.Helper()
	for line := range strings.Lines(l.errs.String()) {
		switch {
		case strings.Contains(line, `"msg":"lost"`), strings.Contains(line, `"msg":"fault"`):
			l.t.Errorf("the log says %s", line)
		case strings.Contains(line, `"msg":"ended"`):
			l.t.Log(strings.TrimSpace(line))
		}
	}
}

// A tail counts the lines of a file that grows.
type tail struct {
	name string
	at   int64 // bytes that were looked at
	n    int64
}

func (f *tail) lines(t *testing.T) int64 {
	t.Helper()
	file, err := os.Open(f.name)
	if errors.Is(err, fs.ErrNotExist) {
		return 0 // no row yet
	}
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := file.Seek(f.at, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	for b := make([]byte, 1<<20); ; {
		n, err := file.Read(b)
		f.at += int64(n)
		f.n += int64(bytes.Count(b[:n], []byte("\n")))
		if err == io.EOF {
			return f.n
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}
