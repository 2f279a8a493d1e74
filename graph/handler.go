package graph

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
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
	"github.com/musubi-map/musubi/internal/limit"
	"github.com/musubi-map/musubi/internal/memo"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/wire"
)

// Handler answers GraphQL over HTTP from one executor: POST requests, and GET if
// allowed, with JSON or server-sent events, and WebSockets.
type Handler struct {
	exec     *executor.Executor
	live     live.Server
	viewer   func(context.Context) network.Viewer
	allowGet bool
	watch    watcher

	stopping atomic.Bool

	limits  *limit.Set
	flights *limit.Gate
	streams *limit.Gate
	rates   *limit.Rates
}

// NewHandler makes the handler for the resolvers.
func NewHandler(resolver *Resolver) *Handler {
	h, _ := newHandler(resolver)
	return h
}

func newHandler(resolver *Resolver) (*Handler, *documents) {
	r := *resolver
	r.Store = witness{r.Store}
	if r.Kept == nil {
		r.Kept = memo.New(answer.KeptBytes)
	}
	if r.Limits == nil {
		r.Limits = limit.Usual()
	}
	if r.Watch == nil {
		r.Watch = unwatched{}
	}
	watch := newWatcher(r.Watch, r.Trusted)
	writes := r.Store
	if r.Audit != nil {
		writes = recorded{r.Store, &r}
	}
	r.editor = &edit.Editor{Store: writes, Clock: r.Clock, Erased: r.Erased}
	docs := newDocuments(r.Limits.Most(limit.Documents))
	h := &Handler{exec: newExecutor(&r, docs, watch), watch: watch, viewer: r.Viewer, allowGet: r.AllowGet,
		limits: r.Limits, flights: r.Limits.Flights(), streams: r.Limits.OpenStreams(), rates: r.Limits.Rates()}
	h.live = live.Server{
		Exec: h.exec, Params: []string{AtLeastHeader}, Admit: admitting(r.Admit), QueryTimeout: h.timeout,
		WriteTimeout: r.Limits.Longest(limit.WriteTime), InitTimeout: r.Limits.Longest(limit.InitTime),
		MaxMessage: r.Limits.Most(limit.Message), MaxOperations: int(r.Limits.Most(limit.Operations)),
	}
	return h, docs
}

func newExecutor(r *Resolver, docs *documents, watch watcher) *executor.Executor {
	schema := generated.NewExecutableSchema(generated.Config{Resolvers: r})
	exec := executor.New(schema)
	exec.SetParserTokenLimit(int(r.Limits.Most(limit.Tokens)) + 1)
	exec.SetDefaultRulesFn(validation)
	exec.SetDisableSuggestion(true)
	exec.SetErrorPresenter(present)
	exec.SetRecoverFunc(func(context.Context, any) error {
		return network.Errorf(network.Internal, "something went wrong here; the fault is logged")
	})
	exec.Use(extension.Introspection{})
	exec.SetQueryCache(docs)
	if r.Trusted != nil {
		exec.Use(r.Trusted)
	} else {
		exec.Use(extension.AutomaticPersistedQuery{Cache: persisted{docs}})
	}
	exec.Use(&limiter{set: r.Limits, known: docs, prices: newPrices(schema.Schema()), viewer: r.Viewer})
	exec.Use(docs)
	exec.Use(variables{schema.Schema()})
	exec.AroundOperations(watch.operation)
	exec.AroundOperations(r.known)
	exec.AroundOperations(r.consistent)
	exec.AroundResponses(saying)
	exec.AroundResponses(bounded{r.Limits}.errors)
	exec.AroundResponses(numbered)
	exec.AroundResponses(watch.failures)
	return exec
}

// Stop has open WebSockets refuse new operations from now on, with UNAVAILABLE: the
// server is about to close them. Requests are answered still.
func (h *Handler) Stop() { h.stopping.Store(true) }

// ServeHTTP answers one operation, or those of a WebSocket.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if wire.IsSocket(r) {
		h.socket(w, r)
		return
	}
	who := h.who(r.Context(), r)
	if err := h.rates.Allow(who); err != nil {
		h.turnAway(w, err)
		return
	}
	if _, err := required(r.Header); err != nil {
		h.refuse(w, http.StatusBadRequest, network.InvalidValue, err.Error())
		return
	}
	asked, ok := h.take(w, r)
	if !ok {
		return
	}
	pass, err := h.flights.Enter(r.Context(), who)
	if err != nil {
		h.turnAway(w, err)
		return
	}
	defer pass.Leave()
	params, fault := asked.params()
	if fault != "" {
		h.refuse(w, http.StatusBadRequest, badRequest, fault)
		return
	}
	params.Headers = r.Header
	ctx := graphql.StartOperationTrace(store.WithRequest(r.Context(), r.Header.Get(wire.RequestID)))
	h.answer(w, r.WithContext(ctx), pass, asked, params)
}

func (h *Handler) answer(w http.ResponseWriter, r *http.Request, pass *limit.Pass, asked *request, params *graphql.RawParams) {
	op, errs := h.exec.CreateOperationContext(r.Context(), params)
	subscription := errs == nil && op.Operation.Operation == ast.Subscription
	takes := accepts(r.Header)
	if errs == nil && h.mayNot(w, r, asked, op) {
		return
	}
	switch {
	case takes.events && (subscription || !takes.json):
		h.events(w, r, pass, op, errs)
	case errs != nil:
		h.send(w, takes, op, h.exec.DispatchError(graphql.WithOperationContext(r.Context(), op), errs))
	case subscription:
		h.refuse(w, http.StatusNotAcceptable, badRequest, "a subscription answers with events: send the header Accept: text/event-stream, or use a WebSocket with the subprotocol graphql-transport-ws")
	default:
		saw := &seen{}
		ctx, cancel := context.WithTimeout(withSeen(r.Context(), saw), h.timeout(r.Context()))
		defer cancel()
		responses, ctx := h.exec.DispatchOperation(ctx, op)
		response := responses(ctx)
		if response == nil { // the deadline passed before it began
			response = h.exec.DispatchError(ctx, gqlerror.List{present(ctx, ctx.Err())})
		}
		pass.Done()
		if text := saw.String(); text != "" {
			w.Header().Set(RevisionHeader, text)
		}
		h.send(w, takes, op, response)
	}
}

// mayNot refuses what is valid but may not come this way: a mutation by GET, and
// a query in a body that only mutations may send.
func (h *Handler) mayNot(w http.ResponseWriter, r *http.Request, asked *request, op *graphql.OperationContext) bool {
	kind := op.Operation.Operation
	if asked.get && kind == ast.Mutation {
		w.Header().Set("Allow", http.MethodPost)
		h.refuse(w, http.StatusMethodNotAllowed, badRequest, "send a mutation as a POST request")
		return true
	}
	role := h.viewer(r.Context()).Role
	if size := int64(len(asked.body)); kind != ast.Mutation && size > h.limits.Of(role, limit.Body) {
		h.turnAway(w, h.limits.Exceed(role, limit.Body, size))
		return true
	}
	return false
}

// timeout is how long an operation of the viewer may take.
func (h *Handler) timeout(ctx context.Context) time.Duration {
	return h.limits.For(h.viewer(ctx).Role, limit.Time)
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
		return withoutQuotes(shown)
	}
	out := gqlerror.ErrorPathf(graphql.GetPath(ctx), "something went wrong here")
	out.Extensions = map[string]any{"code": string(network.Internal)}
	return out
}
