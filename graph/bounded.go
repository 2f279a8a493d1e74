package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"github.com/musubi-map/musubi/internal/limit"
)

// bounded cuts the errors of an answer.
type bounded struct{ limits *limit.Set }

// errors keeps so many errors, as long as their texts stay within the limit; at
// least one is kept, cut to it.
func (b bounded) errors(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	r := next(ctx)
	if r == nil || len(r.Errors) == 0 {
		return r
	}
	r.Errors = r.Errors[:min(int64(len(r.Errors)), b.limits.Most(limit.Errors))]
	room := int(b.limits.Most(limit.ErrorBytes))
	for i, err := range r.Errors {
		size := len(err.Message) + errorFrame + 16*(len(err.Locations)+len(err.Path))
		if size > room && i == 0 {
			err.Message = cut(err.Message, room/2)
		} else if size > room {
			r.Errors = r.Errors[:i]
			return r
		}
		room -= size
	}
	return r
}

// errorFrame is what an error takes besides its message, by estimate.
const errorFrame = 100

// cut shortens a text to so many bytes, at the beginning of a character.
func cut(text string, size int) string {
	for i := range text {
		if i > size {
			return text[:i] + "…"
		}
	}
	return text
}
