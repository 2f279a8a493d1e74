package graph

import (
	"context"
	"maps"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/musubi-map/musubi/internal/store"
)

// numbered adds to every error of an answer the id of its request, by which an
// operator finds it in the log.
func numbered(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	r := next(ctx)
	if r != nil {
		for i, err := range r.Errors {
			r.Errors[i] = withRequestID(err, store.RequestOf(ctx))
		}
	}
	return r
}

// withRequestID is the error with the id, if there is one; the error given is left
// as it is.
func withRequestID(err *gqlerror.Error, id string) *gqlerror.Error {
	if id == "" {
		return err
	}
	out := *err
	if out.Extensions = maps.Clone(err.Extensions); out.Extensions == nil {
		out.Extensions = map[string]any{}
	}
	out.Extensions["requestId"] = id
	return &out
}
