package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"sync"
	"time"
)

// dumpServer prints what comes by the connections of everyone who connects.
func dumpServer(ctx context.Context, l *link, d *dumper) error {
	ln, err := l.listen(ctx)
	if err != nil {
		return err
	}
	d.log.Info("listening", slog.String("proto", l.network), slog.String("addr", ln.Addr().String()))
	defer context.AfterFunc(ctx, func() { _ = ln.Close() })() // Accept has the error
	var wg sync.WaitGroup
	defer wg.Wait()
	for {
		nc, err := ln.Accept()
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return err
		}
		wg.Go(func() {
			if err := dumpConn(ctx, l, nc, d); err != nil {
				d.log.Warn("connection broke", "peer", nc.RemoteAddr().String(), "err", err)
			}
		})
	}
}

// dumpConn prints what comes by one connection until that or ctx ends, and closes it.
func dumpConn(ctx context.Context, l *link, nc net.Conn, d *dumper) error {
	from := nc.RemoteAddr().String()
	d.log.Info("connected", "peer", from)
	done := context.AfterFunc(ctx, func() { _ = nc.Close() }) // Read has the error
	err := l.receive(nc, func(data []byte, err error) { d.message(time.Now(), from, data, err) }, d.flush)
	if !done() {
		return nil
	}
	if err == nil {
		d.log.Info("disconnected", "peer", from)
	}
	return errors.Join(err, nc.Close())
}
