package interop

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	_ "embed"
)

//go:embed testdata/peer.cpp
var source string

// Build compiles the end of the reference library into dir, and returns the path of the program.
func Build(ctx context.Context, dir string) (path string, err error) {
	path = filepath.Join(dir, "udtpeer")
	c := exec.CommandContext(ctx, "g++", "-O2", "-x", "c++", "-o", path, "-", "-ludt", "-lpthread")
	c.Stdin = strings.NewReader(source)
	if out, err := c.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the reference library's end, which needs libudt-dev and g++: %w\n%s", err, out)
	}
	return path, nil
}

// A Process is an end that runs. One goroutine may use it.
type Process struct {
	command *exec.Cmd
	input   io.Closer
	told    io.Writer
	lines   *bufio.Scanner
	errors  strings.Builder
	address string
}

// Start runs a program as an end, which is killed when ctx is done, and waits until it is bound.
func Start(ctx context.Context, path string, t Task) (*Process, error) {
	p := &Process{command: exec.CommandContext(ctx, path, t.args()...)}
	out, err := p.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	in, err := p.command.StdinPipe()
	if err != nil {
		return nil, err
	}
	p.input, p.told, p.lines = in, in, bufio.NewScanner(out)
	p.command.Stderr = &p.errors
	p.command.Env = append(os.Environ(), isEnd+"=1")
	if err := p.command.Start(); err != nil {
		return nil, err
	}
	port, err := p.Line("port")
	if err != nil {
		return nil, err
	}
	p.address = net.JoinHostPort(t.IP, port)
	return p, nil
}

// Address returns where the end is bound.
func (p *Process) Address() string { return p.address }

// Line waits for a line of the given name and returns what follows in it.
func (p *Process) Line(name string) (string, error) {
	for p.lines.Scan() {
		if rest, ok := strings.CutPrefix(p.lines.Text(), name+" "); ok {
			return rest, nil
		}
	}
	return "", fmt.Errorf("an end is over before it said %q: %w", name, p.Wait())
}

// Numbers waits for a line of the given name and returns the numbers in it.
func (p *Process) Numbers(name string) (numbers []float64, err error) {
	line, err := p.Line(name)
	for word := range strings.FieldsSeq(line) {
		var n float64
		if n, err = strconv.ParseFloat(word, 64); err != nil {
			return nil, err
		}
		numbers = append(numbers, n)
	}
	return numbers, err
}

// Tell writes a line to the end.
func (p *Process) Tell() error {
	_, err := io.WriteString(p.told, "\n")
	return err
}

// Kill ends the process as nothing that it can see coming, unless it is over, and waits until it is.
func (p *Process) Kill() {
	_ = p.command.Process.Kill()
	_ = p.Wait()
}

// Wait closes the end's standard input and waits for it to be over. The error has what it complained of.
func (p *Process) Wait() error {
	p.input.Close()
	for p.lines.Scan() {
	}
	if err := p.command.Wait(); err != nil {
		return fmt.Errorf("%w: %s", err, strings.TrimSpace(p.errors.String()))
	}
	return nil
}

// CPU returns what the process has used, after Wait.
func (p *Process) CPU() time.Duration {
	return p.command.ProcessState.UserTime() + p.command.ProcessState.SystemTime()
}
