//go:build linux

package main

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

//go:embed ends
var ends embed.FS

// oscJS is the package of npm.
const oscJS = "osc@2.4.5"

// A flood is what the sender does: as many messages a second, 0 for all that go, each a datagram, of
// which so many are one message to the kernel.
type flood struct {
	name           string
	rate, segments int

	// waiting is how many messages are sent while the receiver is stopped, each time; 0 if it goes on.
	// So it reads full batches, and is never woken for less.
	waiting int
}

var floods = []flood{
	{"200,000 a second", 200_000, 1, 0},
	{"all that sendmmsg sends", 0, 1, 0},
	{"all that UDP_SEGMENT sends", 0, 64, 0},
	{"8,192 that wait", 0, 1, 8192},
}

// unlimited is a number of messages that no flood reaches.
const unlimited = 1 << 40

// A receiver is a program that receives.
type receiver struct {
	name  string
	build func(ctx context.Context, l *lab) (command []string, err error)
}

var receivers = []receiver{
	{bare, compiled("bare")},
	{joined, func(ctx context.Context, l *lab) ([]string, error) {
		command, err := compiled("bare")(ctx, l)
		return append(command, "join"), err
	}},
	{ours, self("frames")},
	{arrival, self("arrival")},
	{"liblo", compiled("liblo", "-llo")},
	{"osc.js", func(ctx context.Context, l *lab) ([]string, error) {
		err := l.run(ctx, "npm", "install", "--no-audit", "--no-fund", "--omit=optional", "--prefix", l.path("ends"), oscJS)
		return []string{"node", l.path("ends/osc.js")}, err
	}},
}

func self(args ...string) func(context.Context, *lab) ([]string, error) {
	return func(context.Context, *lab) ([]string, error) {
		program, err := os.Executable()
		return append([]string{program}, args...), err
	}
}

// compiled builds a C program from its source.
func compiled(name string, libraries ...string) func(context.Context, *lab) ([]string, error) {
	return func(ctx context.Context, l *lab) ([]string, error) {
		args := []string{"-O2", "-Wall", "-pthread", "-o", l.path(name), l.path("ends/" + name + ".c")}
		return []string{l.path(name)}, l.run(ctx, "cc", append(args, libraries...)...)
	}
}

// A lab has the programs, in a temporary folder.
type lab struct {
	dir      string
	pin      bool
	flood    []string
	commands map[string][]string // by name of the receiver
}

// newLab builds what is wanted. A rival that cannot be built is not measured.
func newLab(ctx context.Context, wanted func(receiver) bool, pin bool, log io.Writer) (*lab, error) {
	dir, err := os.MkdirTemp("", "rivals")
	if err != nil {
		return nil, err
	}
	l := &lab{dir: dir, pin: pin, commands: map[string][]string{}}
	if err = os.CopyFS(dir, ends); err == nil {
		l.flood, err = compiled("flood")(ctx, l)
	}
	if err != nil {
		return nil, errors.Join(err, l.close())
	}
	for _, r := range receivers {
		if !wanted(r) {
			continue
		}
		if l.commands[r.name], err = r.build(ctx, l); err != nil {
			fmt.Fprintf(log, "%s is not measured: %v\n", r.name, err)
			delete(l.commands, r.name)
		}
	}
	return l, nil
}

func (l *lab) path(name string) string { return filepath.Join(l.dir, name) }

func (l *lab) close() error { return os.RemoveAll(l.dir) }

func (l *lab) run(ctx context.Context, name string, args ...string) error {
	if out, err := exec.CommandContext(ctx, name, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", name, err, out)
	}
	return nil
}

// onCore has a command run on one core, if the lab does so.
func (l *lab) onCore(core int, command ...string) []string {
	if !l.pin {
		return command
	}
	return append([]string{"taskset", "-c", strconv.Itoa(core)}, command...)
}

// measure floods a receiver, and adds to s what it got.
func (l *lab) measure(ctx context.Context, f flood, to receiver, seconds float64, s series) error {
	p, err := start(ctx, l.onCore(1, l.commands[to.name]...))
	if err != nil {
		return err
	}
	defer p.kill()
	before, err := p.ask()
	if err != nil {
		return err
	}
	var sent, took float64
	for begin := time.Now(); took == 0 || f.waiting > 0 && time.Since(begin).Seconds() < seconds; {
		n, t, err := l.send(ctx, f, p, seconds)
		if err != nil {
			return err
		}
		sent, took = sent+n, took+t
		if err := p.emptied(); err != nil {
			return err
		}
	}
	after, err := p.drained(before.messages + sent)
	if err != nil {
		return err
	}
	got := after.messages - before.messages
	name := pair(f, to)
	s.add(name+", sent", sent/took)
	s.add(name+", share", 100*got/sent)
	s.add(name+", CPU", 1e9*(after.cpu-before.cpu)/got)
	return nil
}

// send floods a receiver once, and returns how many messages went out and how many seconds that took.
func (l *lab) send(ctx context.Context, f flood, to *process, seconds float64) (sent, took float64, err error) {
	count := unlimited
	if f.waiting > 0 {
		if err := to.stop(); err != nil {
			return 0, 0, err
		}
		defer to.goOn()
		count = f.waiting
	}
	command := l.onCore(0, l.flood[0], strconv.Itoa(to.port), fmt.Sprint(seconds), strconv.Itoa(count), strconv.Itoa(f.rate), strconv.Itoa(f.segments))
	out, err := exec.CommandContext(ctx, command[0], command[1:]...).CombinedOutput()
	if err != nil {
		return 0, 0, fmt.Errorf("%w: %s", err, strings.TrimSpace(string(out)))
	}
	_, err = fmt.Sscanf(string(out), "sent %g %g", &sent, &took)
	return sent, took, err
}
