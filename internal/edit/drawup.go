package edit

import (
	"context"
	"maps"
	"slices"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// match finds the record of every row, or gives it an ID.
func (u *upsert) match() {
	taken := map[network.ID]bool{}
	keys := map[string]bool{}
	u.isNew = make([]bool, len(u.rows))
	for i := range u.rows {
		row := &u.rows[i]
		if u.refused(i) {
			continue
		}
		if key := row.Kind + "\x00" + row.Key; row.Key != "" && keys[key] {
			u.fault(i, network.Errorf(network.Duplicate, "another row of this kind has the same key; give each its own").At("importKey"))
			continue
		} else {
			keys[key] = true
		}
		id, err := u.index.match(row)
		switch {
		case err != nil:
			u.fault(i, err)
			continue
		case id == "":
			id, u.isNew[i] = u.index.newID(row), true
			if name, _ := row.Fields["name"].(string); row.Key == "" && name != "" {
				u.byName[store.Name{Kind: row.Kind, Folded: network.Fold(name)}] = true
			}
		case taken[id]:
			u.fault(i, network.Errorf(network.Duplicate, "another row is the same record; give each row a key, or leave one out"))
			continue
		}
		taken[id] = true
		u.report.IDs[i] = id
		u.index.addRow(row, id)
	}
}

// load reads the records of the rows as they are. Those of new rows are there
// only when they were withdrawn, or are of another kind by now.
func (u *upsert) load(ctx context.Context) error {
	maps.Copy(u.view.known, u.index.whole)
	var keys []store.Key
	for i, id := range u.report.IDs {
		switch other := u.index.byID[id]; {
		case id == "" || u.index.whole[id] != nil:
		case !u.isNew[i]:
			keys = append(keys, store.Key{ID: id, Kind: u.rows[i].Kind})
		case u.index.undone[id]:
			keys = append(keys, store.Key{ID: id})
		case other != nil && other.kind != u.rows[i].Kind:
			u.fault(i, network.Errorf(network.Conflict, "the record of this row is a %s now; change the type in the file", other.kind).At("kind"))
		default:
			u.view.known[id] = nil
		}
	}
	if err := u.view.loadKeys(ctx, keys); err != nil {
		return err
	}
	for id := range u.index.undone {
		was := u.view.known[id]
		if was == nil {
			continue
		}
		u.view.known[id], u.revived[id] = nil, was
		if i := slices.Index(u.report.IDs, id); i >= 0 && was.Erased() {
			u.fault(i, network.ErrErased().At("importKey"))
		}
	}
	return nil
}

// build makes the records as the rows want them. References can be resolved
// only now, when every row has its ID.
func (u *upsert) build() {
	u.next = make([]*network.Record, len(u.rows))
	for i, id := range u.report.IDs {
		if id == "" {
			continue
		}
		row := &u.rows[i]
		r := &network.Record{ID: id, Kind: row.Kind, Fields: map[string]any{}}
		if was := u.view.known[id]; was != nil {
			r = was.Clone()
		}
		for _, name := range row.Clear {
			if name == "visibility" {
				u.fault(i, errVisibilityCleared())
			}
			delete(r.Fields, name)
		}
		maps.Copy(r.Fields, row.Fields)
		if row.Key != "" && r.Str("importKey") == "" {
			r.Fields["importKey"] = row.Key
		}
		if errs := u.index.resolveAll(r, row.Refs); len(errs) > 0 {
			u.fault(i, errs...)
		}
		if !u.refused(i) {
			u.next[i] = r
		}
	}
}

// settle checks every record beside the others and collects the writes.
func (u *upsert) settle(ctx context.Context) error {
	before := maps.Clone(u.view.known)
	var refs []network.ID
	for i, r := range u.next {
		if r == nil {
			continue
		}
		for _, f := range network.KindOf(r.Kind).LeadingFields() {
			refs = append(refs, added(f, r, before[u.report.IDs[i]])...)
		}
		u.view.known[r.ID] = r
	}
	if err := u.view.load(ctx, refs); err != nil {
		return err
	}
	if err := u.permit(ctx, before); err != nil {
		return err
	}
	for i, r := range u.next {
		if r == nil || u.refused(i) {
			continue
		}
		was := before[r.ID]
		keepMutualEnds(r, was)
		errs, err := u.editor.settle(ctx, u.in, r, was, u.rows[i].Fields, u.view)
		if err != nil {
			return err
		}
		errs = append(errs, immutableChanged(r, was)...)
		if errs = append(errs, u.index.claim(r)...); len(errs) > 0 {
			u.fault(i, errs...)
			continue
		}
		u.write(i, r, was)
	}
	return nil
}

// permit finds the rows that the viewer may not write.
func (u *upsert) permit(ctx context.Context, before map[network.ID]*network.Record) error {
	var revisions []revision
	var rows []int
	for i, r := range u.next {
		if r == nil {
			continue
		}
		was := before[r.ID]
		if gone := u.revived[r.ID]; gone != nil {
			was = gone
		}
		revisions, rows = append(revisions, revision{was, r}), append(rows, i)
	}
	refused, err := u.editor.permit(ctx, u.in, u.view, revisions...)
	if err != nil {
		return err
	}
	for i, faults := range refused {
		if len(faults) > 0 {
			u.fault(rows[i], faults...)
		}
	}
	return nil
}

func (u *upsert) write(row int, r, was *network.Record) {
	u.report.Before[row], u.report.After[row] = was, r
	switch {
	case was == nil:
		u.report.Created++
		u.report.Actions[row] = RowCreated
		w := store.Write{Action: store.Create, After: r}
		if gone := u.revived[r.ID]; gone != nil {
			w = store.Replace(store.Restore, gone, r)
		}
		u.writes = append(u.writes, w)
		u.writeRows = append(u.writeRows, row)
	case r.SameFields(was):
		u.report.Unchanged++
		u.report.Actions[row] = RowUnchanged
	default:
		u.report.Updated++
		u.report.Actions[row] = RowUpdated
		u.writes = append(u.writes, store.Replace(store.Update, was, r))
		u.writeRows = append(u.writeRows, row)
	}
}

// keepMutualEnds: a mutual tie written the other way round is the same tie.
func keepMutualEnds(r, was *network.Record) {
	if was == nil || r.Kind != network.TieRecord {
		return
	}
	t := network.TieKindOf(r.Str("kind"))
	if t != nil && t.Mutual && r.Fields["subject"] == was.Fields["object"] && r.Fields["object"] == was.Fields["subject"] {
		r.Fields["subject"], r.Fields["object"] = was.Fields["subject"], was.Fields["object"]
	}
}

func immutableChanged(r, was *network.Record) (errs network.Errors) {
	if was == nil {
		return nil
	}
	for _, f := range network.KindOf(r.Kind).Fields {
		if f.Immutable && !network.SameValue(r.Fields[f.Name], was.Fields[f.Name]) {
			errs = append(errs, network.Errorf(network.InvalidValue, "it is fixed when the record is created; end this row and add another with its own key").At(f.Name))
		}
	}
	return errs
}
