package edit

import (
	"context"
	"slices"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/ask"
)

// move lets what points to a duplicate point to the kept record.
func (m *merging) move(ctx context.Context) error {
	leading, err := m.leadingTo(ctx, m.all, m.out.Duplicates, pointingTo(m.dups), ask.Always())
	if err != nil {
		return err
	}
	var keys []store.Key
	for _, id := range network.Distinct(slices.Concat(leading...)) {
		keys = append(keys, store.Key{ID: id})
	}
	found, err := m.Store.Load(ctx, m.all, keys)
	if err != nil {
		return err
	}
	for _, r := range found {
		if r != nil && !slices.Contains(m.out.Duplicates, r.ID) {
			m.moveOne(r)
		}
	}
	return nil
}

// pointingTo are the fields that may point to the records, of kinds that are
// entered.
func pointingTo(records []*network.Record) []network.InverseField {
	var out []network.InverseField
	for _, r := range records {
		for _, f := range network.Inverses(network.MustKind(r.Kind)) {
			if !slices.Contains(out, f) {
				out = append(out, f)
			}
		}
	}
	for _, k := range network.Kinds() {
		for _, f := range k.Fields {
			if f.Type == network.RecordID && k.Entered() {
				out = append(out, network.InverseField{Kind: k, Field: f})
			}
		}
	}
	return out
}

// moveOne lets a record point to the kept one. What pointed to a duplicate is
// not read by more than the duplicate was.
func (m *merging) moveOne(was *network.Record) {
	next := was.Clone()
	if was.ID == m.kept.ID {
		next = m.kept
	}
	for _, f := range network.KindOf(was.Kind).Fields {
		switch v := next.Fields[f.Name].(type) {
		case network.ID:
			if i := slices.Index(m.out.Duplicates, v); i >= 0 {
				next.Fields[f.Name] = m.out.Kept
				m.hide(next, m.dups[i])
			}
			if next == m.kept && next.Fields[f.Name] == any(m.out.Kept) {
				delete(next.Fields, f.Name) // it pointed to itself
			}
		case []network.ID:
			next.Fields[f.Name] = m.moveIn(v, next)
		}
	}
	if next == m.kept {
		return
	}
	if next.Kind == network.TieRecord && next.Fields["subject"] == next.Fields["object"] {
		next = withdrawn(was, "")
	}
	m.moved[was.ID] = next
	m.order = append(m.order, was)
	if m.in.Viewer.Sees(was.Visibility()) {
		m.out.Moved++
	}
}

func (m *merging) moveIn(list []network.ID, r *network.Record) []network.ID {
	var out []network.ID
	for _, id := range list {
		if i := slices.Index(m.out.Duplicates, id); i >= 0 {
			id = m.out.Kept
			m.hide(r, m.dups[i])
		}
		if !slices.Contains(out, id) && (r != m.kept || id != m.kept.ID) {
			out = append(out, id)
		}
	}
	return out
}

// hide keeps a record from being seen by those who could not see the duplicate
// that it pointed to.
func (m *merging) hide(r, d *network.Record) {
	if r != m.kept && d.Visibility() > max(r.Visibility(), m.kept.Visibility()) {
		r.Fields["visibility"] = d.Visibility().String()
	}
}
