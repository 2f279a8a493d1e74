package auth

import (
	"context"
	"time"

	"github.com/musubi-map/musubi/internal/network"
)

// Identity is who a token stands for, and for how long.
type Identity struct {
	Viewer network.Viewer
	// Expires is when the token ends.
	Expires time.Time
	// still tells whether the token counts yet; nil: until it expires.
	still func(context.Context) error
}

type identityKey struct{}

// With notes in the context who asks.
func With(ctx context.Context, id *Identity) context.Context {
	return context.WithValue(ctx, identityKey{}, id)
}

// Of is who asks, as noted in the context; nil when nobody is.
func Of(ctx context.Context) *Identity {
	id, _ := ctx.Value(identityKey{}).(*Identity)
	return id
}

// Viewer is on whose behalf something is done in the context: without an identity,
// as before the connection_init of a socket, a viewer without a name. Whoever
// answers them must look for the name: every identity has one.
func Viewer(ctx context.Context) network.Viewer {
	if id := Of(ctx); id != nil {
		return id.Viewer
	}
	return network.Viewer{}
}
