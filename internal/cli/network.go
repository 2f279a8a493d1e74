package cli

import (
	"errors"
	"time"

	"github.com/musubi-map/musubi/internal/server"
)

// networkFlags say how the server stands in the network besides its address;
// docs/operations.md tells how to use them.
type networkFlags struct {
	TLSCert    string        `name:"tls-cert" env:"MUSUBI_TLS_CERT" help:"Certificate for TLS with its chain, PEM; with --tls-key the server speaks https only. Read again when it is replaced." placeholder:"FILE"`
	TLSKey     string        `name:"tls-key" env:"MUSUBI_TLS_KEY" help:"Its private key, PEM." placeholder:"FILE"`
	AdminAddr  string        `env:"MUSUBI_ADMIN_ADDR" help:"A second address, loopback only, with /metrics and profiles (/debug/pprof) for programs on this machine; none by default." placeholder:"ADDR"`
	DrainDelay time.Duration `env:"MUSUBI_DRAIN_DELAY" default:"0s" help:"How long the server answers on, not ready, once it is told to stop: as long as a load balancer takes to notice."`
	DrainTime  time.Duration `env:"MUSUBI_DRAIN_TIME" default:"10s" help:"How long requests may take to finish after that; then they are cut off."`
}

// place sets how the server stands in the network.
func (f networkFlags) place(config *server.Config) error {
	if (f.TLSCert == "") != (f.TLSKey == "") {
		return errors.New("--tls-cert and --tls-key go together")
	}
	config.CertFile, config.KeyFile, config.AdminAddr = f.TLSCert, f.TLSKey, f.AdminAddr
	config.DrainDelay, config.DrainTimeout = f.DrainDelay, f.DrainTime
	return nil
}

func (f networkFlags) scheme() string {
	if f.TLSCert != "" {
		return "https"
	}
	return "http"
}
