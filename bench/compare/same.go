package main

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/musubi-map/musubi/graph"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/neo4j"
)

// serveStatements answers a question the first time as ours do, and from then on
// with nothing but the statements that this took: sent by the bare driver in the
// same kind of transaction, what the database gives as JSON. What is between this
// and ours is what ours adds to the database.
func serveStatements(ctx context.Context, o options) error {
	s, err := neo4j.Open(ctx, neo4j.Options{URI: o.uri, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	defer func() { _ = s.Close(context.WithoutCancel(ctx)) }()
	d, err := driver.NewDriverWithContext(o.uri, driver.NoAuth())
	if err != nil {
		return err
	}
	defer func() { _ = d.Close(context.WithoutCancel(ctx)) }()
	resolver := &graph.Resolver{Store: noting{s}, Clock: network.SystemClock(), Viewer: func(context.Context) network.Viewer { return network.Admin("bench") }}
	ours := graph.NewHandler(resolver)
	var known sync.Map // body → []statement
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		if statements, is := known.Load(string(body)); is {
			again(w, r, d, statements.([]statement))
			return
		}
		var sent []statement
		again := r.Clone(context.WithValue(r.Context(), sentKey{}, &sent))
		again.Body = io.NopCloser(strings.NewReader(string(body)))
		ours.ServeHTTP(w, again)
		if len(sent) > 0 {
			known.Store(string(body), slices.Clone(sent))
		}
	})
	return plainServer(ctx, o.at, withCost(withHits(h), func() int64 { return 0 }))
}

type statement struct {
	text   string
	params map[string]any
}

type sentKey struct{}

// noting notes the statements of a request.
type noting struct{ *neo4j.Store }

func (s noting) Fetch(ctx context.Context, p *store.Plan) (*store.Result, error) {
	if sent, is := ctx.Value(sentKey{}).(*[]statement); is {
		text, params := s.Explain(p)
		*sent = append(*sent, statement{text, params})
	}
	return s.Store.Fetch(ctx, p)
}

func again(w http.ResponseWriter, r *http.Request, d driver.DriverWithContext, statements []statement) {
	var rows []any
	for _, st := range statements {
		got, err := column(r.Context(), d, driver.AccessModeRead, st.text, st.params)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		rows = append(rows, got...)
	}
	data, err := json.Marshal(rows)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_, _ = w.Write(data)
}
