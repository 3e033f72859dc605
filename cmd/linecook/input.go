package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
)

// maxLine is how long a line of standard input may be, in bytes.
const maxLine = 64 << 20

// An input is standard input as messages.
type input struct {
	message func(line []byte) message // nil is returned for a line that is none
	split   bufio.SplitFunc

	r    io.Reader
	errs io.Writer // for mistakes
}

// send sends a message a line. Mistakes are printed, and the last one returned.
func (in input) send(ctx context.Context, s *sender) (wrong error) {
	lines, failed := in.lines(ctx)
	for n := 1; ; n++ {
		var line []byte
		var more bool
		select {
		case line, more = <-lines:
		case <-ctx.Done():
			return ctx.Err()
		}
		if !more {
			return errors.Join(wrong, <-failed)
		}
		m := in.message(line)
		if m == nil {
			continue
		}
		err := s.send(ctx, m)
		if _, ok := errors.AsType[mistake](err); ok {
			fmt.Fprintf(in.errs, "line %d: %v\n", n, err)
			wrong = mistake{nil} // it was printed
		} else if err != nil {
			return err
		}
	}
}

// lines reads in the background: nothing can end a read of a terminal. After the last line comes why.
func (in input) lines(ctx context.Context) (<-chan []byte, <-chan error) {
	lines, failed := make(chan []byte), make(chan error, 1)
	go func() { // until the input or the program ends
		defer close(lines)
		sc := bufio.NewScanner(in.r)
		sc.Buffer(nil, maxLine)
		sc.Split(in.split)
		for sc.Scan() {
			select {
			case lines <- append([]byte{}, sc.Bytes()...):
			case <-ctx.Done():
				return
			}
		}
		failed <- sc.Err()
	}()
	return lines, failed
}

// scanAll makes of whatever was read at once a message.
func scanAll(data []byte, _ bool) (int, []byte, error) {
	if len(data) == 0 {
		return 0, nil, nil
	}
	return len(data), data, nil
}
