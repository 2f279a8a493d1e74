package neo4j_test

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/neo4j"
	"github.com/musubi-map/musubi/internal/store/storetest"
)

type timed struct{ *neo4j.Store }

var n int
var total time.Duration

func (s timed) Fetch(ctx context.Context, p *store.Plan) (*store.Result, error) {
	t := time.Now()
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	r, err := s.Store.Fetch(ctx, p)
	d := time.Since(t)
	n++
	total += d
	if n%50 == 0 {
		fmt.Fprintln(os.Stderr, n, total)
	}
	if d > 2*time.Second {
		text, _ := s.Explain(p)
		fmt.Fprintln(os.Stderr, "SLOW", d, len(text), err)
		os.WriteFile(fmt.Sprintf("/tmp/mynj/slow%d.cypher", n), []byte(text), 0o644)
	}
	return r, err
}

func TestZZSlow(t *testing.T) {
	storetest.Differential(t, 1, 150, openMemory, func(t testing.TB) store.Store { return timed{openEmpty(t)} })
}
