package server

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// writeCertificate puts a new certificate for 127.0.0.1 with the serial number into the files.
func writeCertificate(t *testing.T, certFile, keyFile string, serial int64) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(serial), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"localhost"}}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for name, block := range map[string]*pem.Block{certFile: {Type: "CERTIFICATE", Bytes: cert}, keyFile: {Type: "PRIVATE KEY", Bytes: private}} {
		if err := os.WriteFile(name, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// shown is the serial number of the certificate that a new connection gets.
func shown(t *testing.T, addr string) int64 {
	t.Helper()
	conn, err := tls.Dial("tcp", addr, &tls.Config{InsecureSkipVerify: true})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	return conn.ConnectionState().PeerCertificates[0].SerialNumber.Int64()
}

func TestIsTheCertificateReplacedWithoutARestart(t *testing.T) {
	dir := t.TempDir()
	cert, key := filepath.Join(dir, "tls.crt"), filepath.Join(dir, "tls.key")
	writeCertificate(t, cert, key, 1)
	addr, stop, done := start(t, Config{CertFile: cert, KeyFile: key}, echo)
	if got := shown(t, addr); got != 1 {
		t.Fatalf("serial number %d", got)
	}
	// One that cannot be used, and then one that is gone, leave the first in force.
	if err := os.WriteFile(cert, []byte("half of a certif"), 0o600); err != nil {
		t.Fatal(err)
	}
	for began := time.Now(); time.Since(began) < lookEvery+lookEvery/4; {
		if got := shown(t, addr); got != 1 {
			t.Fatalf("serial number %d", got)
		}
	}
	writeCertificate(t, cert, key, 2)
	for end := time.Now().Add(patience); shown(t, addr) != 2; {
		if time.Now().After(end) {
			t.Fatal("the certificate before is shown still")
		}
	}
	stop()
	if err := receive(t, "Run", done); err != nil {
		t.Error(err)
	}
}

func TestHowIsSpokenOverTLS(t *testing.T) {
	dir := t.TempDir()
	cert, key := filepath.Join(dir, "tls.crt"), filepath.Join(dir, "tls.key")
	writeCertificate(t, cert, key, 1)
	addr, _, _ := start(t, Config{CertFile: cert, KeyFile: key}, echo)
	ask := func(config *tls.Config) (*http.Response, error) {
		config.InsecureSkipVerify = true
		c := &http.Client{Transport: &http.Transport{TLSClientConfig: config, ForceAttemptHTTP2: true, DisableKeepAlives: true}}
		resp, err := c.Post("https://"+addr+"/graphql", "application/json", strings.NewReader("{}"))
		if err == nil {
			resp.Body.Close()
		}
		return resp, err
	}
	resp, err := ask(&tls.Config{})
	if err != nil || resp.ProtoMajor != 2 || resp.StatusCode != 200 || resp.TLS.Version != tls.VersionTLS13 {
		t.Errorf("%v %+v", err, resp)
	}
	if got := resp.Header.Get("Strict-Transport-Security"); !strings.HasPrefix(got, "max-age=") {
		t.Errorf("Strict-Transport-Security: %q", got)
	}
	if resp, err := ask(&tls.Config{MaxVersion: tls.VersionTLS12}); err != nil || resp.StatusCode != 200 {
		t.Errorf("TLS 1.2: %v", err)
	}
	if _, err := ask(&tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}); err == nil {
		t.Error("TLS 1.1 is spoken")
	}
	if resp, err := http.Get("http://" + addr + "/healthz"); err == nil {
		resp.Body.Close()
		if resp.StatusCode == 200 {
			t.Error("clear text is answered")
		}
	}
}

func TestWhichCertificatesAreRefusedAtTheStart(t *testing.T) {
	dir := t.TempDir()
	a, b := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	writeCertificate(t, a+".crt", a+".key", 1)
	writeCertificate(t, b+".crt", b+".key", 2)
	for name, files := range map[string][2]string{
		"missing": {filepath.Join(dir, "none"), a + ".key"}, "of another key": {a + ".crt", b + ".key"}, "no certificate": {a + ".key", a + ".key"},
	} {
		if _, err := newCertificate(files[0], files[1], nil); err == nil || !strings.Contains(err.Error(), "TLS") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
