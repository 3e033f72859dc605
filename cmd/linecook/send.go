package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

func newSend() *cobra.Command {
	cmd := &cobra.Command{
		Use: "send", Short: "Send by OSC, UDP, TCP or UDT",
		Long: `Send the messages of the command line, or the lines of standard input if it has none. What is
answered meanwhile goes to standard output.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newSendOSC(), newSendBytes("udp"), newSendBytes("tcp"), newSendBytes("udt"))
	return cmd
}

// sendOptions are the flags of the send commands.
type sendOptions struct {
	link
	listenFirst, meet bool
	form              form
	rate              float64 // messages a second; 0: no limit
	count             int     // times that the command line's messages are sent; 0: until a signal
	wait              time.Duration
}

func (o *sendOptions) flags(cmd *cobra.Command, network, framing string, framings []string) {
	o.network = network
	o.link.flags(cmd, network, framing, framings)
	o.form.flags(cmd)
	f := cmd.Flags()
	f.SetInterspersed(false) // what is behind HOST may begin with a minus
	if network != "udp" {
		f.BoolVar(&o.listenFirst, "listen", false, "listen at HOST PORT, and send to the first that connects")
	}
	if network == "udt" || network == "" {
		f.BoolVar(&o.meet, "rendezvous", false, "meet the other end, which does the same (udt)")
		cmd.MarkFlagsMutuallyExclusive("listen", "rendezvous")
	}
	f.Float64Var(&o.rate, "rate", 0, "send at most `N` messages a second")
	f.IntVar(&o.count, "count", 1, "send the messages `N` times; 0 is until SIGINT")
	f.DurationVar(&o.wait, "wait", 0, "wait so long for answers when all is sent, as 2s")
	cmd.ValidArgsFunction = cobra.NoFileCompletions
}

// parse reads the arguments that all send commands have, and returns the others.
func (o *sendOptions) parse(cmd *cobra.Command, args []string) ([]string, error) {
	if err := misplaced(cmd, args); err != nil {
		return nil, err
	}
	o.setRole(server, o.listenFirst, o.meet)
	rest, err := o.target(args, true)
	o.framed = cmd.Flags().Changed("framing")
	switch {
	case err != nil:
		return nil, err
	case o.network == toFile && !o.form.osc:
		return nil, fmt.Errorf("%s is for OSC only", args[0])
	case o.network == toFile && (o.role != client || o.wait > 0 || cmd.Flags().Changed("protocol")):
		return nil, fmt.Errorf("--protocol, --listen, --rendezvous and --wait are not for %s: what is sent is written there", args[0])
	case o.role == server && o.network == "udp":
		return nil, errors.New("--listen is for tcp and udt")
	case o.rate < 0 || o.count < 0 || o.wait < 0:
		return nil, errors.New("--rate, --count and --wait cannot be negative")
	case len(rest) == 0 && cmd.Flags().Changed("count"):
		return nil, errors.New("--count is for messages of the command line; the lines of standard input are sent once")
	}
	return rest, o.check()
}

// misplaced reports a flag behind HOST, where it would be sent.
func misplaced(cmd *cobra.Command, args []string) error {
	i := slices.IndexFunc(args, func(s string) bool {
		name, ok := strings.CutPrefix(s, "--")
		name, _, _ = strings.Cut(name, "=")
		return ok && cmd.Flags().Lookup(name) != nil
	})
	if i < 0 {
		return nil
	}
	return fmt.Errorf("%s: flags come before HOST; to send it as text, write it to standard input", args[i])
}

// A message appends itself to dst. It is asked each time that it is sent, since it may say now.
type message func(dst []byte) ([]byte, error)

// run sends messages, or what comes on standard input if there are none.
func (o *sendOptions) run(cmd *cobra.Command, messages []message, in input) error {
	for _, m := range messages {
		data, err := m(nil)
		if err == nil {
			err = o.sendable(data)
		}
		if err != nil {
			return &exitError{exitUsage, err}
		}
	}
	ctx, stop := untilInterrupt(cmd.Context())
	defer stop()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	log, endLog := newLogger(cmd.ErrOrStderr(), logFormat(""))
	defer endLog()
	nc, err := o.open(ctx, log)
	if err != nil {
		return failure(ctx, err)
	}
	s := &sender{sendOptions: o, nc: nc, log: log, heard: make(chan struct{})}
	go s.hear(newDumper(cmd.OutOrStdout(), o.form, 0, log, cancel)) // until s.end
	if len(messages) > 0 {
		err = s.repeat(ctx, messages)
	} else {
		in.r, in.errs = cmd.InOrStdin(), cmd.ErrOrStderr()
		err = in.send(ctx, s)
	}
	return s.end(ctx, err)
}
