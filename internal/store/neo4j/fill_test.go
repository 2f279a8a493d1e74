package neo4j_test

import (
	"context"
	"slices"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/neo4j"
	"github.com/musubi-map/musubi/internal/verify/verifytest"
)

// filling fills in what it can, without receipts, and applies the rest.
type filling struct {
	*neo4j.Store
	filled int
}

func (f *filling) Apply(ctx context.Context, b *store.Batch) (*store.Applied, error) {
	if len(b.Writes) == 0 || slices.ContainsFunc(b.Writes, func(w store.Write) bool { return w.Action != store.Create }) {
		return f.Store.Apply(ctx, b)
	}
	f.filled += len(b.Writes)
	plain := *b
	plain.Receipt = nil
	return f.Fill(ctx, &plain)
}

// The verification holds records, links, labels, log and head against each other.
func TestDoesFillLeaveWhatApplyWouldLeave(t *testing.T) {
	f := &filling{Store: openEmpty(t)}
	if err := verifytest.Fill(t.Context(), f); err != nil {
		t.Fatal(err)
	}
	if err := f.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if report := verified(t, f.Store); report.Revision != verifytest.Revision || f.filled < 10 {
		t.Errorf("revision %d after %d records filled in", report.Revision, f.filled)
	}
}

func TestWhatDoesFillRefuse(t *testing.T) {
	s := openEmpty(t)
	area := func(id, parent network.ID) store.Write {
		fields := map[string]any{"name": "架空", "level": "LOCALITY"}
		if parent != "" {
			fields["parent"] = parent
		}
		return store.Write{Action: store.Create, After: &network.Record{ID: id, Kind: "Area", Fields: fields}}
	}
	fill := func(ws ...store.Write) network.ErrorCode {
		t.Helper()
		_, err := s.Fill(context.Background(), &store.Batch{Writes: ws})
		return network.CodeOf(err)
	}
	if code := fill(area("a", "")); code != "" {
		t.Fatal(code)
	}
	update := area("a", "")
	update.Action, update.IfVersion = store.Update, 1
	for what, c := range map[string]struct{ got, want network.ErrorCode }{
		"a change":                {fill(update), network.InvalidValue},
		"an ID that is taken":     {fill(area("a", "")), network.Conflict},
		"a reference to nothing":  {fill(area("b", "nobody")), network.NotFound},
		"an ID twice in a batch":  {fill(area("c", ""), area("c", "")), network.InvalidValue},
		"a good one after those":  {fill(area("d", "a")), ""},
		"one after what it needs": {fill(area("f", ""), area("e", "f")), ""},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", what, c.got, c.want)
		}
	}
	if head, err := s.Head(t.Context()); err != nil || head != 3 {
		t.Errorf("head %d, %v: a refused batch left something", head, err)
	}
}
