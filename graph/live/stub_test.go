package live

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience is for what must happen soon; nothing waits that long when all is well.
const patience = 20 * time.Second

func soon(context.Context) time.Duration { return 50 * time.Millisecond }

// stub executes operations by their text.
type stub struct {
	running atomic.Int32 // streams that wait
}

func (*stub) CreateOperationContext(_ context.Context, p *graphql.RawParams) (*graphql.OperationContext, gqlerror.List) {
	op := &graphql.OperationContext{RawQuery: p.Query, Headers: p.Headers, Operation: &ast.OperationDefinition{Operation: ast.Query}}
	if strings.HasPrefix(p.Query, "subscription") {
		op.Operation.Operation = ast.Subscription
	}
	if p.Query == "invalid" {
		return op, gqlerror.List{gqlerror.Errorf("not valid")}
	}
	return op, nil
}

func (*stub) DispatchError(_ context.Context, list gqlerror.List) *graphql.Response {
	return &graphql.Response{Errors: list}
}

func (*stub) PresentRecoveredError(context.Context, any) error { return errors.New("hidden") }

func data(v any) *graphql.Response {
	raw, _ := json.Marshal(v)
	return &graphql.Response{Data: raw}
}

func (s *stub) DispatchOperation(ctx context.Context, op *graphql.OperationContext) (graphql.ResponseHandler, context.Context) {
	switch op.RawQuery {
	case "query":
		return graphql.OneShot(data("answer")), ctx
	case "query header":
		return graphql.OneShot(data(op.Headers.Get("Token") + "," + op.Headers.Get("Other"))), ctx
	case "query panic":
		panic("in the operation")
	case "query slow":
		return func(ctx context.Context) *graphql.Response { <-ctx.Done(); return nil }, ctx
	case "subscription refused":
		return graphql.OneShot(&graphql.Response{Errors: gqlerror.List{gqlerror.Errorf("no such thing")}}), ctx
	}
	values := make(chan any)
	Go(ctx, func() {
		defer close(values)
		s.emit(ctx, op.RawQuery, func(v any) {
			select {
			case values <- v:
			case <-ctx.Done():
			}
		})
	})
	return func(ctx context.Context) *graphql.Response {
		select {
		case v, ok := <-values:
			if ok {
				return data(v)
			}
		case <-ctx.Done():
		}
		return nil
	}, ctx
}

func (s *stub) emit(ctx context.Context, query string, to func(any)) {
	switch query {
	case "subscription count":
		for i := range 3 {
			to(i)
		}
	case "subscription fails":
		to(0)
		Fail(ctx, errors.New("broke off"))
	case "subscription panics":
		to(0)
		panic("in the stream")
	case "subscription flood":
		s.running.Add(1)
		defer s.running.Add(-1)
		for ctx.Err() == nil {
			to(strings.Repeat("x", 1<<16))
		}
	default:
		s.running.Add(1)
		defer s.running.Add(-1)
		<-ctx.Done()
	}
}

// serve runs a server whose requests end with stop.
func serve(t *testing.T, s Server) (address string, stub_ *stub, stop context.CancelFunc) {
	t.Helper()
	exec := &stub{}
	s.Exec = exec
	s.Params = []string{"Token"}
	ctx, stop := context.WithCancel(context.Background())
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		inner, cancel := context.WithCancel(r.Context())
		defer cancel()
		defer context.AfterFunc(ctx, cancel)()
		r = r.WithContext(inner)
		if r.Header.Get("Upgrade") != "" {
			s.Socket(w, r)
			return
		}
		op, errs := exec.CreateOperationContext(inner, &graphql.RawParams{Query: r.URL.Query().Get("query")})
		s.Events(w, r, free{}, op, errs)
	}))
	t.Cleanup(func() {
		stop()
		srv.Close()
		eventually(t, "streams end", func() bool { return exec.running.Load() == 0 })
	})
	return srv.Listener.Addr().String(), exec, stop
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !holds(); {
		if time.Now().After(deadline) {
			t.Fatal(fmt.Sprint(what, ": not in time"))
		}
		time.Sleep(time.Millisecond)
	}
}
