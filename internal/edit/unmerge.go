package edit

import (
	"context"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/ask"
)

// Unmerge takes back the merging by which the record with this ID was withdrawn,
// with all its duplicates: what pointed to them does so again, and the kept
// record loses what it took of them. What was entered or changed since stays as
// it is. The path of an error is "id"; codes: NotFound, InvalidValue for a record
// that was not merged, Conflict when the kept record was merged into another
// since, or a unique value was given away.
func (e *Editor) Unmerge(ctx context.Context, in Intent, id network.ID) (*Merged, error) {
	return once(ctx, e, in, false, func(in Intent) (out *Merged, err error) {
		err = e.again(ctx, func() (retry bool, err error) {
			out, retry, err = e.tryUnmerge(ctx, in, id)
			return retry, err
		})
		return out, err
	})
}

func (e *Editor) tryUnmerge(ctx context.Context, in Intent, id network.ID) (out *Merged, retry bool, err error) {
	all := in.Viewer
	all.Role = network.RoleAdmin
	kept, revision, err := e.mergedBy(ctx, in.Viewer, id)
	if err != nil {
		return nil, false, err
	}
	entries, now, err := e.entries(ctx, all, revision)
	if err != nil {
		return nil, false, err
	}
	out = &Merged{Kept: kept}
	var writes []store.Write
	for i, c := range entries {
		r := reverse(c, now[i])
		if r == nil || r.After == nil {
			continue
		}
		writes = append(writes, r.Write)
		switch {
		case now[i].Kind == network.WithdrawnRecord && now[i].Str("into") != "":
			out.Duplicates = append(out.Duplicates, c.Record)
		case c.Record != kept && in.Viewer.Sees(now[i].Visibility()):
			out.Moved++
		}
	}
	_, err = e.apply(ctx, in, out, writes...)
	if retry, err = met(err); !retry {
		err = at(err, "id")
	}
	return out, retry, err
}

// mergedBy is what the record was merged into, and the revision that did it.
func (e *Editor) mergedBy(ctx context.Context, v network.Viewer, id network.ID) (kept network.ID, revision int64, err error) {
	found, err := e.Store.Load(ctx, v, []store.Key{{ID: id}})
	switch {
	case err != nil:
		return "", 0, err
	case found[0] == nil:
		return "", 0, network.Errorf(network.NotFound, "there is no such record").At("id")
	}
	kept = network.ID(found[0].Str("into"))
	if kept == "" {
		return "", 0, network.Errorf(network.InvalidValue, "the record was not merged into another").At("id")
	}
	if found, err = e.Store.Load(ctx, v, []store.Key{{ID: kept}}); err != nil {
		return "", 0, err
	}
	if found[0] != nil && found[0].Kind == network.WithdrawnRecord {
		return "", 0, network.Errorf(network.Conflict, "the record it was merged into (%s) was merged itself since; unmerge that one first", kept).At("id")
	}
	k := network.MustKind(network.ChangeRecord)
	q := ask.New(v, network.Today(e.Clock))
	log := q.Scan(ask.Of(k.Name, "revision", "action"), ask.Where(store.Compare{Field: k.Field("record"), Op: store.EQ, Value: string(id)}))
	if _, err := q.Run(ctx, e.Store); err != nil {
		return "", 0, err
	}
	for _, row := range log.Rows() {
		if n, _ := row.Int("revision"); row.Str("action") == string(store.Withdraw) {
			revision = max(revision, n)
		}
	}
	return kept, revision, nil
}
