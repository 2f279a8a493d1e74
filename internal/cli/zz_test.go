package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"testing"
	"time"

	"github.com/musubi-map/musubi/graph"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

type spy struct{ store.Store }

func (s spy) Fetch(ctx context.Context, p *store.Plan) (*store.Result, error) {
	t := time.Now()
	r, err := s.Store.Fetch(ctx, p)
	fmt.Println("   fetch", time.Since(t).Round(time.Millisecond), len(p.Roots), "roots")
	return r, err
}

func TestZZ(t *testing.T) {
	s := openNeo4j(t)
	if err := loadSample(&app{ctx: t.Context(), out: io.Discard, errOut: t.Output(), log: slog.New(slog.DiscardHandler)}, s); err != nil {
		t.Fatal(err)
	}
	h := graph.NewHandler(&graph.Resolver{Store: spy{s}, Clock: network.SystemClock(), Today: network.MustDate(sampleToday), FixedToday: true,
		Viewer: func(context.Context) network.Viewer { return network.Admin("open") }})
	for _, q := range []string{"02-whom-to-ask", "04-transfers-in-april", "05-why-it-stalled", "06-who-must-be-heard", "08-consultants-for-interviews"} {
		query, _ := os.ReadFile("../../docs/queries/" + q + ".graphql")
		vars, _ := os.ReadFile("../../docs/queries/" + q + ".json")
		for range 2 {
			fmt.Println(q)
			post(h, string(query), json.RawMessage(vars))
		}
	}
}
