package server

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// ErrNotLoopback is matched by the error of New and Run when, without authentication, the server would be reachable
// from other machines.
var ErrNotLoopback = errors.New("not a loopback address")

// checkLoopback refuses an address to listen on that is not loopback by what it says. A name other than localhost is
// refused even if it resolves to loopback today.
func checkLoopback(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("address %q: %w", addr, err)
	}
	if !isLoopbackHost(host) {
		return notLoopback(addr)
	}
	return nil
}

// checkListener looks at what was really bound: localhost may mean something else on this machine.
func checkListener(addr net.Addr) error {
	tcp, ok := addr.(*net.TCPAddr)
	if !ok || !tcp.IP.IsLoopback() {
		return notLoopback(addr.String())
	}
	return nil
}

func notLoopback(addr string) error {
	return fmt.Errorf("refusing to listen on %q without authentication: %w; "+
		"listen on 127.0.0.1, [::1] or localhost, or configure authentication first (--authenticate, docs/access.md)", addr, ErrNotLoopback)
}

func isLoopbackHost(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Zone() == "" && ip.Unmap().IsLoopback()
}

// onlyLoopbackHost keeps a web page out whose own name was made to resolve to 127.0.0.1 (DNS rebinding): its requests
// are same-origin for the browser, and only Host gives them away.
func onlyLoopbackHost(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isLoopbackHost(hostname(r.Host)) {
			writeError(w, http.StatusMisdirectedRequest, "MISDIRECTED_REQUEST",
				"Without authentication this server answers to localhost, 127.0.0.1 and [::1] only.")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// hostname is the Host header without port and brackets.
func hostname(hostport string) string {
	if host, _, err := net.SplitHostPort(hostport); err == nil {
		return host
	}
	if inner, ok := strings.CutPrefix(hostport, "["); ok {
		return strings.TrimSuffix(inner, "]")
	}
	return hostport
}
