package graph

import (
	"context"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"

	"github.com/musubi-map/musubi/docs"
	"github.com/musubi-map/musubi/internal/network"
)

// Watch is told what a handler does, for figures and traces: never a value, a text
// of a client or who it is. Its methods may be called at the same time.
type Watch interface {
	// Operation is told of a query, mutation or subscription that begins. Its name
	// is given when a published or trusted document has it, else OtherName: clients
	// could put anything there. The context is that of the operation; end is to be
	// called once, with the code of its first error, "" when there was none.
	Operation(ctx context.Context, kind, name string) (_ context.Context, end func(code string))
	// Plan is told that the selection of a root field is being planned, until end.
	Plan(ctx context.Context, field string) (end func())
	// Failed is told of an error that a client gets, by its code, and the limit by
	// which it was refused, "" for none.
	Failed(code, limit string)
}

// OtherName stands for the name of an operation that is in no known document.
const OtherName = "other"

// unwatched is the watch of nobody.
type unwatched struct{}

func (unwatched) Operation(ctx context.Context, _, _ string) (context.Context, func(string)) {
	return ctx, func(string) {}
}
func (unwatched) Plan(context.Context, string) func() { return func() {} }
func (unwatched) Failed(_, _ string)                  {}

// watcher tells a watch of operations.
type watcher struct {
	Watch
	names map[string]bool
}

func newWatcher(w Watch, trusted *Trusted) watcher {
	out := watcher{w, map[string]bool{}}
	for _, text := range docs.Published() {
		out.learn(text)
	}
	if trusted != nil {
		for _, text := range trusted.byID {
			out.learn(text)
		}
	}
	return out
}

// learn takes the names of the operations of a document.
func (w watcher) learn(text string) {
	doc, err := parser.ParseQuery(&ast.Source{Input: text})
	if err != nil {
		return
	}
	for _, op := range doc.Operations {
		w.names[op.Name] = op.Name != ""
	}
}

func (w watcher) nameOf(op *ast.OperationDefinition) string {
	if w.names[op.Name] {
		return op.Name
	}
	return OtherName
}

// operation tells of one that is valid and begins, and of its end: its answer, or
// of a subscription that it has no more of them.
func (w watcher) operation(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	op := graphql.GetOperationContext(ctx).Operation
	ctx, end := w.Operation(ctx, string(op.Operation), w.nameOf(op))
	code := "" // of the last answer
	end = onceWith(end)
	subscription := op.Operation == ast.Subscription
	responses := next(ctx)
	if subscription {
		context.AfterFunc(ctx, func() { end("") })
	}
	return func(ctx context.Context) *graphql.Response {
		r := responses(ctx)
		if r != nil {
			code = codeOf(r.Errors)
		}
		if r == nil || !subscription {
			end(code)
		}
		return r
	}
}

func onceWith(end func(string)) func(string) {
	var once sync.Once
	return func(code string) { once.Do(func() { end(code) }) }
}

// failures tells of the errors of an answer.
func (w watcher) failures(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	r := next(ctx)
	if r != nil {
		for _, err := range r.Errors {
			w.failed(err)
		}
	}
	return r
}

func (w watcher) failed(err *gqlerror.Error) {
	limit, _ := err.Extensions["limit"].(string)
	w.Failed(codeOf(gqlerror.List{err}), limit)
}

// codeOf is the code of the first error; "" when there is none.
func codeOf(errs gqlerror.List) string {
	if len(errs) == 0 {
		return ""
	}
	switch code := errs[0].Extensions["code"].(type) {
	case string:
		return code
	case network.ErrorCode:
		return string(code)
	}
	return string(network.Internal)
}
