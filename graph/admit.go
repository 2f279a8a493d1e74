package graph

import (
	"context"
	"fmt"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/musubi-map/musubi/graph/live"
	"github.com/musubi-map/musubi/internal/network"
)

// known refuses an operation that has come past all who ask for a token: it must
// not be answered as that of somebody with few rights.
func (r *Resolver) known(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	if r.Admit == nil || r.Viewer(ctx).Actor != "" {
		return next(ctx)
	}
	return graphql.OneShot(&graphql.Response{Errors: gqlerror.List{present(ctx, network.Errorf(network.Unauthenticated, "nobody has said who asks"))}})
}

// admitting is admit for sockets: they know two ways to refuse.
func admitting(admit func(context.Context, map[string]any) (context.Context, error)) func(context.Context, map[string]any) (context.Context, error) {
	if admit == nil {
		return nil
	}
	return func(ctx context.Context, payload map[string]any) (context.Context, error) {
		admitted, err := admit(ctx, payload)
		if network.CodeOf(err) == network.Unavailable {
			err = fmt.Errorf("%w: %w", live.ErrLater, err)
		}
		return admitted, err
	}
}
