package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"
)

func newDump() *cobra.Command {
	cmd := &cobra.Command{
		Use: "dump", Short: "Print what arrives by OSC, UDP, TCP or UDT",
		Long: `Print what arrives, a line a message: its time, who sent it and what it says. Nothing is answered.
What went wrong is said on standard error.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newDumpOSC(), newDumpBytes("udp"), newDumpBytes("tcp"), newDumpBytes("udt"))
	return cmd
}

// dumpOptions are the flags of the dump commands.
type dumpOptions struct {
	link
	connect, rendezvous bool
	form                form
	count               int
}

// dumpWhere is the part of the help that all dump commands have.
const dumpWhere = `
It listens at PORT of this machine's loopback address, or at that of its address HOST; 0.0.0.0 or ::
is all of them. Port 0 is one that is free. Where it listens is logged on standard error.`

const dumpConnects = ` With
--connect it is a client of HOST instead, and ends with the connection.`

const dumpGroup = ` A HOST
that is a multicast group is joined, by the interface that has --localaddress.`

func (o *dumpOptions) flags(cmd *cobra.Command, network, framing string, framings []string) {
	o.network = network
	o.link.flags(cmd, network, framing, framings)
	o.form.flags(cmd)
	f := cmd.Flags()
	if network != "udp" {
		f.BoolVar(&o.connect, "connect", false, "connect to HOST PORT")
	}
	if network == "udt" || network == "" {
		f.BoolVar(&o.rendezvous, "rendezvous", false, "meet the other end, which does the same (udt)")
		cmd.MarkFlagsMutuallyExclusive("connect", "rendezvous")
	}
	f.IntVar(&o.count, "count", 0, "end after `N` messages")
	cmd.Args = cobra.ArbitraryArgs // parse says what is wrong
	cmd.ValidArgsFunction = cobra.NoFileCompletions
	cmd.RunE = func(cmd *cobra.Command, args []string) error { return o.run(cmd, args) }
}

func (o *dumpOptions) run(cmd *cobra.Command, args []string) error {
	o.role = server
	o.setRole(client, o.connect, o.rendezvous)
	if err := o.parse(args); err != nil {
		return &exitError{exitUsage, err}
	}
	ctx, stop := untilInterrupt(cmd.Context())
	defer stop()
	log, endLog := newLogger(cmd.ErrOrStderr(), logFormat(""))
	defer endLog()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	return failure(ctx, o.dump(ctx, newDumper(cmd.OutOrStdout(), o.form, o.count, log, cancel)))
}

func (o *dumpOptions) parse(args []string) error {
	rest, err := o.target(args, false)
	switch {
	case err != nil:
		return err
	case o.network == toFile:
		return fmt.Errorf("%s is for send; expected [HOST] PORT", args[0])
	}
	if len(rest) > 0 {
		return fmt.Errorf("%q is too much; expected [HOST] PORT", rest[0])
	}
	if o.count < 0 {
		return fmt.Errorf("--count %d is negative", o.count)
	}
	switch {
	case o.connect && o.network == "udp":
		return errors.New("--connect is for tcp and udt")
	case o.role != server && o.host == "":
		return errors.New("expected HOST PORT to connect to")
	}
	return o.check()
}

// dump prints until ctx ends.
func (o *dumpOptions) dump(ctx context.Context, d *dumper) error {
	switch {
	case o.network == "udp":
		return dumpUDP(ctx, &o.link, d)
	case o.role == server:
		return dumpServer(ctx, &o.link, d)
	}
	nc, err := o.dial(ctx)
	if err != nil {
		return err
	}
	return dumpConn(ctx, &o.link, nc, d)
}
