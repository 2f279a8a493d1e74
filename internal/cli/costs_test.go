package cli

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/musubi-map/musubi/graph"
	"github.com/musubi-map/musubi/internal/limit"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store/memory"
)

// Whoever reads the published questions may ask them, whatever the role.
func TestDoThePublishedQuestionsFitWithinTheLimits(t *testing.T) {
	s := memory.New(memory.Options{})
	if err := loadSample(&app{ctx: t.Context(), out: io.Discard, errOut: t.Output(), log: slog.New(slog.DiscardHandler)}, s); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("../../docs/queries/*.graphql")
	if err != nil || len(files) == 0 {
		t.Fatal("no questions", err)
	}
	for _, role := range []network.Role{network.RoleAnalyst, network.RoleViewer} {
		h := graph.NewHandler(&graph.Resolver{Store: s, Clock: network.SystemClock(), Today: network.MustDate(sampleToday), FixedToday: true, Limits: limit.With("rate", "0"),
			Viewer: func(context.Context) network.Viewer { return network.Viewer{Role: role} }})
		for _, file := range files {
			query, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			variables, err := os.ReadFile(strings.TrimSuffix(file, ".graphql") + ".json")
			if err != nil {
				variables = []byte("{}")
			}
			answer := post(h, string(query), variables)
			var got struct {
				Errors     []struct{ Extensions struct{ Limit string } }
				Extensions struct {
					Cost struct{ Requested, Allowed int64 }
				}
			}
			if err := json.Unmarshal(answer, &got); err != nil {
				t.Fatal(err)
			}
			refused := len(got.Errors) > 0 && got.Errors[0].Extensions.Limit != ""
			t.Logf("%s %s: cost %d of %d", role, filepath.Base(file), got.Extensions.Cost.Requested, got.Extensions.Cost.Allowed)
			if refused {
				t.Errorf("%s: %.300s", file, answer)
			}
		}
	}
}
