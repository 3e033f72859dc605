package ops

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"os"

	"linecook.dev/linecook/graph"
)

// Secure is the parameters of operators that can speak TLS. They do if one of them is given.
type Secure struct {
	TlsCert string `help:"file with the certificate (PEM) to show to the other end; a server that speaks TLS needs one"`
	TlsKey  string `help:"file with the key (PEM) of tlscert"`
	TlsCa   string `help:"file with the certificates (PEM) of those who sign the other end's: a server takes only clients that show one so signed; a client trusts no others"`
}

func (s *Secure) speaksTLS() bool { return s.TlsCert != "" || s.TlsKey != "" || s.TlsCa != "" }

func (s *Secure) check(server bool) error {
	if (s.TlsCert == "") != (s.TlsKey == "") {
		return &graph.ParamError{Param: "tlscert", Msg: "tlscert and tlskey need each other"}
	}
	if server && s.speaksTLS() && s.TlsCert == "" {
		return &graph.ParamError{Param: "tlsca", Msg: "a server needs tlscert and tlskey, too"}
	}
	return nil
}

// wrap returns what makes TLS of a connection, to host if it is a client's; nil if that is not wanted.
func (s *Secure) wrap(server bool, host string) (func(context.Context, net.Conn) (net.Conn, error), error) {
	if !s.speaksTLS() {
		return nil, nil
	}
	cfg := &tls.Config{ServerName: host}
	if s.TlsCert != "" {
		own, err := tls.LoadX509KeyPair(s.TlsCert, s.TlsKey)
		if err != nil {
			return nil, err
		}
		cfg.Certificates = []tls.Certificate{own}
	}
	if s.TlsCa != "" {
		pool, err := certPool(s.TlsCa)
		if err != nil {
			return nil, err
		}
		cfg.RootCAs, cfg.ClientCAs, cfg.ClientAuth = pool, pool, tls.RequireAndVerifyClientCert
	}
	end := tls.Client
	if server {
		end = tls.Server
	}
	return func(ctx context.Context, nc net.Conn) (net.Conn, error) {
		conn := end(nc, cfg)
		return conn, conn.HandshakeContext(ctx)
	}, nil
}

func certPool(file string) (*x509.CertPool, error) {
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("%s has no certificate", file)
	}
	return pool, nil
}
