package cli

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestDoesHealthSayWhatTheServerSays(t *testing.T) {
	status := http.StatusOK
	answers := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(status)
		_, _ = w.Write([]byte("of " + r.URL.Path))
	})
	plain, secret := httptest.NewServer(answers), httptest.NewTLSServer(answers)
	defer plain.Close()
	defer secret.Close()
	ports := map[string]string{"": strings.TrimPrefix(plain.URL, "http://127.0.0.1"), "--tls-cert=x": strings.TrimPrefix(secret.URL, "https://127.0.0.1")}
	for tls, port := range ports {
		for _, host := range []string{"", "127.0.0.1", "0.0.0.0"} {
			args := []string{"health", "--addr", host + port}
			if tls != "" {
				args = append(args, tls)
			}
			status = http.StatusOK
			if out, _ := musubi(t, 0, args...); out != "of /readyz" {
				t.Errorf("%v: %q", args, out)
			}
			if out, _ := musubi(t, 0, append(args, "--live")...); out != "of /healthz" {
				t.Errorf("%v: %q", args, out)
			}
			status = http.StatusServiceUnavailable
			if _, errOut := musubi(t, 1, args...); !strings.Contains(errOut, "503") {
				t.Errorf("%v: %q", args, errOut)
			}
		}
	}
	plain.Close()
	musubi(t, 1, "health", "--addr", ports[""])
}
