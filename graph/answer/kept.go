package answer

import (
	"context"
	"errors"

	"github.com/musubi-map/musubi/internal/memo"
	"github.com/musubi-map/musubi/internal/network"
)

// KeptBytes is how much memory kept networks and measures may take.
const KeptBytes = 256 << 20

// keptKey names what is loaded and computed for a viewer as of a day.
type keptKey struct {
	what      string // the root field and the arguments that matter
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
// do everything by the question it is given, and tells the bytes it takes.
func kept[V any](q *Question, what string, work func(*Question) (V, int64, int64, error)) (V, int64, error) {
	key := keptKey{what, q.AsOf, q.Who.Viewer.Clearance()}
	for {
		began := false
		k, err := memo.Get(q.Ctx, q.Kept, key, func(ctx context.Context) (keptAt[V], int64, error) {
			began = true
			v, revision, bytes, err := work(q.in(ctx))
			return keptAt[V]{v, revision}, bytes, err
		})
		if err != nil || began {
			return k.value, k.revision, late(err)
		}
		head, err := q.Store.Head(q.Ctx)
		if err != nil || k.revision >= head {
			return k.value, k.revision, late(err)
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

const narrow = "narrow the question with a filter (kinds, tieKinds, minStrength, within), or ask for fewer things at a time"

// late says what to do about a deadline.
func late(err error) error {
	if errors.Is(err, context.DeadlineExceeded) || network.CodeOf(err) == network.Timeout {
		return network.Errorf(network.Timeout, "the network could not be read and computed in time; %s", narrow)
	}
	return err
}
