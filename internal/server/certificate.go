package server

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"
)

// certificate is a certificate in files, which may be replaced while the server runs.
type certificate struct {
	certFile, keyFile string
	log               *slog.Logger

	mu     sync.Mutex
	kept   *tls.Certificate
	as     [2]fileState // the files that kept, or the last failure, came from
	looked time.Time
}

// fileState tells a file from the one that replaces it.
type fileState struct {
	written time.Time
	size    int64
}

// lookEvery bounds how often the files are looked at.
const lookEvery = time.Second

// newCertificate reads the files. Both are PEM; the certificate has its chain behind it.
func newCertificate(certFile, keyFile string, log *slog.Logger) (*certificate, error) {
	c := &certificate{certFile: certFile, keyFile: keyFile, log: log}
	state, err := c.state()
	if err == nil {
		err = c.load(state)
	}
	if err != nil {
		return nil, fmt.Errorf("certificate for TLS: %w", err)
	}
	return c, nil
}

func (c *certificate) config() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}, GetCertificate: c.get}
}

// get gives the certificate in the files, looking at most once a second whether they
// were replaced. While they do not fit each other, as between the writing of one and
// the other, the certificate before counts on.
func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := time.Now(); now.Sub(c.looked) >= lookEvery {
		c.looked = now
		c.renew()
	}
	return c.kept, nil
}

func (c *certificate) renew() {
	state, err := c.state()
	if err == nil && state == c.as {
		return
	}
	if err == nil {
		err = c.load(state)
	}
	if err != nil {
		c.log.Warn("the certificate was replaced by one that cannot be used; the one before counts on", "error", err)
		return
	}
	c.log.Info("the certificate was replaced", "valid_until", c.kept.Leaf.NotAfter)
}

func (c *certificate) load(state [2]fileState) error {
	c.as = state
	read, err := tls.LoadX509KeyPair(c.certFile, c.keyFile)
	if err != nil {
		return err
	}
	c.kept = &read
	return nil
}

func (c *certificate) state() (out [2]fileState, err error) {
	for i, name := range []string{c.certFile, c.keyFile} {
		info, err := os.Stat(name)
		if err != nil {
			return out, err
		}
		out[i] = fileState{info.ModTime(), info.Size()}
	}
	return out, nil
}
