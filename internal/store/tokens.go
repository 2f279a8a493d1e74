package store

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/musubi-map/musubi/internal/network"
)

// Token is the right to use a map over its API, as a store keeps it. It cannot be
// used to make the text that was shown to its bearer.
type Token struct {
	// ID names the token; it is a part of what its bearer sends, and no secret.
	ID string
	// Name says what it is for, in the words of whoever made it.
	Name string
	// Hash is the SHA-256 of the whole text that its bearer sends, in hexadecimal.
	Hash string
	Role network.Role
	// Organizations are those whose records its bearer may edit besides.
	Organizations []network.ID
	// Times are in UTC, to the second.
	Created, Expires time.Time
	Revoked          time.Time // zero: it is not
}

// TokenStore keeps the API tokens of a map, beside it: they are no records, make
// no revision, and stand in no log and no backup. It may be used by several
// processes at once; each finds what the others have written. Errors are
// *network.Error as those of [Store].
type TokenStore interface {
	// AddToken keeps a new token; Duplicate when there is one with its ID.
	AddToken(ctx context.Context, t *Token) error
	// Tokens are all that were ever added, in order of Created, then of ID. They
	// are the caller's.
	Tokens(ctx context.Context) ([]*Token, error)
	// RevokeToken ends a token; of one that is revoked the first time stays.
	// NotFound when there is none with the ID.
	RevokeToken(ctx context.Context, id string, at time.Time) error
}

// SortTokens puts tokens into the order that TokenStore gives them in.
func SortTokens(list []*Token) {
	slices.SortFunc(list, func(a, b *Token) int {
		return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.ID, b.ID))
	})
}

// Clone copies the token, so that neither shares anything with the other. Times
// become those a store keeps.
func (t *Token) Clone() *Token {
	c := *t
	c.Organizations = slices.Clone(t.Organizations)
	for _, at := range []*time.Time{&c.Created, &c.Expires, &c.Revoked} {
		*at = at.UTC().Truncate(time.Second)
	}
	return &c
}

// ErrTokenTaken is what AddToken says of an ID that is in use.
func ErrTokenTaken() *network.Error {
	return network.Errorf(network.Duplicate, "there is a token with this id already")
}

// ErrNoToken is what RevokeToken says of an ID that no token has.
func ErrNoToken() *network.Error {
	return network.Errorf(network.NotFound, "there is no token with this id; list the tokens for their ids")
}
