package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync/atomic"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

// hitsHeader asks a side that sends statements itself to run those of a request
// under PROFILE, and to answer with what they took from the database.
const hitsHeader = "X-Bench-Hits"

type hitsKey struct{}

func withHits(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get(hitsHeader) == "" {
			h.ServeHTTP(w, r)
			return
		}
		var hits atomic.Int64
		answer := httptest.NewRecorder()
		h.ServeHTTP(answer, r.WithContext(context.WithValue(r.Context(), hitsKey{}, &hits)))
		if answer.Code != http.StatusOK {
			http.Error(w, answer.Body.String(), answer.Code)
			return
		}
		_, _ = fmt.Fprint(w, hits.Load())
	})
}

// hitsOf adds up a plan.
func hitsOf(p driver.ProfiledPlan) int64 {
	n := p.DbHits()
	for _, c := range p.Children() {
		n += hitsOf(c)
	}
	return n
}

// hits are the database hits of a request, the mean of the samples.
func (q question) hits(ctx context.Context, x *side) (float64, error) {
	var sum int64
	for i := range samples {
		path, body, err := q.request(x, i)
		if err != nil {
			return 0, err
		}
		data, err := post(ctx, x, path, body, hitsHeader)
		if err != nil {
			return 0, err
		}
		n, err := strconv.ParseInt(string(data), 10, 64)
		if err != nil || n == 0 {
			return 0, fmt.Errorf("%s tells of no database hits: %.200s", x.name, data)
		}
		sum += n
	}
	return float64(sum) / samples, nil
}
