package ops_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"linecook.dev/linecook/graph"
	"linecook.dev/linecook/ops"
	"linecook.dev/linecook/peer"
)

// newIdentity writes a certificate for 127.0.0.1 that signs itself, and its key.
func newIdentity(t *testing.T) (cert, key string) {
	t.Helper()
	priv, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		KeyUsage:    x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &priv.PublicKey, priv)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(priv)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	return writePEM(t, dir, "CERTIFICATE", der), writePEM(t, dir, "PRIVATE KEY", keyDER)
}

func writePEM(t *testing.T, dir, kind string, der []byte) string {
	t.Helper()
	file := filepath.Join(dir, kind+".pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestMutualTLS(t *testing.T) {
	cert, key := newIdentity(t)
	secure := ops.Secure{TlsCert: cert, TlsKey: key, TlsCa: cert}
	server := &ops.TcpIp{Mode: "server", Secure: secure}
	server.OnReceive = func(_ *ops.Dat, m ops.Received) error {
		_, err := m.Peer.Send("\n", m.Message+" too")
		return err
	}
	runLive(t, func(e *graph.Edit) { e.Add("server", server) })

	stranger, err := tls.Dial("tcp", server.LocalAddr().String(), &tls.Config{InsecureSkipVerify: true})
	if err == nil { // the server's refusal comes with the first read
		defer stranger.Close()
		if n, err := stranger.Read(make([]byte, 1)); err == nil {
			t.Errorf("a client without a certificate read %d bytes", n)
		}
	}

	got := make(chan string, 1)
	client := &ops.TcpIp{Port: int(server.LocalAddr().Port()), Secure: secure}
	client.OnConnect = func(_ *ops.Dat, p peer.Handle) error {
		_, err := p.Send("\n", "hello")
		return err
	}
	client.OnReceive = func(_ *ops.Dat, m ops.Received) error { got <- m.Message; return nil }
	runLive(t, func(e *graph.Edit) { e.Add("client", client) })
	select {
	case m := <-got:
		if m != "hello too" {
			t.Errorf("the client got %q, want %q", m, "hello too")
		}
	case <-time.After(patience):
		t.Error("no answer by TLS")
	}
}

func TestSecureMistakes(t *testing.T) {
	expect(t, "mistakes", mistakes(&ops.TcpIp{Mode: "server", Secure: ops.Secure{TlsCert: "a"}}),
		"add /n: tlscert: tlscert and tlskey need each other")
	expect(t, "mistakes", mistakes(&ops.TcpIp{Mode: "server", Secure: ops.Secure{TlsCa: "a"}}),
		"add /n: tlsca: a server needs tlscert and tlskey, too")
	expect(t, "mistakes", mistakes(&ops.OscIn{Secure: ops.Secure{TlsCert: "a", TlsKey: "b"}}),
		"add /n: protocol: only tcp can be TLS")
}
