package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/musubi-map/musubi/graph"
	"github.com/musubi-map/musubi/internal/auth"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/server"
	"github.com/musubi-map/musubi/internal/store"
)

// accessFlags say who may ask; docs/access.md tells how to set them.
type accessFlags struct {
	Authenticate bool `env:"MUSUBI_AUTHENTICATE" help:"Ask every request for a bearer token: an API token (see tokens), or one of --oidc-issuer, which implies this. Without it everybody is an administrator, and only this machine is answered."`

	OIDCIssuer             string            `name:"oidc-issuer" env:"MUSUBI_OIDC_ISSUER" help:"OpenID provider whose JWTs count, as their iss has it." placeholder:"URL"`
	OIDCAudience           string            `name:"oidc-audience" env:"MUSUBI_OIDC_AUDIENCE" help:"What their aud must name: this map. Needed with --oidc-issuer." placeholder:"AUDIENCE"`
	OIDCAlgorithms         []string          `name:"oidc-algorithms" env:"MUSUBI_OIDC_ALGORITHMS" default:"RS256" help:"How they may be signed: RS, PS, ES with 256, 384 or 512, EdDSA." placeholder:"ALG"`
	OIDCJWKS               string            `name:"oidc-jwks" env:"MUSUBI_OIDC_JWKS" help:"Where the provider's keys are, when its discovery does not say." placeholder:"URL"`
	OIDCClockSkew          time.Duration     `name:"oidc-clock-skew" env:"MUSUBI_OIDC_CLOCK_SKEW" default:"30s" help:"How far its clock and ours may be apart; at most 5m."`
	OIDCRoleClaim          string            `name:"oidc-role-claim" env:"MUSUBI_OIDC_ROLE_CLAIM" default:"roles" help:"Claim with the roles of a user, by its name or a path with dots: realm_access.roles." placeholder:"CLAIM"`
	OIDCRoles              map[string]string `name:"oidc-roles" env:"MUSUBI_OIDC_ROLES" help:"What its values mean, as in staff=analyst;editors=coordinator; without it viewer, analyst, coordinator and admin mean themselves." placeholder:"VALUE=ROLE"`
	OIDCDefaultRole        string            `name:"oidc-default-role" env:"MUSUBI_OIDC_DEFAULT_ROLE" help:"Role of users who have none of these; without it they are refused." placeholder:"ROLE"`
	OIDCOrganizationsClaim string            `name:"oidc-organizations-claim" env:"MUSUBI_OIDC_ORGANIZATIONS_CLAIM" help:"Claim with the ids of the organisations whose records a user may edit; none by default." placeholder:"CLAIM"`
}

// authenticator checks tokens as the flags say; nil in open mode.
func (f accessFlags) authenticator(a *app, tokens store.TokenStore) (*auth.Authenticator, error) {
	switch {
	case f.OIDCIssuer != "":
	case f.OIDCAudience != "" || f.OIDCJWKS != "" || f.OIDCDefaultRole != "" || len(f.OIDCRoles) > 0 || f.OIDCOrganizationsClaim != "":
		return nil, errors.New("--oidc-issuer is missing: the other settings of the OpenID provider mean nothing without it")
	case !f.Authenticate:
		return nil, nil
	}
	o := auth.Options{Tokens: tokens, Log: a.log}
	if f.OIDCIssuer != "" {
		var err error
		if o.OIDC, err = f.oidc(); err != nil {
			return nil, err
		}
	}
	made, err := auth.New(o)
	if err != nil {
		return nil, fmt.Errorf("--oidc: %w", err)
	}
	return made, nil
}

func (f accessFlags) oidc() (*auth.OIDC, error) {
	o := &auth.OIDC{
		Issuer: f.OIDCIssuer, Audience: f.OIDCAudience, Algorithms: f.OIDCAlgorithms, JWKS: f.OIDCJWKS, Skew: f.OIDCClockSkew,
		RoleClaim: f.OIDCRoleClaim, OrganizationsClaim: f.OIDCOrganizationsClaim,
	}
	for value, name := range f.OIDCRoles {
		role, err := roleOf(name)
		if err != nil {
			return nil, fmt.Errorf("--oidc-roles: %w", err)
		}
		if o.Roles == nil {
			o.Roles = map[string]network.Role{}
		}
		o.Roles[value] = role
	}
	if f.OIDCDefaultRole != "" {
		role, err := roleOf(f.OIDCDefaultRole)
		if err != nil {
			return nil, fmt.Errorf("--oidc-default-role: %w", err)
		}
		o.Default = &role
	}
	return o, nil
}

// roleOf reads a role, in letters of any case.
func roleOf(name string) (network.Role, error) {
	role, err := network.ParseRole(strings.ToUpper(strings.TrimSpace(name)))
	if err != nil {
		return 0, fmt.Errorf("%q is no role; use viewer, analyst, coordinator or admin", name)
	}
	return role, nil
}

// access lets the server know who asks. In open mode, which it says loudly, that is
// an administrator, and the server answers to nobody but this machine.
func (f accessFlags) access(a *app, tokens store.TokenStore, resolver *graph.Resolver, config *server.Config) error {
	checks, err := f.authenticator(a, tokens)
	if err != nil {
		return err
	}
	if checks == nil {
		a.log.Warn("OPEN MODE: no authentication is configured. Everybody on this machine is an administrator of the map; nobody else is answered. To serve others, see docs/access.md")
		resolver.Viewer = func(context.Context) network.Viewer { return network.Admin("open") }
		return nil
	}
	a.log.Info("every request needs a bearer token", "api_tokens", true, "oidc_issuer", f.OIDCIssuer)
	resolver.Viewer, resolver.Admit, config.Guard = auth.Viewer, checks.Admit, checks.Guard
	return nil
}
