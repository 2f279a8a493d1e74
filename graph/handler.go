package graph

import (
	"context"
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/musubi-map/musubi/graph/answer"
	"github.com/musubi-map/musubi/graph/generated"
	"github.com/musubi-map/musubi/graph/live"
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

// writeGrace is what a slow reader gets beyond that to take its answer away.
const writeGrace = 10 * time.Second

// Handler answers GraphQL over HTTP from one executor: POST requests, with JSON
// or server-sent events, and WebSockets.
type Handler struct {
	exec *executor.Executor
	live live.Server
	// timeout bounds an operation that is no subscription.
	timeout time.Duration
}

// NewHandler makes the handler for the resolvers.
func NewHandler(resolver *Resolver) *Handler {
	h, _ := newHandler(resolver, documentBytes)
	return h
}

// newHandler makes a handler that keeps documents of so many bytes.
func newHandler(resolver *Resolver, limit int64) (*Handler, *documents) {
	r := *resolver
	r.Store = witness{r.Store}
	if r.Kept == nil {
		r.Kept = memo.New(answer.KeptBytes)
	}
	if r.QueryTimeout == 0 {
		r.QueryTimeout = DefaultQueryTimeout
	}
	r.editor = &edit.Editor{Store: r.Store, Clock: r.Clock}
	exec := executor.New(generated.NewExecutableSchema(generated.Config{Resolvers: &r}))
	exec.SetParserTokenLimit(maxTokens)
	exec.SetErrorPresenter(present)
	exec.SetRecoverFunc(func(context.Context, any) error {
		return network.Errorf(network.Internal, "something went wrong here; the fault is logged")
	})
	exec.Use(extension.Introspection{})
	docs := newDocuments(limit)
	exec.SetQueryCache(docs)
	exec.Use(shapeLimit{docs})
	exec.Use(docs)
	exec.Use(plainLists{})
	exec.AroundOperations(r.known)
	exec.AroundOperations(r.consistent)
	exec.AroundResponses(saying)
	return &Handler{exec, live.Server{Exec: exec, Params: []string{AtLeastHeader}, Admit: admitting(r.Admit), QueryTimeout: r.QueryTimeout}, r.QueryTimeout}, docs
}

// ServeHTTP answers one operation, or those of a WebSocket.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Method == http.MethodGet && strings.EqualFold(r.Header.Get("Upgrade"), "websocket"):
		h.live.Socket(w, r)
		return
	case r.Method != http.MethodPost:
		w.Header().Set("Allow", http.MethodPost)
		refuse(w, http.StatusMethodNotAllowed, badRequest, "send the query as a POST request")
		return
	}
	if t, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); t != "application/json" {
		refuse(w, http.StatusUnsupportedMediaType, badRequest, "send the query as application/json")
		return
	}
	if _, err := required(r.Header); err != nil {
		refuse(w, http.StatusBadRequest, network.InvalidValue, err.Error())
		return
	}
	params := &graphql.RawParams{Headers: r.Header}
	if err := live.Decode(r.Body, params); err != nil {
		refuse(w, http.StatusBadRequest, badRequest, `the body must be one JSON object with "query", and perhaps "variables" and "operationName"`)
		return
	}
	h.answer(w, r.WithContext(graphql.StartOperationTrace(store.WithRequest(r.Context(), r.Header.Get("X-Request-Id")))), params)
}

func (h *Handler) answer(w http.ResponseWriter, r *http.Request, params *graphql.RawParams) {
	op, errs := h.exec.CreateOperationContext(r.Context(), params)
	subscription := errs == nil && op.Operation.Operation == ast.Subscription
	events, plain := accepts(r.Header)
	switch {
	case events && (subscription || !plain):
		h.live.Events(w, r, op, errs)
	case errs != nil:
		send(w, h.exec.DispatchError(graphql.WithOperationContext(r.Context(), op), limited(errs)))
	case subscription:
		refuse(w, http.StatusNotAcceptable, badRequest, "a subscription answers with events: send the header Accept: text/event-stream, or use a WebSocket with the subprotocol graphql-transport-ws")
	default:
		if events { // the HTTP edge took it for a stream and lifted its time limit for writing
			_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(h.timeout + writeGrace))
		}
		saw := &seen{}
		ctx, cancel := context.WithTimeout(withSeen(r.Context(), saw), h.timeout)
		defer cancel()
		responses, ctx := h.exec.DispatchOperation(ctx, op)
		response := responses(ctx)
		if response == nil { // the deadline passed before it began
			response = h.exec.DispatchError(ctx, gqlerror.List{present(ctx, ctx.Err())})
		}
		if text := saw.String(); text != "" {
			w.Header().Set(RevisionHeader, text)
		}
		send(w, response)
	}
}

// accepts tells whether the client takes events, and whether it takes JSON.
func accepts(h http.Header) (events, plain bool) {
	accept := strings.ToLower(strings.Join(h.Values("Accept"), ","))
	return strings.Contains(accept, live.EventStream), accept == "" || strings.Contains(accept, "json") || strings.Contains(accept, "*/*")
}

// limited cuts a list of errors to twenty.
func limited(errs gqlerror.List) gqlerror.List {
	if len(errs) > 20 {
		return errs[:20]
	}
	return errs
}

// badRequest is the code of a request that is no GraphQL over HTTP.
const badRequest network.ErrorCode = "BAD_REQUEST"

func refuse(w http.ResponseWriter, status int, code network.ErrorCode, message string) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"errors": []any{map[string]any{"message": message, "extensions": map[string]any{"code": code}}}})
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
		return present(ctx, late(err, ""))
	case errors.As(err, &shown) && shown.Unwrap() == nil:
		return shown
	}
	out := gqlerror.ErrorPathf(graphql.GetPath(ctx), "something went wrong here")
	out.Extensions = map[string]any{"code": string(network.Internal)}
	return out
}
