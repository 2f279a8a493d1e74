package graph

import (
	"context"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/musubi-map/musubi/graph/live"
	"github.com/musubi-map/musubi/graph/model"
	"github.com/musubi-map/musubi/graph/plan"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// The root fields that stream. Each follows the log of the store from a place of
// its own, so that it does not matter which process writes, and which one a client
// comes back to. What a client has no room for yet stays in the log.

// Changes tells the changes of the log.
func (r subscriptionResolver) Changes(ctx context.Context, since *string, filter *model.ChangeEventFilter, _ *string) (<-chan *model.ChangeEvent, error) {
	wanted := wantedChanges{}
	if filter != nil {
		var err error
		if wanted, err = readWanted(fieldsOf(filter.Raw)); err != nil {
			return nil, at(err, "filter")
		}
	}
	if _, err := plan.AsOf(graphql.GetOperationContext(ctx), graphql.GetFieldContext(ctx).Field, r.asker(ctx)); err != nil {
		return nil, err
	}
	from, err := r.start(ctx, since)
	if err != nil {
		return nil, err
	}
	events := make(chan *model.ChangeEvent)
	feed := &changeFeed{Resolver: r.Resolver, wanted: wanted, at: from, events: events}
	live.Go(ctx, func() {
		defer close(events)
		r.follow(ctx, feed.step)
	})
	return events, nil
}

// RoleMapChanged tells a role map whenever it has changed.
func (r subscriptionResolver) RoleMapChanged(ctx context.Context, initiative string, since *string, withProposals bool, _ *string) (<-chan *model.RoleMapEvent, error) {
	from, err := r.start(ctx, since)
	if err != nil {
		return nil, err
	}
	events := make(chan *model.RoleMapEvent)
	feed := &roleMapFeed{Resolver: r.Resolver, initiative: network.ID(initiative), withProposals: withProposals, at: from, events: events}
	if err := feed.begin(ctx, since != nil); err != nil {
		return nil, err
	}
	live.Go(ctx, func() {
		defer close(events)
		r.follow(ctx, feed.step)
	})
	return events, nil
}

// start is the place in the log to begin at: that of since, which must be there,
// or the present one.
func (r *Resolver) start(ctx context.Context, since *string) (plan.Position, error) {
	if since != nil {
		from, err := plan.ParsePosition(*since)
		if err == nil {
			err = r.atLeast(ctx, from.Revision)
		}
		return from, at(err, "since")
	}
	ctx, cancel := context.WithTimeout(ctx, stepTimeout)
	defer cancel()
	head, err := r.Store.Head(ctx)
	if err == nil {
		head, err = r.Store.Wait(ctx, head-1)
	}
	return plan.Position{Revision: head}, err
}

const (
	// stepTimeout bounds the reading for one step of a feed.
	stepTimeout = 30 * time.Second
	// While the store fails, a feed tries again after pauses that double.
	firstRetry, lastRetry = 250 * time.Millisecond, 5 * time.Second
)

// follow repeats step until the context ends or the step fails for good. A store
// that cannot be reached for a while is waited for: the log does not run away.
func (r *Resolver) follow(ctx context.Context, step func(context.Context) error) {
	retry := firstRetry
	for ctx.Err() == nil {
		err := step(ctx)
		switch {
		case err == nil:
			retry = firstRetry
		case ctx.Err() != nil:
		case !passing(err):
			live.Fail(ctx, err)
			return
		default:
			store.Pause(ctx, retry)
			retry = min(2*retry, lastRetry)
		}
	}
}

// passing tells whether an error of the store may be gone soon.
func passing(err error) bool {
	switch network.CodeOf(err) {
	case network.Unavailable, network.Timeout, network.ResourceExhausted, network.Conflict:
		return true
	}
	return false
}

// deliver hands an event to the client; false when it is gone.
func deliver[T any](ctx context.Context, to chan<- *T, event *T) bool {
	select {
	case to <- event:
		return true
	case <-ctx.Done():
		return false
	}
}
