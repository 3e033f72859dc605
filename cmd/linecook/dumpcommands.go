package main

import (
	"strings"

	"github.com/spf13/cobra"
)

func newDumpOSC() *cobra.Command {
	o := dumpOptions{form: form{osc: true}}
	cmd := &cobra.Command{
		Use: "osc [flags] [HOST] PORT", Short: "Print OSC messages that arrive by UDP, TCP or UDT",
		Long: `Print OSC messages, each of a bundle on a line of its own behind @ and the bundle's time. Text is
quoted; what is bytes is in hexadecimal. What --json prints is what 'linecook send osc' reads.
` + dumpWhere + dumpGroup + dumpConnects + `

Instead of HOST and PORT, the URLs of liblo's tools are understood, as osc.tcp://:9000.`,
		Example: `  linecook dump osc 9000
  linecook dump osc --count 10 --json 0.0.0.0 9000
  linecook dump osc --protocol tcp 9000
  linecook dump osc 239.255.0.1 9000`,
	}
	o.flags(cmd, "", "auto", []string{"auto", "size", "slip"})
	return cmd
}

func newDumpBytes(network string) *cobra.Command {
	var o dumpOptions
	cmd := &cobra.Command{Use: network + " [flags] [HOST] PORT", Short: "Print what arrives by " + strings.ToUpper(network)}
	switch network {
	case "udp":
		cmd.Long = "Print datagrams as quoted text, with \\xNN for what is none.\n" + dumpWhere + dumpGroup
	case "tcp":
		cmd.Long = "Print what arrives by TCP as quoted text, with \\xNN for what is none: what was read at once, or\nmessages, as --framing says.\n" + dumpWhere + dumpConnects
	case "udt":
		cmd.Long = "Print messages of UDT, or with --stream what was read at once, as quoted text with \\xNN for what is none.\n" + dumpWhere + dumpConnects +
			" With --rendezvous\nneither end listens: both connect to each other, from a --localport that the other one knows."
	}
	o.flags(cmd, network, "all", []string{"all", "perline", "perbyte", "size", "slip"})
	return cmd
}
