package answer

import (
	"context"

	"github.com/musubi-map/musubi/internal/memo"
	"github.com/musubi-map/musubi/internal/network"
)

// KeptBytes is how much memory kept networks and measures may take.
const KeptBytes = 256 << 20

// keptKey names what is loaded and computed for a viewer as of a day.
type keptKey struct {
	what      string // the name of the work
	given     string // the arguments that matter
	asOf      network.Date
	clearance network.Visibility
}

// keptAt is a result with the revision it is true of.
type keptAt[V any] struct {
	value    V
	revision int64
}

func (k keptAt[V]) at() int64 { return k.revision }

// kept gives what work loads and computes, or what it gave to somebody of the
// same clearance, as long as that is of the present revision. Many who ask at
// the same time share one work, which ends when they have all left. work must
// do everything by the question it is given, and tells the bytes it takes. what
// is the name of the work, for the log too; given what it depends on.
func kept[V any](q *Question, what, given string, work func(*Question) (V, int64, int64, error)) (V, int64, error) {
	key := keptKey{what, given, q.AsOf, q.Who.Viewer.Clearance()}
	for {
		began := false
		k, err := memo.Get(q.Ctx, q.Kept, key, func(ctx context.Context) (keptAt[V], int64, error) {
			began = true
			ctx, ended := q.watch(ctx, what)
			v, revision, bytes, err := work(q.in(ctx))
			ended(err)
			return keptAt[V]{v, revision}, bytes, err
		})
		if err != nil || began {
			return k.value, k.revision, err
		}
		head, err := q.Store.Head(q.Ctx)
		if err != nil || k.revision >= head {
			return k.value, k.revision, err
		}
		q.Kept.Forget(func(_, v any) bool {
			old, ok := v.(interface{ at() int64 })
			return ok && old.at() < head
		})
	}
}

// in is the question asked with another context.
func (q *Question) in(ctx context.Context) *Question {
	out := *q
	out.Ctx = ctx
	return &out
}
