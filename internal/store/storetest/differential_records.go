package storetest

import (
	"context"
	"fmt"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// records compares whole records and the log, as somebody. The sorts of keys
// are those of the series, and so is the statement.
func (d *duel) records(m *maker, ids []network.ID) {
	d.t.Helper()
	v := network.Viewer{Role: pick(d.shape, roles), Actor: "random"}
	var keys []store.Key
	for range 8 {
		keys = append(keys, d.key(m, ids))
	}
	if a, b := loadText(d.a, v, keys), loadText(d.b, v, keys); a != b {
		d.fail(fmt.Sprintf("load as %s: %+v", v.Role, keys), a, b)
	}
	since := d.values.Int64N(3)
	if a, b := logText(d.a, v, since), logText(d.b, v, since); a != b {
		d.fail(fmt.Sprintf("changes as %s since %d", v.Role, since), a, b)
	}
}

// key names a record by ID, importKey, code or one of the names that recur.
func (d *duel) key(m *maker, ids []network.ID) store.Key {
	id := pick(d.values, ids)
	switch d.shape.IntN(5) {
	case 0:
		return store.Key{Kind: pick(d.shape, types), Field: "importKey", Value: fmt.Sprintf("key-%s", id)}
	case 1:
		return store.Key{Kind: pick(d.shape, types), Field: "name", Value: m.word()}
	case 2:
		return store.Key{Kind: "CareerConsultant", Field: "registrationNumber", Value: fmt.Sprintf("99%06d", d.values.IntN(30))}
	}
	return store.Key{ID: id}
}

func loadText(s store.Store, v network.Viewer, keys []store.Key) string {
	found, err := s.Load(context.Background(), v, keys)
	if err != nil {
		return string(network.CodeOf(err))
	}
	out := make([]any, len(found))
	for i, r := range found {
		if r != nil {
			out[i] = recordText(r)
		}
	}
	return asJSON(out)
}

func recordText(r *network.Record) string {
	if r == nil {
		return "none"
	}
	data, err := r.MarshalFields()
	return fmt.Sprintf("%s %s %d %s %v", r.Kind, r.ID, r.Version, data, err)
}

func logText(s store.Store, v network.Viewer, since int64) string {
	var out []any
	for c, err := range s.Changes(context.Background(), v, since) {
		if err != nil {
			return string(network.CodeOf(err))
		}
		out = append(out, []any{c.Revision, c.Seq, c.At.UTC(), c.Actor, c.Reason, c.Action, c.Record, c.Kind, recordText(c.Before), recordText(c.After)})
	}
	return asJSON(out)
}
