package auth

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
)

func TestWhichRoleDoClaimsGive(t *testing.T) {
	groups := map[string]network.Role{"/musubi/editors": network.RoleCoordinator, "staff": network.RoleAnalyst}
	viewer := network.RoleViewer
	for _, c := range []struct {
		name   string
		claims m
		set    func(*OIDC)
		want   string
	}{
		{"one", m{"roles": []string{"coordinator"}}, nil, "COORDINATOR"},
		{"the highest of several", m{"roles": []string{"viewer", "ADMIN", "analyst"}}, nil, "ADMIN"},
		{"among others", m{"roles": []string{"offline_access", "viewer"}}, nil, "VIEWER"},
		{"a text", m{"roles": "openid analyst"}, nil, "ANALYST"},
		{"unknown", m{"roles": []string{"superuser"}}, nil, "FORBIDDEN"},
		{"nearly", m{"roles": []string{"admin "}}, nil, "FORBIDDEN"},
		{"none", m{"roles": nil}, nil, "FORBIDDEN"},
		{"a number", m{"roles": 3}, nil, "FORBIDDEN"},
		{"numbers", m{"roles": []any{3, nil, m{"admin": true}}}, nil, "FORBIDDEN"},
		{"unknown, with a default", m{"roles": []string{"superuser"}}, func(o *OIDC) { o.Default = &viewer }, "VIEWER"},
		{"known, with a default", m{}, func(o *OIDC) { o.Default = &viewer }, "ANALYST"},
		{"a path", m{"roles": nil, "realm_access": m{"roles": []string{"admin"}}}, func(o *OIDC) { o.RoleClaim = "realm_access.roles" }, "ADMIN"},
		{"a deeper path", m{"resource_access": m{"musubi": m{"roles": []string{"admin"}}}}, func(o *OIDC) { o.RoleClaim = "resource_access.musubi.roles" }, "ADMIN"},
		{"a path that ends early", m{"realm_access": "admin"}, func(o *OIDC) { o.RoleClaim = "realm_access.roles" }, "FORBIDDEN"},
		{"a path that ends late", m{"realm_access": m{"roles": m{"admin": true}}}, func(o *OIDC) { o.RoleClaim = "realm_access.roles" }, "FORBIDDEN"},
		{"a name with dots", m{"https://map.example.org/roles": []string{"admin"}}, func(o *OIDC) { o.RoleClaim = "https://map.example.org/roles" }, "ADMIN"},
		{"mapped", m{"roles": []string{"/musubi/editors", "staff"}}, func(o *OIDC) { o.Roles = groups }, "COORDINATOR"},
		{"ours, where others are mapped", m{"roles": []string{"admin"}}, func(o *OIDC) { o.Roles = groups }, "FORBIDDEN"},
	} {
		p := newProvider(t)
		o := p.options()
		if c.set != nil {
			c.set(o.OIDC)
		}
		id, err := authenticator(t, o).Authenticate(t.Context(), p.token(c.claims))
		got := string(network.CodeOf(err))
		if err == nil {
			got = id.Viewer.Role.String()
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestWhichOrganisationsDoClaimsGive(t *testing.T) {
	many := make([]string, maxOrganizations+1)
	for i := range many {
		many[i] = fmt.Sprint("org", i)
	}
	for _, c := range []struct {
		name, claim string
		value       any
		want        []network.ID
	}{
		{"not asked for", "", []string{"school"}, nil},
		{"a list", "musubi_organizations", []string{"school", "council"}, []network.ID{"school", "council"}},
		{"a text", "musubi_organizations", "school council", []network.ID{"school", "council"}},
		{"what cannot be an id", "musubi_organizations", []any{"school", "東", "a b", "", 3, strings.Repeat("x", 65)}, []network.ID{"school"}},
		{"none", "musubi_organizations", nil, nil},
	} {
		p := newProvider(t)
		o := p.options()
		o.OIDC.OrganizationsClaim = c.claim
		id, err := authenticator(t, o).Authenticate(t.Context(), p.token(m{"musubi_organizations": c.value}))
		if err != nil || !slices.Equal(id.Viewer.Organizations, c.want) {
			t.Errorf("%s: %+v, %v; want %v", c.name, id, err, c.want)
		}
	}
	p := newProvider(t)
	o := p.options()
	o.OIDC.OrganizationsClaim = "orgs"
	wantsCode(t, "too many", authenticator(t, o), p.token(m{"orgs": many}), network.Forbidden)
}

// The log knows an id, never a name or an e-mail address.
func TestWhatDoesTheLogKnowAUserBy(t *testing.T) {
	for subject, want := range map[string]string{
		"8c5f9a1e-6d0f-4f38-9a52-0c1d2e3f4a5b": "user:8c5f9a1e-6d0f-4f38-9a52-0c1d2e3f4a5b",
		"auth0|5f7c8ec7c33c6c004bbafe82":       "user:auth0|5f7c8ec7c33c6c004bbafe82",
		"108204268033311374519":                "user:108204268033311374519",
		"taro@example.org":                     "",
		"架空 太郎":                                "",
		"taro.yamada":                          "",
		"yamada19850401":                       "",
		"00u1abcDEFghiJKLmno2":                 "",
		"mail|taro@example.org":                "",
	} {
		p := newProvider(t)
		id, err := authenticator(t, p.options()).Authenticate(t.Context(), p.token(m{"sub": subject}))
		if err != nil {
			t.Fatal(err)
		}
		switch got := id.Viewer.Actor; {
		case want != "" && got != want:
			t.Errorf("%s is known as %s", subject, got)
		case want == "" && (len(got) != len("user:~")+32 || !strings.HasPrefix(got, "user:~")):
			t.Errorf("%s is known as %s", subject, got)
		}
	}
	if actorOf("https://a.example.org", "taro") == actorOf("https://b.example.org", "taro") || actorOf("i", "taro") == actorOf("i", "hanako") {
		t.Error("two users are known alike")
	}
}
