package graph

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/musubi-map/musubi/graph/answer"
	"github.com/musubi-map/musubi/graph/model"
	"github.com/musubi-map/musubi/graph/plan"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// roleMapRest is the least time between two workings out of a role map for one
// subscriber: what changes meanwhile comes as one event.
const roleMapRest = 250 * time.Millisecond

// roleMapFeed tells one subscriber a role map whenever it, or what is selected
// under it, reads otherwise. It keeps no more than a digest of what was shown,
// which is in the revision of the event: a client that comes back with it to any
// server is told exactly when the present map differs from the one it has.
type roleMapFeed struct {
	*Resolver
	initiative    network.ID
	withProposals bool
	at            plan.Position // up to where the map was looked at; State is what was shown
	events        chan<- *model.RoleMapEvent
}

// shownRoleMap is the map at a revision.
type shownRoleMap struct {
	event *model.RoleMapEvent
	state string
}

// begin settles what the subscriber knows already: the map of its revision, as
// far as that can be told, or without one the present map. It fails with NotFound
// when there is no such initiative.
func (f *roleMapFeed) begin(ctx context.Context, resumed bool) error {
	now, err := f.work(ctx)
	if err != nil {
		return err
	}
	if f.at.State != "" {
		f.at.Revision-- // so that the first step looks
		return nil
	}
	head, err := f.Store.Head(ctx)
	if err != nil {
		return err
	}
	f.at = plan.Position{Revision: f.at.Whole()}
	if !resumed || f.at.Revision >= head {
		f.at.State = now.state
	}
	return nil
}

// step waits until the log grows, works the map out and tells it when it reads
// otherwise.
func (f *roleMapFeed) step(ctx context.Context) error {
	head, err := f.Store.Wait(ctx, f.at.Revision)
	if err != nil {
		return err
	}
	now, err := f.work(ctx)
	if err != nil {
		return err
	}
	if now.state != f.at.State && !deliver(ctx, f.events, now.event) {
		return ctx.Err()
	}
	f.at = plan.Position{Revision: head, State: now.state}
	store.Pause(ctx, roleMapRest)
	return nil
}

// work works the map out as it is now.
func (f *roleMapFeed) work(ctx context.Context) (*shownRoleMap, error) {
	ctx, cancel := context.WithTimeout(ctx, stepTimeout)
	defer cancel()
	who := f.asker(ctx)
	asOf, err := plan.AsOf(graphql.GetOperationContext(ctx), graphql.GetFieldContext(ctx).Field, who)
	if err != nil {
		return nil, err
	}
	done, err := f.workOut(ctx, who, asOf, func(q *answer.Question) (*answer.Answer, error) {
		return q.RoleMap(f.initiative, f.withProposals)
	}, func(m plan.Computed) plan.Computed {
		return plan.Computed{Type: "RoleMapEvent", Values: map[string]any{"revision": "", "roleMap": m}}
	})
	switch {
	case err != nil:
		return nil, err
	case done == nil:
		return nil, network.Errorf(network.NotFound, "there is no initiative with this id").At("initiative")
	}
	return show(done), nil
}

// show writes the map and a digest of it: of the map whatever is selected, and of
// the selection, both without revisions.
func show(done *workedOut) *shownRoleMap {
	roleMap := done.value.Values["roleMap"].(plan.Computed)
	revision := roleMap.Values["revision"]
	roleMap.Values["revision"] = ""
	timeless := *done.result
	timeless.Revision = 0
	digest := sha256.New()
	_, _ = fmt.Fprint(digest, roleMap.Values) // in order of the keys
	_, _ = digest.Write(done.records.Render(&timeless)[0])
	state := hex.EncodeToString(digest.Sum(nil)[:16])

	roleMap.Values["revision"] = revision
	done.value.Values["revision"] = plan.Position{Revision: done.result.Revision, State: state}.String()
	event := &model.RoleMapEvent{}
	event.SetJSON(done.records.Render(done.result)[0])
	return &shownRoleMap{event, state}
}
