package neo4j

import (
	"context"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

var _ store.TokenStore = (*Store)(nil)

// Times of tokens are texts, RFC 3339 in UTC: they sort as they follow each other.
const (
	addToken    = "OPTIONAL MATCH (old:_Token {id: $id}) WITH old WHERE old IS NULL CREATE (n:_Token) SET n = $props RETURN true AS row"
	revokeToken = "MATCH (n:_Token {id: $id}) SET n.revoked = coalesce(n.revoked, $at) RETURN true AS row"
	allTokens   = "RETURN COLLECT { MATCH (n:_Token) RETURN properties(n) } AS answer"
)

// AddToken keeps a new token.
func (s *Store) AddToken(ctx context.Context, t *store.Token) error {
	t = t.Clone()
	props := map[string]any{"id": t.ID, "name": t.Name, "hash": t.Hash, "role": t.Role.String(), "organizations": idList(t.Organizations),
		"created": t.Created.Format(time.RFC3339), "expires": t.Expires.Format(time.RFC3339)}
	if !t.Revoked.IsZero() {
		props["revoked"] = t.Revoked.Format(time.RFC3339)
	}
	err := s.writeToken(ctx, addToken, map[string]any{"id": t.ID, "props": props}, store.ErrTokenTaken())
	if serverCode(err) == codeConstraint { // another process was faster
		return store.ErrTokenTaken()
	}
	return err
}

// RevokeToken ends a token. A follower of a cluster may know of it a moment later.
func (s *Store) RevokeToken(ctx context.Context, id string, at time.Time) error {
	return s.writeToken(ctx, revokeToken, map[string]any{"id": id, "at": at.UTC().Format(time.RFC3339)}, store.ErrNoToken())
}

// writeToken runs a statement that gives a row when it has done something;
// otherwise is the error when it gives none.
func (s *Store) writeToken(ctx context.Context, text string, params map[string]any, otherwise *network.Error) error {
	return s.inWriteTransaction(ctx, "token", func(ctx context.Context, tx driver.ManagedTransaction) error {
		rows, err := list(ctx, tx, text, params)
		if err == nil && len(rows) == 0 {
			return otherwise
		}
		return err
	})
}

// Tokens are all that were ever added.
func (s *Store) Tokens(ctx context.Context) ([]*store.Token, error) {
	found, err := s.read(ctx, "tokens", allTokens, nil)
	if err != nil {
		return nil, err
	}
	out := make([]*store.Token, len(found))
	for i, props := range found {
		if out[i], err = decodeToken(props); err != nil {
			return nil, err
		}
	}
	store.SortTokens(out)
	return out, nil
}

func decodeToken(v any) (*store.Token, error) {
	props, _ := v.(map[string]any)
	str := func(name string) string { text, _ := props[name].(string); return text }
	t := &store.Token{ID: str("id"), Name: str("name"), Hash: str("hash")}
	var err error
	if t.Role, err = network.ParseRole(str("role")); err != nil {
		return nil, internalf("a token has no role")
	}
	organizations, _ := props["organizations"].([]any)
	for _, o := range organizations {
		id, _ := o.(string)
		t.Organizations = append(t.Organizations, network.ID(id))
	}
	for _, at := range []struct {
		name string
		to   *time.Time
	}{{"created", &t.Created}, {"expires", &t.Expires}, {"revoked", &t.Revoked}} {
		if text := str(at.name); text != "" || at.name != "revoked" {
			if *at.to, err = time.Parse(time.RFC3339, text); err != nil {
				return nil, internalf("a token has no time %s", at.name)
			}
		}
	}
	return t, nil
}
