package neo4j

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

func underWay(t *testing.T, c *commits, revision int64, kind string, id network.ID) *commit {
	t.Helper()
	return c.begin(&attempt{kind: []*network.Kind{network.KindOf(kind)}, at: map[network.ID]int{id: 0}}, revision)
}

func TestIsAReadingMadeAgainThatMetACommit(t *testing.T) {
	always, never := func(*commit) bool { return true }, func(*commit) bool { return false }
	for name, c := range map[string]struct {
		before, during bool
		matters        func(*commit) bool
		want           int
	}{
		"alone":                           {false, false, always, 1},
		"one begun before":                {true, false, always, 2},
		"one begun meanwhile":             {false, true, always, 2},
		"one that does not matter":        {true, true, never, 1},
		"one before and one meanwhile":    {true, true, always, 2},
		"one after another, until enough": {false, true, always, rereads},
	} {
		t.Run(name, func(t *testing.T) {
			all := newCommits()
			var others sync.WaitGroup
			if c.before {
				now := underWay(t, all, 1, "Topic", "a")
				others.Go(func() { time.Sleep(time.Millisecond); all.end(now) })
			}
			n := 0
			err := all.apart(t.Context(), func() error {
				if n++; c.during && (n == 1 || c.want == rereads) {
					all.end(underWay(t, all, 2, "Topic", "b"))
				}
				return nil
			}, c.matters)
			if err != nil || n != c.want {
				t.Errorf("read %d times, %v; want %d", n, err, c.want)
			}
			if others.Wait(); len(all.underWay) > 0 || len(all.readings) > 0 {
				t.Errorf("%d commits and %d readings are left", len(all.underWay), len(all.readings))
			}
		})
	}
}

func TestIsACommitNotWaitedForLongerThanTheCaller(t *testing.T) {
	all := newCommits()
	defer all.end(underWay(t, all, 1, "Topic", "a"))
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	err := all.apart(ctx, func() error { return nil }, func(*commit) bool { return true })
	if network.CodeOf(err) != network.Timeout {
		t.Errorf("got %v", err)
	}
	broken := errors.New("broken")
	if err := all.apart(t.Context(), func() error { return broken }, func(*commit) bool { return true }); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

func TestWhichCommitsMatterToAPlan(t *testing.T) {
	now := underWay(t, newCommits(), 1, "Topic", "here")
	topic, school := network.KindOf("Topic"), network.KindOf("School")
	of := func(op store.SourceOp, ids []network.ID, k *network.Kind, columns ...store.Column) *store.Plan {
		return &store.Plan{Roots: []*store.Collection{{Source: store.Source{Op: op, IDs: ids},
			Shapes: []store.Shape{{Kinds: []*network.Kind{k}, Columns: columns}}}}}
	}
	version := store.Column{Builtin: store.Version}
	below := store.Column{Child: of(store.Follow, nil, topic, version).Roots[0]}
	for name, c := range map[string]struct {
		plan *store.Plan
		want bool
	}{
		"no version":                {of(store.Scan, nil, topic, store.Column{Builtin: store.RecordID}), false},
		"versions of the kind":      {of(store.Scan, nil, topic, version), true},
		"versions of another kind":  {of(store.Scan, nil, school, version), false},
		"version of the record":     {of(store.ByID, []network.ID{"here"}, topic, version), true},
		"version of another record": {of(store.ByID, []network.ID{"there"}, topic, version), false},
		"below another record":      {of(store.ByID, []network.ID{"there"}, school, below), true},
		"below a list":              {of(store.Scan, nil, school, below), true},
		"no plan":                   {&store.Plan{}, false},
	} {
		if got := now.writes(c.plan); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
