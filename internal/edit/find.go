package edit

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// finder reads what rows can mean: the records with their keys and codes, which are
// read whole, since a row changes them or refers to them; and then, for what neither
// tells, those with their IDs, older keys and names. No question looks at records that
// no row means.
type finder struct {
	ctx    context.Context
	store  store.Store
	viewer network.Viewer
	today  network.Date
	rows   []*Row
	refs   []reference
	*index
	// What the next question asks for: ties are looked for only where one can be
	// meant.
	ids   map[network.ID]bool
	ties  map[network.ID]bool
	old   map[string]bool // keys of what was merged or taken back
	names map[*network.Kind]map[string]bool
	// revision is one that the map had while it was asked.
	revision int64
}

// find reads the index for the rows; their kinds are kinds.
func find(ctx context.Context, s store.Store, v network.Viewer, today network.Date, rows []*Row) (*index, int64, error) {
	f := &finder{ctx: ctx, store: s, viewer: v, today: today, rows: rows, refs: references(rows), index: &index{
		byID: map[network.ID]*entry{}, rowKeys: map[string][]*entry{}, keys: map[string][]*entry{},
		codes: map[string][]*entry{}, names: map[string][]*entry{},
		whole: map[network.ID]*network.Record{}, merged: map[network.ID]network.ID{}, mergedKeys: map[string]network.ID{}, undone: map[network.ID]bool{}}}
	// What a record was merged into may have been merged in its turn.
	for _, step := range []func() error{f.byKeysAndCodes, f.read(f.byIDsAndNames), f.read(f.byMerging), f.read(f.byMerging), f.read(f.byMerging)} {
		if err := step(); err != nil {
			return nil, 0, err
		}
	}
	return f.index, f.revision, nil
}

// read is the step that asks what ask puts together.
func (f *finder) read(ask func()) func() error {
	return func() error {
		f.ids, f.ties, f.old, f.names = map[network.ID]bool{}, map[network.ID]bool{}, map[string]bool{}, map[*network.Kind]map[string]bool{}
		ask()
		return f.fetch()
	}
}

// byKeysAndCodes reads the records that have the keys and codes of rows, and those
// that references name so.
func (f *finder) byKeysAndCodes() error {
	var keys []store.Key
	asked := map[store.Key]bool{}
	ask := func(k *network.Kind, field, value string) {
		if key := (store.Key{Kind: k.Name, Field: field, Value: value}); value != "" && !asked[key] {
			asked[key] = true
			keys = append(keys, key)
		}
	}
	for _, row := range f.rows {
		k := network.KindOf(row.Kind)
		ask(k, "importKey", row.Key)
		for _, u := range k.UniqueFields() {
			ask(k, u.Name, normalCode(u, row.Fields[u.Name]))
		}
	}
	for _, r := range f.refs {
		for _, t := range r.targets {
			ask(t, "importKey", r.text)
			for _, u := range t.UniqueFields() {
				ask(t, u.Name, normalCode(u, r.text))
			}
		}
	}
	if len(keys) == 0 {
		return nil
	}
	found, err := f.store.Load(f.ctx, f.viewer, keys)
	if err != nil {
		return err
	}
	for _, r := range found {
		if r != nil && f.whole[r.ID] == nil {
			f.whole[r.ID] = r
			f.addWhole(r, f.viewer, f.today)
		}
	}
	return nil
}

// byIDsAndNames asks for what rows name by ID, and, for rows and references that have
// found nothing, for records with an ID in place of a key, for those that had the key
// and were merged or taken back, and for what they may mean by name, should there be
// none of these.
func (f *finder) byIDsAndNames() {
	rows := f.rowKinds()
	for _, row := range f.rows {
		k := network.KindOf(row.Kind)
		f.id(string(row.ID), k)
		if !f.found(row) {
			if row.Key != "" {
				f.id(row.Key, k)
				f.id(string(idOfKey(row)), k)
				f.old[mergedKey(k.Name, row.Key)] = true
			}
			name, _ := row.Fields["name"].(string)
			f.name(k, name)
		}
	}
	for _, r := range f.refs {
		if f.settled(r, rows) {
			continue
		}
		f.id(r.text, r.targets...)
		coded := len(f.withCode(r.targets, r.text)) > 0
		for _, t := range r.targets {
			f.old[mergedKey(t.Name, r.text)] = true
			if !coded {
				f.name(t, r.text)
			}
		}
	}
}

// found tells whether the row has a record by now, or cannot have one.
func (f *finder) found(row *Row) bool {
	id, fault := f.match(row)
	return id != "" || fault != nil
}

// rowKinds are the kinds of the rows by their keys.
func (f *finder) rowKinds() map[string]map[string]bool {
	out := map[string]map[string]bool{}
	for _, row := range f.rows {
		if row.Key == "" {
			continue
		}
		if out[row.Key] == nil {
			out[row.Key] = map[string]bool{}
		}
		out[row.Key][row.Kind] = true
	}
	return out
}

// settled tells whether a reference leads to a row, or to a record by now.
func (f *finder) settled(r reference, rows map[string]map[string]bool) bool {
	names := kindNames(r.targets)
	return len(ofKind(f.keys[r.text], names...))+len(ofKind(f.withID(r.text), names...))+len(f.withMergedKey(names, r.text)) > 0 ||
		slices.ContainsFunc(names, func(n string) bool { return rows[r.text][n] })
}

// byMerging asks for what merged records were merged into.
func (f *finder) byMerging() {
	for _, into := range f.merged {
		if f.byID[into] == nil {
			f.ids[into] = true
		}
	}
}

// id asks for the text as the ID of a record of one of the kinds, when it can be
// one.
func (f *finder) id(text string, kinds ...*network.Kind) {
	id, err := network.ParseID(text)
	if err != nil {
		return
	}
	f.ids[id] = true
	if slices.Contains(kinds, network.TieKindRecord()) {
		f.ties[id] = true
	}
}

// name asks for what has the name.
func (f *finder) name(k *network.Kind, name string) {
	if !k.Named() || name == "" {
		return
	}
	if f.names[k] == nil {
		f.names[k] = map[string]bool{}
	}
	f.names[k][network.Fold(name)] = true
}

// reference is a text that names another record, and the kinds it may be of.
type reference struct {
	text    string
	targets []*network.Kind
}

// references are those of the rows, each once: many rows name the same area.
func references(rows []*Row) (out []reference) {
	type place struct {
		field *network.Field
		text  string
	}
	seen := map[place]bool{}
	for _, row := range rows {
		k := network.KindOf(row.Kind)
		for name, texts := range row.Refs {
			field := k.Field(name)
			if field == nil {
				continue
			}
			for _, text := range texts {
				if text = strings.TrimSpace(text); text != "" && !seen[place{field, text}] {
					seen[place{field, text}] = true
					out = append(out, reference{text, targetKinds(field)})
				}
			}
		}
	}
	return out
}

// fetch asks in one statement and adds what is found to the index.
func (f *finder) fetch() error {
	plan := &store.Plan{Viewer: f.viewer, AsOf: f.today}
	nodes := slices.DeleteFunc(slices.Clone(network.Concrete(network.NodeInterface)), func(k *network.Kind) bool { return k.Name == network.TieRecord })
	for _, w := range []struct {
		ids   map[network.ID]bool
		kinds []*network.Kind
	}{{f.ids, nodes}, {f.ties, []*network.Kind{network.TieKindRecord()}}} {
		if len(w.ids) > 0 {
			plan.Roots = append(plan.Roots, indexing(store.Source{Op: store.ByID, IDs: slices.Sorted(maps.Keys(w.ids))}, w.kinds, nil))
		}
	}
	scan := func(k *network.Kind, where store.Expr) {
		plan.Roots = append(plan.Roots, indexing(store.Source{Op: store.Scan}, []*network.Kind{k}, where))
	}
	if withdrawn := network.MustKind(network.WithdrawnRecord); len(f.old) > 0 {
		scan(withdrawn, store.Compare{Field: withdrawn.Field("importKey"), Op: store.IN, Value: anys(f.old)})
	}
	for _, k := range network.Kinds() {
		if names := f.names[k]; names != nil {
			scan(k, store.Named{Names: slices.Sorted(maps.Keys(names))})
		}
	}
	if len(plan.Roots) == 0 && f.revision > 0 {
		return nil
	}
	result, err := f.store.Fetch(f.ctx, plan)
	if err != nil {
		return err
	}
	if f.revision == 0 {
		f.revision = result.Revision
	}
	for _, value := range result.Values {
		rows, _ := value.([]any)[0].([]any)
		for _, r := range rows {
			row := r.([]any)
			kind, _ := row[0].(string)
			f.addRecord(network.MustKind(kind), row)
		}
	}
	return nil
}

func indexing(from store.Source, kinds []*network.Kind, where store.Expr) *store.Collection {
	c := &store.Collection{Source: from, Kinds: kinds, Filter: where, Ever: true, Rows: true}
	// Kinds with the same columns share a shape: a store plans few of them faster.
	at := map[string]int{}
	for _, k := range kinds {
		columns, same := indexColumns(k), ""
		for _, col := range columns[1:] {
			same += col.Field.Name + " "
		}
		i, known := at[same]
		if !known {
			i = len(c.Shapes)
			at[same] = i
			c.Shapes = append(c.Shapes, store.Shape{Columns: columns})
		}
		c.Shapes[i].Kinds = append(c.Shapes[i].Kinds, k)
	}
	return c
}

func anys(set map[string]bool) []any {
	out := make([]any, 0, len(set))
	for _, v := range slices.Sorted(maps.Keys(set)) {
		out = append(out, v)
	}
	return out
}

func kindNames(kinds []*network.Kind) []string {
	out := make([]string, len(kinds))
	for i, k := range kinds {
		out[i] = k.Name
	}
	return out
}
