package graph

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/musubi-map/musubi/graph/plan"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// The headers by which a client reads its own writes, from whatever server.
const (
	// AtLeastHeader of a request is the revision that its answer must know of.
	AtLeastHeader = "Musubi-At-Least"
	// RevisionHeader of an answer is the revision it was read at: the lowest of
	// its root fields; of a mutation, that of the last write.
	RevisionHeader = "Musubi-Revision"
)

// patience is how long a read waits for the revision it requires.
const patience = 5 * time.Second

// required is the revision a request asks for; -1 when it asks for none.
func required(h http.Header) (int64, error) {
	text := h.Get(AtLeastHeader)
	if text == "" {
		return -1, nil
	}
	p, err := plan.ParsePosition(text)
	if err != nil {
		return 0, network.Errorf(network.InvalidValue, "the header %s is not a revision; take one from a revision field or from the header %s of an earlier answer, or leave it out", AtLeastHeader, RevisionHeader)
	}
	return p.Revision, nil
}

// atLeast waits until the store knows the revision; Timeout when that does not
// happen soon.
func (r *Resolver) atLeast(ctx context.Context, revision int64) error {
	if revision < 0 {
		return nil
	}
	waiting, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	_, err := r.Store.Wait(waiting, revision-1)
	if err != nil && waiting.Err() != nil && ctx.Err() == nil {
		return network.Errorf(network.Timeout, "revision %s has not arrived here within %s: ask again; when it does not help, it is of another map, or of this one before it was restored, and is best left out", plan.FormatRevision(revision), patience)
	}
	return err
}

// consistent lets an operation begin once the revision is there that it requires,
// and has its answer say what it saw.
func (r *Resolver) consistent(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	op := graphql.GetOperationContext(ctx)
	revision, err := required(op.Headers)
	if err == nil {
		err = r.atLeast(ctx, revision)
	}
	if err != nil {
		return graphql.OneShot(&graphql.Response{Errors: gqlerror.List{present(ctx, err)}})
	}
	if seenBy(ctx) == nil && op.Operation.Operation != ast.Subscription {
		ctx = withSeen(ctx, &seen{inBody: true})
	}
	return next(ctx)
}

// saying adds to an answer over a connection that stays open what the operation
// could cost, and the revision, for which others have a header. The events of a
// subscription are no answers.
func saying(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	response, s := next(ctx), seenBy(ctx)
	if s == nil || !s.inBody || response == nil {
		return response
	}
	if response.Extensions == nil {
		response.Extensions = map[string]any{}
	}
	if c, counted := costOf(graphql.GetOperationContext(ctx)); counted {
		response.Extensions["cost"] = c
	}
	if text := s.String(); text != "" {
		response.Extensions["revision"] = text
	}
	return response
}

// seen is what an operation has read and written so far.
type seen struct {
	inBody bool // the answer says it in its extensions

	mu            sync.Mutex
	any           bool
	lowest, wrote int64
}

type seenKey struct{}

func withSeen(ctx context.Context, s *seen) context.Context {
	return context.WithValue(ctx, seenKey{}, s)
}

func seenBy(ctx context.Context) *seen {
	s, _ := ctx.Value(seenKey{}).(*seen)
	return s
}

// String is the revision to tell; "" when nothing was read.
func (s *seen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.wrote > 0:
		return plan.FormatRevision(s.wrote)
	case s.any:
		return plan.FormatRevision(s.lowest)
	}
	return ""
}

func (s *seen) read(revision int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.any || revision < s.lowest {
		s.any, s.lowest = true, revision
	}
}

func (s *seen) write(revision int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wrote = max(s.wrote, revision)
}

// witness is a store that notes what an operation sees of it.
type witness struct{ store.Store }

// Fetch is the store's.
func (w witness) Fetch(ctx context.Context, p *store.Plan) (*store.Result, error) {
	result, err := w.Store.Fetch(ctx, p)
	if s := seenBy(ctx); s != nil && err == nil {
		s.read(result.Revision)
	}
	return result, err
}

// Apply is the store's.
func (w witness) Apply(ctx context.Context, b *store.Batch) (*store.Applied, error) {
	done, err := w.Store.Apply(ctx, b)
	if s := seenBy(ctx); s != nil && err == nil {
		s.write(done.Revision)
	}
	return done, err
}
