package cli

import (
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"

	"github.com/musubi-map/musubi/internal/auth"
	"github.com/musubi-map/musubi/internal/network"
)

// Every flag of the provider, by itself and by its twin in the environment.
func TestWhereDoTheFlagsOfTheProviderGo(t *testing.T) {
	analyst := network.RoleAnalyst
	want := &auth.OIDC{
		Issuer: "https://login.example.org", Audience: "musubi", Algorithms: []string{"ES256", "EdDSA"}, JWKS: "https://login.example.org/keys", Skew: time.Minute,
		RoleClaim: "realm_access.roles", Roles: map[string]network.Role{"staff": network.RoleViewer, "editors": network.RoleCoordinator}, Default: &analyst, OrganizationsClaim: "orgs",
	}
	values := map[string]string{
		"oidc-issuer": want.Issuer, "oidc-audience": want.Audience, "oidc-algorithms": "ES256,EdDSA", "oidc-jwks": want.JWKS, "oidc-clock-skew": "1m",
		"oidc-role-claim": want.RoleClaim, "oidc-roles": "staff=viewer;editors=Coordinator", "oidc-default-role": "analyst", "oidc-organizations-claim": "orgs",
	}
	parsed := func(args ...string) *auth.OIDC {
		var c commands
		parser, err := kong.New(&c)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parser.Parse(append([]string{"serve"}, args...)); err != nil {
			t.Fatal(err)
		}
		o, err := c.Serve.oidc()
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	var args []string
	for name, v := range values {
		args = append(args, "--"+name+"="+v)
	}
	if got := parsed(args...); !reflect.DeepEqual(got, want) {
		t.Errorf("by flags: %+v", got)
	}
	for name, v := range values {
		t.Setenv("MUSUBI_"+strings.ToUpper(strings.ReplaceAll(name, "-", "_")), v)
	}
	if got := parsed(); !reflect.DeepEqual(got, want) {
		t.Errorf("by the environment: %+v", got)
	}
}

func TestWhatIsSaidAtTheStart(t *testing.T) {
	data := filepath.Join(t.TempDir(), "map.db")
	// Nobody can listen there, so no server stays.
	serve := func(args ...string) []string {
		return append([]string{"serve", "--data", data, "--addr", "203.0.113.1:80"}, args...)
	}
	for _, c := range []struct {
		name string
		args []string
		want []string
	}{
		{"open mode", serve(), []string{"OPEN MODE", "refusing to listen", "--authenticate", "docs/access.md"}},
		{"open mode on every address", serve("--addr", ":8080"), []string{"OPEN MODE", "refusing to listen"}},
		{"settings without a provider", serve("--oidc-audience", "musubi"), []string{"--oidc-issuer is missing"}},
		{"roles without a provider", serve("--authenticate", "--oidc-roles", "a=admin"), []string{"--oidc-issuer is missing"}},
		{"a provider without an audience", serve("--oidc-issuer", "https://login.example.org"), []string{"audience"}},
		{"a provider over http", serve("--oidc-issuer", "http://login.example.org", "--oidc-audience", "musubi"), []string{"https"}},
		{"a shared secret", serve("--oidc-issuer", "https://login.example.org", "--oidc-audience", "musubi", "--oidc-algorithms", "HS256"), []string{"algorithm"}},
		{"an unknown role", serve("--oidc-issuer", "https://login.example.org", "--oidc-audience", "musubi", "--oidc-roles", "staff=boss"), []string{"--oidc-roles", "boss"}},
		{"tokens on an address that is not ours", serve("--authenticate"), []string{"every request needs a bearer token", "musubi: listen"}},
		{"an unknown default", serve("--oidc-issuer", "https://login.example.org", "--oidc-audience", "musubi", "--oidc-default-role", "boss"), []string{"--oidc-default-role", "boss"}},
	} {
		_, errOut := musubi(t, 1, c.args...)
		for _, w := range c.want {
			if !strings.Contains(errOut, w) {
				t.Errorf("%s: %q is not said:\n%s", c.name, w, errOut)
			}
		}
	}
}
