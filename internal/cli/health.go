package cli

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

type healthCommand struct {
	Addr    string `env:"MUSUBI_ADDR" default:"127.0.0.1:8080" help:"Address that the server listens on; it is asked on loopback."`
	TLSCert string `name:"tls-cert" env:"MUSUBI_TLS_CERT" help:"Set when it speaks https; the certificate is not checked, since its name is another." placeholder:"FILE"`
	Live    bool   `help:"Ask only whether it lives, not whether its store answers."`
}

// healthTime is below what container engines usually wait.
const healthTime = 3 * time.Second

// Run asks; it fails with what the server says when that is not ready.
func (c *healthCommand) Run(a *app) error {
	host, port, err := net.SplitHostPort(c.Addr)
	if err != nil {
		return fmt.Errorf("--addr: %w", err)
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	scheme, path := "http", "/readyz"
	if c.TLSCert != "" {
		scheme = "https"
	}
	if c.Live {
		path = "/healthz"
	}
	ctx, cancel := context.WithTimeout(a.ctx, healthTime)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, scheme+"://"+net.JoinHostPort(host, port)+path, nil)
	if err != nil {
		return err
	}
	//nolint:gosec // this machine is asked by a name that is not the certificate's, and sent nothing
	client := http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS12}, DisableKeepAlives: true}}
	resp, err := client.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	text, _ := io.ReadAll(io.LimitReader(resp.Body, 1<<10))
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", resp.Status, text)
	}
	fmt.Fprintf(a.out, "%s", text)
	return nil
}
