package graph

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/musubi-map/musubi/graph/answer"
	"github.com/musubi-map/musubi/graph/generated"
	"github.com/musubi-map/musubi/internal/edit"
	"github.com/musubi-map/musubi/internal/memo"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// Limits of one request, before anything runs.
const (
	maxTokens    = 4000
	maxDepth     = 20
	maxFields    = 100 // in one selection set
	maxExpanded  = 5000
	maxFragments = 50
)

// Handler answers POST requests of GraphQL over HTTP from one executor.
type Handler struct{ exec *executor.Executor }

// NewHandler makes the handler for the resolvers.
func NewHandler(r *Resolver) *Handler {
	if r.Kept == nil {
		r.Kept = memo.New(answer.KeptBytes)
	}
	r.editor = &edit.Editor{Store: r.Store, Clock: r.Clock}
	exec := executor.New(generated.NewExecutableSchema(generated.Config{Resolvers: r}))
	exec.SetParserTokenLimit(maxTokens)
	exec.SetErrorPresenter(present)
	exec.SetRecoverFunc(func(context.Context, any) error {
		return network.Errorf(network.Internal, "something went wrong here; the fault is logged")
	})
	exec.Use(extension.Introspection{})
	exec.Use(shapeLimit{})
	return &Handler{exec}
}

// ServeHTTP answers one operation.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		refuse(w, http.StatusMethodNotAllowed, "send the query as a POST request")
		return
	}
	if t, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); t != "application/json" {
		refuse(w, http.StatusUnsupportedMediaType, "send the query as application/json")
		return
	}
	ctx := graphql.StartOperationTrace(store.WithRequest(r.Context(), r.Header.Get("X-Request-Id")))
	params := &graphql.RawParams{Headers: r.Header}
	if err := decode(r.Body, params); err != nil {
		refuse(w, http.StatusBadRequest, `the body must be one JSON object with "query", and perhaps "variables" and "operationName"`)
		return
	}
	op, errs := h.exec.CreateOperationContext(ctx, params)
	if errs != nil {
		h.send(w, h.exec.DispatchError(graphql.WithOperationContext(ctx, op), limited(errs)))
		return
	}
	if op.Operation.Operation == ast.Subscription {
		refuse(w, http.StatusBadRequest, "subscriptions are not offered over POST")
		return
	}
	responses, ctx := h.exec.DispatchOperation(ctx, op)
	h.send(w, responses(ctx))
}

// limited cuts a list of errors to twenty.
func limited(errs gqlerror.List) gqlerror.List {
	if len(errs) > 20 {
		return errs[:20]
	}
	return errs
}

func decode(body io.Reader, p *graphql.RawParams) error {
	d := json.NewDecoder(body)
	d.UseNumber()
	if err := d.Decode(p); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more than one value")
	}
	return nil
}

func (h *Handler) send(w http.ResponseWriter, r *graphql.Response) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	data, err := json.Marshal(r)
	if err != nil {
		refuse(w, http.StatusInternalServerError, "the answer could not be written")
		return
	}
	_, _ = w.Write(data)
}

func refuse(w http.ResponseWriter, status int, message string) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"errors": []any{map[string]any{"message": message, "extensions": map[string]any{"code": "BAD_REQUEST"}}}})
}

// present lets out typed errors with their code and the argument they are
// about; anything else becomes INTERNAL without its text.
func present(ctx context.Context, err error) *gqlerror.Error {
	var typed *network.Error
	var shown *gqlerror.Error
	switch {
	case errors.As(err, &typed):
		out := gqlerror.ErrorPathf(graphql.GetPath(ctx), "%s", typed.Error())
		out.Extensions = map[string]any{"code": string(typed.Code)}
		if len(typed.Path) > 0 {
			out.Extensions["argument"] = typed.Path
		}
		return out
	case errors.Is(err, context.DeadlineExceeded):
		out := gqlerror.ErrorPathf(graphql.GetPath(ctx), "the query took too long; ask for less at a time")
		out.Extensions = map[string]any{"code": string(network.Timeout)}
		return out
	case errors.As(err, &shown) && shown.Unwrap() == nil:
		return shown
	}
	out := gqlerror.ErrorPathf(graphql.GetPath(ctx), "something went wrong here")
	out.Extensions = map[string]any{"code": string(network.Internal)}
	return out
}
