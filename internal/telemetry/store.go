package telemetry

import (
	"context"
	"iter"
	"time"

	"go.opentelemetry.io/otel/trace"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// Store stands before a store of either sort, and counts and times what it is asked.
func (h Hooks) Store(s store.Store) store.Store { return &watched{s, h} }

type watched struct {
	store.Store
	hooks Hooks
}

// call is told of a call that begins; end of its error.
func (w *watched) call(ctx context.Context, name string) (_ context.Context, end func(error)) {
	began := time.Now()
	ctx, span := w.hooks.start(ctx, "store "+name, trace.SpanKindInternal)
	return ctx, func(err error) {
		code := ""
		if err != nil {
			code = string(network.CodeOf(err))
		}
		w.hooks.calls.WithLabelValues(name, orOK(code)).Inc()
		w.hooks.callSeconds.WithLabelValues(name).Observe(time.Since(began).Seconds())
		endWith(span, code)
	}
}

// Fetch is the store's.
func (w *watched) Fetch(ctx context.Context, p *store.Plan) (out *store.Result, err error) {
	ctx, end := w.call(ctx, "fetch")
	defer func() { end(err) }()
	return w.Store.Fetch(ctx, p)
}

// Load is the store's.
func (w *watched) Load(ctx context.Context, v network.Viewer, keys []store.Key) (out []*network.Record, err error) {
	ctx, end := w.call(ctx, "load")
	defer func() { end(err) }()
	return w.Store.Load(ctx, v, keys)
}

// Apply is the store's.
func (w *watched) Apply(ctx context.Context, b *store.Batch) (out *store.Applied, err error) {
	ctx, end := w.call(ctx, "apply")
	defer func() { end(err) }()
	return w.Store.Apply(ctx, b)
}

// Receipt is the store's.
func (w *watched) Receipt(ctx context.Context, actor, key string) (out *store.Receipt, err error) {
	ctx, end := w.call(ctx, "receipt")
	defer func() { end(err) }()
	return w.Store.Receipt(ctx, actor, key)
}

// Changes is the store's; it counts when the reader has read all that they want.
func (w *watched) Changes(ctx context.Context, v network.Viewer, since int64) iter.Seq2[*store.Change, error] {
	return func(yield func(*store.Change, error) bool) {
		ctx, end := w.call(ctx, "changes")
		var failed error
		defer func() { end(failed) }()
		for c, err := range w.Store.Changes(ctx, v, since) {
			failed = err
			if !yield(c, err) {
				return
			}
		}
	}
}
