package store

import "context"

type requestKey struct{}

// WithRequest notes for which request a store is asked, so that an operator who
// looks at a database server sees whose statement it is.
func WithRequest(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestKey{}, id)
}

// RequestOf is the request noted in the context; empty when there is none.
func RequestOf(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}
