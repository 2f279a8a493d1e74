package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync/atomic"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/musubi-map/musubi/internal/store/neo4j"
)

// serveBare answers each question with the statement that somebody wrote for it,
// sent as the store sends its own: an auto-commit transaction with bookmarks, in
// read mode for a read. The answer is what the database gives, as JSON.
func serveBare(ctx context.Context, o options) error {
	d, err := driver.NewDriverWithContext(o.uri, driver.NoAuth())
	if err != nil {
		return err
	}
	defer func() { _ = d.Close(context.WithoutCancel(ctx)) }()
	mux := http.NewServeMux()
	for _, q := range texts {
		if q.cypher != "" {
			mux.HandleFunc("POST /"+q.path(), func(w http.ResponseWriter, r *http.Request) { answer(w, r, d, q) })
		}
	}
	return plainServer(ctx, o.at, withCost(withHits(mux), func() int64 { return 0 }))
}

func answer(w http.ResponseWriter, r *http.Request, d driver.DriverWithContext, q text) {
	var params map[string]any
	if err := json.NewDecoder(r.Body).Decode(&params); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	mode := driver.AccessModeRead
	if q.writes {
		mode = driver.AccessModeWrite
	}
	rows, err := column(r.Context(), d, mode, q.cypher, params)
	if err == nil && len(rows) != 1 {
		err = fmt.Errorf("%d rows instead of one", len(rows))
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	data, err := json.Marshal(rows[0])
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_, _ = w.Write(data)
}

// column gives what a statement of one column returns, in a transaction as the
// store's own.
func column(ctx context.Context, d driver.DriverWithContext, mode driver.AccessMode, text string, params map[string]any) (out []any, err error) {
	session := d.NewSession(ctx, driver.SessionConfig{AccessMode: mode, DatabaseName: neo4j.DefaultDatabase, BookmarkManager: d.ExecuteQueryBookmarkManager()})
	defer func() { _ = session.Close(context.WithoutCancel(ctx)) }()
	hits, profiled := ctx.Value(hitsKey{}).(*atomic.Int64)
	if profiled {
		text = "PROFILE " + text
	}
	result, err := session.Run(ctx, text, params)
	if err != nil {
		return nil, err
	}
	for result.Next(ctx) {
		out = append(out, result.Record().Values[0])
	}
	if profiled {
		summary, err := result.Consume(ctx)
		if err != nil {
			return nil, err
		}
		hits.Add(hitsOf(summary.Profile()))
	}
	return out, result.Err()
}
