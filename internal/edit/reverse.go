package edit

import (
	"reflect"
	"slices"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// reversal is how an entry of the log is taken back.
type reversal struct {
	store.Write
	// kept are the fields that were changed since and stay as they are.
	kept []string
}

// reverse takes an entry back from the record as it is now; nil when nothing is
// left of it. What the entry entered is withdrawn, what it withdrew is put back;
// fields get the value they had before, lists lose what was added and get back
// what was taken out.
func reverse(c *store.Change, now *network.Record) *reversal {
	out := &reversal{Write: store.Replace(store.Update, now, nil)}
	switch {
	case c.Before == nil && now.Kind == network.WithdrawnRecord:
		return nil
	case c.Before == nil:
		out.Action, out.After = store.Withdraw, withdrawn(now, "")
		if !sameFields(now, c.After) {
			out.kept = differing(now, c.After)
		}
		return out
	case c.After.Kind == network.WithdrawnRecord:
		if now.Kind != network.WithdrawnRecord {
			return nil
		}
		out.Action = store.Restore
		out.After = c.Before.Clone()
		return out
	case now.Kind != c.After.Kind:
		out.kept = []string{"kind"}
		return out
	}
	out.After = now.Clone()
	out.After.Kind = c.Before.Kind
	for _, f := range fieldsOfEither(c.After.Kind, c.Before.Kind) {
		was, made := c.Before.Fields[f.Name], c.After.Fields[f.Name]
		if !reflect.DeepEqual(was, made) && !putBack(out.After, f, was, made) {
			out.kept = append(out.kept, f.Name)
		}
	}
	if c.Before.Kind == now.Kind && sameFields(out.After, now) {
		out.After = nil
	}
	return out
}

// fieldsOfEither are the fields of two kinds, each name once.
func fieldsOfEither(a, b string) []*network.Field {
	out := slices.Clone(network.KindOf(a).Fields)
	for _, f := range network.KindOf(b).Fields {
		if network.KindOf(a).Field(f.Name) == nil {
			out = append(out, f)
		}
	}
	return out
}

// putBack gives a field the value it was made from; false when it has another
// than what was made of it.
func putBack(r *network.Record, f *network.Field, was, made any) bool {
	now := r.Fields[f.Name]
	switch f.Type {
	case network.Strings:
		r.Fields[f.Name] = unchange(listIn[string](now), listIn[string](was), listIn[string](made))
	case network.Refs:
		r.Fields[f.Name] = unchange(listIn[network.ID](now), listIn[network.ID](was), listIn[network.ID](made))
	default:
		if !reflect.DeepEqual(now, made) {
			return reflect.DeepEqual(now, was)
		}
		r.Fields[f.Name] = was
	}
	if v := reflect.ValueOf(r.Fields[f.Name]); !v.IsValid() || v.Kind() == reflect.Slice && v.Len() == 0 {
		delete(r.Fields, f.Name)
	}
	return true
}

func listIn[T any](v any) []T {
	list, _ := v.([]T)
	return list
}

// unchange takes out of a list what was added between was and made, and puts
// what was taken out back where it stood.
func unchange[T comparable](now, was, made []T) []T {
	var out []T
	for _, v := range now {
		if slices.Contains(was, v) || !slices.Contains(made, v) {
			out = append(out, v)
		}
	}
	for i, v := range was {
		if !slices.Contains(made, v) && !slices.Contains(out, v) {
			out = slices.Insert(out, min(i, len(out)), v)
		}
	}
	return out
}

func sameFields(a, b *network.Record) bool { return len(differing(a, b)) == 0 }

// differing are the fields in which two records of a kind are not alike.
func differing(a, b *network.Record) (out []string) {
	for _, f := range network.KindOf(a.Kind).Fields {
		if !network.SameValue(a.Fields[f.Name], b.Fields[f.Name]) {
			out = append(out, f.Name)
		}
	}
	return out
}

// withdrawn is what a record becomes when it is taken back, or merged into
// another.
func withdrawn(r *network.Record, into network.ID) *network.Record {
	data, _ := r.MarshalFields() // what a store gave can be written
	out := &network.Record{ID: r.ID, Kind: network.WithdrawnRecord, Fields: map[string]any{
		"visibility": r.Visibility().String(), "wasKind": r.Kind, "was": string(data)}}
	if into != "" {
		out.Fields["into"] = into
		if key := r.Str("importKey"); key != "" {
			// Another kind may have the same key.
			out.Fields["importKey"] = mergedKey(r.Kind, key)
		}
	}
	return out
}

// mergedKey is the importKey of a record that was merged.
func mergedKey(kind, key string) string { return kind + " " + key }
