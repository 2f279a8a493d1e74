package cli

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/musubi-map/musubi/graph"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/memory"
)

// overdue is a store that answers nothing in time.
type overdue struct{ store.Store }

func (overdue) Fetch(context.Context, *store.Plan) (*store.Result, error) {
	return nil, network.Errorf(network.Timeout, "the time limit passed")
}

func TestDoesEveryRootFieldSayAtTheDeadlineHowToNarrowTheQuestion(t *testing.T) {
	s := memory.New(memory.Options{})
	if err := loadSample(&app{ctx: t.Context(), out: io.Discard, errOut: t.Output(), log: slog.New(slog.DiscardHandler)}, s); err != nil {
		t.Fatal(err)
	}
	over := func(s store.Store) *graph.Handler {
		return graph.NewHandler(&graph.Resolver{Store: s, Clock: network.SystemClock(), Today: network.MustDate(sampleToday), FixedToday: true,
			Viewer: func(context.Context) network.Viewer { return network.Admin("open") }})
	}
	variables := sampleVariables(t, over(s))
	for _, c := range statementsFor {
		if answer := post(over(overdue{s}), c.query, variables); !saysHowToNarrow(answer) {
			t.Errorf("%s: %.500s", c.name, answer)
		}
	}
	passed, cancel := context.WithDeadline(t.Context(), time.Now())
	defer cancel()
	if answer := postIn(passed, over(s), `{ schools { totalCount } }`, nil); !saysHowToNarrow(answer) {
		t.Errorf("when it passed before anything ran: %s", answer)
	}
}

// saysHowToNarrow tells of an answer that is nothing but errors TIMEOUT which say
// what to do.
func saysHowToNarrow(answer []byte) bool {
	var late struct {
		Errors []struct {
			Message    string
			Extensions struct{ Code string }
		}
	}
	if err := json.Unmarshal(answer, &late); err != nil || len(late.Errors) == 0 {
		return false
	}
	for _, e := range late.Errors {
		_, do, _ := strings.Cut(e.Message, ": ")
		verb, _, _ := strings.Cut(do, " ")
		if e.Extensions.Code != string(network.Timeout) || !slices.Contains([]string{"ask", "narrow", "name", "give"}, verb) {
			return false
		}
	}
	return true
}
