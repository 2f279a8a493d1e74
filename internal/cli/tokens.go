package cli

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/musubi-map/musubi/internal/auth"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/sqlite"
)

type tokensCommands struct {
	Create tokensCreateCommand `cmd:"" help:"Make an API token and show it, once; the server may go on."`
	List   tokensListCommand   `cmd:"" help:"List the API tokens with their ids, roles and ends."`
	Revoke tokensRevokeCommand `cmd:"" help:"End an API token: within seconds on every server of the map, streams included."`
}

// keptTokens are the tokens of a map, opened beside the servers that use it.
type keptTokens interface {
	store.TokenStore
	Close(ctx context.Context) error
}

// tokens opens them. The file of a map that is not there yet is made only for new
// ones.
func (f storeFlags) tokens(a *app, fresh bool) (keptTokens, error) {
	if f.Neo4jURI != "" {
		return f.openNeo4j(a.ctx, a.log, nil)
	}
	if _, err := os.Stat(f.Data); err != nil && !fresh {
		return nil, network.Errorf(network.NotFound, "there is no map in %s; say with --data where it is", f.Data)
	}
	return sqlite.OpenTokens(a.ctx, f.Data)
}

type tokensCreateCommand struct {
	storeFlags
	Name         string   `required:"" help:"What the token is for. It shows in lists: no personal data." placeholder:"NAME"`
	Role         string   `required:"" enum:"viewer,analyst,coordinator,admin" help:"What its bearer may do: viewer, analyst, coordinator or admin." placeholder:"ROLE"`
	Organization []string `help:"Id of an organisation or facility whose records the bearer may edit besides." placeholder:"ID"`
	Days         int      `default:"90" help:"How many days it lasts; 1 to 366."`
}

// Run makes the token. Standard output gets it and nothing else.
func (c *tokensCreateCommand) Run(a *app) error {
	role, err := roleOf(c.Role)
	if err != nil {
		return err
	}
	var organizations []network.ID
	for _, text := range c.Organization {
		organizations = append(organizations, network.ID(text))
	}
	token, shown, err := auth.NewToken(c.Name, role, organizations, time.Now(), time.Duration(c.Days)*24*time.Hour)
	if err != nil {
		return err
	}
	if err := c.exist(a, organizations); err != nil {
		return err
	}
	s, err := c.tokens(a, true)
	if err != nil {
		return err
	}
	defer func() { _ = s.Close(context.WithoutCancel(a.ctx)) }()
	if err := s.AddToken(a.ctx, token); err != nil {
		return err
	}
	fmt.Fprintf(a.errOut, "token %s, %s, until %s. It is shown once; keep it as you keep a password:\n", token.ID, role, day(token.Expires))
	fmt.Fprintln(a.out, shown)
	return nil
}

// exist tells whether the map has the organisations.
func (c *tokensCreateCommand) exist(a *app, ids []network.ID) error {
	if len(ids) == 0 {
		return nil
	}
	s, _, err := c.inspect(a)
	if err != nil {
		return err
	}
	defer func() { _ = s.Close(context.WithoutCancel(a.ctx)) }()
	found := map[network.ID]bool{}
	for r, err := range s.Inspect(a.ctx, ids, func(store.Fault) {}) {
		if err != nil {
			return err
		}
		found[r.ID] = slices.Contains(network.MustKind(r.Kind).OwnedBy, "id")
	}
	for _, id := range ids {
		if !found[id] {
			return network.Errorf(network.NotFound, "there is no organisation or facility with the id %q on this map", id)
		}
	}
	return nil
}

type tokensListCommand struct{ storeFlags }

// Run lists the tokens, oldest first.
func (c *tokensListCommand) Run(a *app) error {
	s, err := c.tokens(a, false)
	if err != nil {
		return err
	}
	defer func() { _ = s.Close(context.WithoutCancel(a.ctx)) }()
	list, err := s.Tokens(a.ctx)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ID\tROLE\tMADE\tUNTIL\tSTATE\tEDITS FOR\tNAME")
	now := time.Now()
	for _, t := range list {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", t.ID, strings.ToLower(t.Role.String()), day(t.Created), day(t.Expires), stateOf(t, now), joined(t.Organizations), t.Name)
	}
	return table.Flush()
}

func stateOf(t *store.Token, now time.Time) string {
	switch {
	case !t.Revoked.IsZero():
		return "revoked " + day(t.Revoked)
	case auth.Standing(t, now) != nil:
		return "expired"
	}
	return "valid"
}

func joined(ids []network.ID) string {
	if len(ids) == 0 {
		return "-"
	}
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = string(id)
	}
	return strings.Join(out, ",")
}

func day(at time.Time) string { return at.In(network.Tokyo).Format(time.DateOnly) }

type tokensRevokeCommand struct {
	storeFlags
	IDs []string `arg:"" name:"ids" help:"Ids of the tokens, as list shows them." placeholder:"IDS"`
}

// Run ends the tokens, all that there are.
func (c *tokensRevokeCommand) Run(a *app) error {
	s, err := c.tokens(a, false)
	if err != nil {
		return err
	}
	defer func() { _ = s.Close(context.WithoutCancel(a.ctx)) }()
	for _, id := range c.IDs {
		if err := s.RevokeToken(a.ctx, id, time.Now()); err != nil {
			return fmt.Errorf("%s: %w", id, err)
		}
		fmt.Fprintf(a.out, "%s is revoked\n", id)
	}
	return nil
}
