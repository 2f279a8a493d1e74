package edit

import (
	"context"
	"errors"
	"strings"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// Reverted says what taking a revision back did, or would do.
type Reverted struct {
	Revision int64 // 0 after a dry run
	// Restored are the records that are again as they were before, Withdrawn
	// those that the revision had entered.
	Restored, Withdrawn []network.ID
}

func (o *Reverted) made(revision int64) { o.Revision = revision }

// Revert takes back what a revision did, an import for instance: in one write,
// of which the log tells like of any other, so that it can be taken back too.
// Records that the revision entered are withdrawn. What the viewer may not see
// is left alone. Errors have the path "revision": NotFound for a revision in
// which the viewer sees nothing, Conflict when something was changed again or
// referred to since; nothing is written then.
func (e *Editor) Revert(ctx context.Context, in Intent, revision int64, dryRun bool) (*Reverted, error) {
	return once(ctx, e, in, dryRun, func(in Intent) (out *Reverted, err error) {
		err = e.again(ctx, func() (retry bool, err error) {
			out, retry, err = e.tryRevert(ctx, in, revision, dryRun)
			return retry, err
		})
		return out, err
	})
}

func (e *Editor) tryRevert(ctx context.Context, in Intent, revision int64, dryRun bool) (out *Reverted, retry bool, err error) {
	entries, now, err := e.entries(ctx, in.Viewer, revision)
	switch {
	case err != nil:
		return nil, false, err
	case len(entries) == 0:
		return nil, false, network.Errorf(network.NotFound, "there is no such revision").At("revision")
	}
	out = &Reverted{}
	var writes []store.Write
	for i, c := range entries {
		r := reverse(c, now[i])
		switch {
		case r == nil:
			continue
		case len(r.kept) > 0:
			return nil, false, errSince(c, "was changed again ("+strings.Join(r.kept, ", ")+")")
		case r.After == nil:
			continue
		}
		if errs := network.KindOf(r.After.Kind).Check(r.After); len(errs) > 0 {
			return nil, false, errSince(c, "was changed so that it does not fit any more ("+errs[0].Message+")")
		}
		writes = append(writes, r.Write)
		if r.Action == store.Withdraw {
			out.Withdrawn = append(out.Withdrawn, c.Record)
		} else {
			out.Restored = append(out.Restored, c.Record)
		}
	}
	if dryRun {
		return out, false, nil
	}
	write, err := e.apply(ctx, in, out, writes...)
	var fault *network.Error
	if retry, err = met(err); !retry && write >= 0 && errors.As(err, &fault) {
		err = network.Errorf(network.Conflict, "the record %s cannot be taken back: %s", writes[write].After.ID, fault.Message).At("revision")
	}
	return out, retry, err
}

func errSince(c *store.Change, what string) *network.Error {
	return network.Errorf(network.Conflict, "%s %s %s since; take the later change back first", c.Kind, c.Record, what).At("revision")
}

// entries are the entries of a revision that the viewer sees, and the records as
// they are now.
func (e *Editor) entries(ctx context.Context, v network.Viewer, revision int64) ([]*store.Change, []*network.Record, error) {
	var entries []*store.Change
	var keys []store.Key
	for c, err := range e.Store.Changes(ctx, v, revision-1) {
		if err != nil {
			return nil, nil, err
		}
		if c.Revision > revision {
			break
		}
		entries = append(entries, c)
		keys = append(keys, store.Key{ID: c.Record})
	}
	now, err := e.Store.Load(ctx, v, keys)
	if err != nil {
		return nil, nil, err
	}
	for _, r := range now {
		if r == nil { // it was hidden in this moment
			return nil, nil, network.Errorf(network.Conflict, "somebody is changing records of the revision; try again").At("revision")
		}
	}
	return entries, now, nil
}
