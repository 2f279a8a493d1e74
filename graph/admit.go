package graph

import (
	"context"
	"fmt"

	"github.com/musubi-map/musubi/graph/live"
	"github.com/musubi-map/musubi/internal/network"
)

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
