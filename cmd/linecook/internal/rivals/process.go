//go:build linux

package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// A process receives messages until its standard input ends. It says where, and answers each line with
// what it has had.
type process struct {
	command *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Scanner
	port    int
	errors  strings.Builder
}

// A count is how many messages a process has had, and the seconds of processor time it has used.
type count struct{ messages, cpu float64 }

// When a process is taken to have had all that is to come.
const (
	askEvery = 20 * time.Millisecond
	silence  = 10 // answers in a row that are alike
)

func start(ctx context.Context, command []string) (*process, error) {
	p := &process{command: exec.CommandContext(ctx, command[0], command[1:]...)}
	p.command.Env = append(os.Environ(), isEnd+"=1")
	p.command.Stderr = &p.errors
	out, err := p.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if p.in, err = p.command.StdinPipe(); err != nil {
		return nil, err
	}
	p.out = bufio.NewScanner(out)
	if err := p.command.Start(); err != nil {
		return nil, err
	}
	if err := p.scan("port %d", &p.port); err != nil {
		p.kill()
		return nil, err
	}
	return p, nil
}

// scan reads the next line.
func (p *process) scan(format string, to ...any) error {
	if !p.out.Scan() {
		return fmt.Errorf("it has ended: %s", strings.TrimSpace(p.errors.String()))
	}
	_, err := fmt.Sscanf(p.out.Text(), format, to...)
	return err
}

func (p *process) ask() (c count, err error) {
	if _, err := io.WriteString(p.in, "\n"); err != nil {
		return c, err
	}
	err = p.scan("count %g %g", &c.messages, &c.cpu)
	return c, err
}

// emptied waits until nothing waits at the process's port. It does not disturb the process.
func (p *process) emptied() error {
	for {
		bytes, err := queued(p.port)
		if err != nil || bytes == 0 {
			return err
		}
		time.Sleep(askEvery)
	}
}

// drained returns what the process has had once that is as many messages, or nothing more comes.
func (p *process) drained(messages float64) (last count, err error) {
	for alike := 0; alike < silence; alike++ {
		next, err := p.ask()
		if err != nil || next.messages >= messages {
			return next, err
		}
		if next.messages > last.messages {
			alike = 0
		}
		last = next
		time.Sleep(askEvery)
	}
	return last, nil
}

// stop stops the process, until goOn.
func (p *process) stop() error { return p.command.Process.Signal(unix.SIGSTOP) }

func (p *process) goOn() { _ = p.command.Process.Signal(unix.SIGCONT) } // it ends if it cannot, and that is seen

func (p *process) kill() {
	p.in.Close()
	_ = p.command.Process.Kill()
	for p.out.Scan() {
	}
	_ = p.command.Wait() // it was killed
}
