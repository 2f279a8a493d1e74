package edit

import (
	"crypto/sha256"
	"encoding/base32"
	"slices"
	"strings"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// index is what names the records that rows can mean, and the rows beside them.
type index struct {
	byID    map[network.ID]*entry
	rowKeys map[string][]*entry // keys of the rows
	keys    map[string][]*entry // importKeys of what is there
	codes   map[string][]*entry // by codeKey
	names   map[string][]*entry // by folded name
	owners  map[string]network.ID
	// whole are the records with the keys and codes of rows and references.
	whole map[network.ID]*network.Record
	// merged are the IDs and mergedKeys that stand for another record now.
	merged     map[network.ID]network.ID
	mergedKeys map[string]network.ID
	// undone are the IDs of records that were taken back.
	undone map[network.ID]bool
}

// standing is the record an ID stands for: what it was merged into, or itself.
func (x *index) standing(id network.ID) *entry {
	for range maxChain {
		into, merged := x.merged[id]
		if !merged {
			break
		}
		id = into
	}
	return x.byID[id]
}

// entry is a record or a row.
type entry struct {
	id        network.ID
	kind, key string
	row       bool // a row is this record
	erased    bool
}

// indexColumns are the ID, importKey, the unique fields, the name, and whether a person
// was erased.
func indexColumns(k *network.Kind) []store.Column {
	out := []store.Column{{Builtin: store.RecordID}, {Field: k.Field("importKey")}}
	if k.Name == network.WithdrawnRecord {
		return append(out, store.Column{Field: k.Field("into")})
	}
	for _, f := range k.UniqueFields() {
		out = append(out, store.Column{Field: f})
	}
	if k.Named() {
		out = append(out, store.Column{Field: k.Field("name")})
	}
	if erased := k.ErasedField(); erased != nil {
		out = append(out, store.Column{Field: erased})
	}
	return out
}

func (x *index) addRecord(k *network.Kind, row []any) {
	text := func(i int) string { s, _ := row[i].(string); return s }
	if x.byID[network.ID(text(1))] != nil {
		return
	}
	if k.Name == network.WithdrawnRecord {
		if text(3) == "" {
			x.undone[network.ID(text(1))] = true
		} else {
			x.merged[network.ID(text(1))] = network.ID(text(3))
			x.mergedKeys[text(2)] = network.ID(text(1))
		}
		return
	}
	e := &entry{id: network.ID(text(1)), kind: k.Name, key: text(2)}
	var codes []string
	at := 3
	for range k.UniqueFields() {
		codes = append(codes, text(at))
		at++
	}
	name := ""
	if k.Named() {
		name = text(at)
		at++
	}
	e.erased = k.ErasedField() != nil && text(at) != ""
	x.enter(e, k, codes, name)
}

// enter makes a record known by its key, the values of its unique fields and its name.
func (x *index) enter(e *entry, k *network.Kind, codes []string, name string) {
	x.byID[e.id] = e
	if e.key != "" {
		x.keys[e.key] = append(x.keys[e.key], e)
	}
	for i, f := range k.UniqueFields() {
		x.add(x.codes, codeKey(k, f, codes[i]), codes[i], e)
	}
	x.add(x.names, network.Fold(name), name, e)
}

// addWhole is addRecord for a whole record, with what the viewer reads of it on the
// day.
func (x *index) addWhole(r *network.Record, v network.Viewer, day network.Date) {
	if x.byID[r.ID] != nil {
		return
	}
	k := network.KindOf(r.Kind)
	var codes []string
	for _, f := range k.UniqueFields() {
		code := ""
		if v.Reads(f) {
			code = r.Str(f.Name)
		}
		codes = append(codes, code)
	}
	name := ""
	if f := k.Field("name"); k.Named() && v.Reads(f) {
		name = r.Str("name")
		history, _ := r.Fields[f.History].([]network.DatedValue)
		if on := network.HistoryAt(history, day); on != nil {
			name = on.Value
		}
	}
	x.enter(&entry{id: r.ID, kind: k.Name, key: r.Str("importKey"), erased: r.Erased()}, k, codes, name)
}

func (x *index) add(to map[string][]*entry, key, value string, e *entry) {
	if value != "" && !slices.Contains(to[key], e) {
		to[key] = append(to[key], e)
	}
}

func codeKey(k *network.Kind, f *network.Field, value string) string {
	return k.Name + "\x00" + f.Name + "\x00" + value
}

// match is the record of a row, "" when it is a new one.
func (x *index) match(row *Row) (network.ID, *network.Error) {
	k := network.KindOf(row.Kind)
	if row.ID != "" {
		return x.given(row)
	}
	if row.Key != "" {
		if found := ofKind(x.keys[row.Key], k.Name); len(found) > 0 {
			return only(found, "importKey")
		}
		for _, id := range []network.ID{network.ID(row.Key), x.mergedKeys[mergedKey(k.Name, row.Key)]} {
			if e := x.standing(id); e != nil && e.kind == k.Name {
				return e.id, nil
			}
		}
		if e := x.standing(idOfKey(row)); e != nil && e.erased {
			return "", network.ErrErased().At("importKey")
		}
	}
	for _, f := range k.UniqueFields() {
		if found := x.codes[codeKey(k, f, normalCode(f, row.Fields[f.Name]))]; len(found) > 0 {
			return only(found, f.Name)
		}
	}
	name, _ := row.Fields["name"].(string)
	if name == "" {
		return "", nil
	}
	found := ofKind(x.names[network.Fold(name)], k.Name)
	// A row with a key may not take what belongs to another row of a file. Rows
	// before this one are in the index too: matching one is a fault.
	found = slices.DeleteFunc(found, func(e *entry) bool { return row.Key != "" && e.key != "" })
	if len(found) == 0 {
		return "", nil
	}
	return only(found, "name")
}

// given is the record that the row names by ID.
func (x *index) given(row *Row) (network.ID, *network.Error) {
	switch e := x.standing(row.ID); {
	case e == nil:
		return "", network.Errorf(network.NotFound, "there is no such record").At("id")
	case e.kind != row.Kind:
		return "", network.Errorf(network.InvalidValue, "the record is of the kind %s, not %s", e.kind, row.Kind).At("id")
	}
	return x.standing(row.ID).id, nil
}

func normalCode(f *network.Field, v any) string {
	s, _ := v.(string)
	c, err := f.Parse(s)
	if err != nil {
		return ""
	}
	return c
}

func ofKind(list []*entry, kinds ...string) (out []*entry) {
	for _, e := range list {
		if slices.Contains(kinds, e.kind) {
			out = append(out, e)
		}
	}
	return out
}

func only(found []*entry, field string) (network.ID, *network.Error) {
	for _, e := range found {
		if e.id != found[0].id {
			return "", network.Errorf(network.InvalidValue, "%d records have this %s, so it is not clear which one is meant; give its key or id", len(found), field).At(field)
		}
	}
	return found[0].id, nil
}

// newID is made from kind and key, so that an import gives the same IDs on
// every store. It is random for a row without a key, and when a record that
// came from such a row has another key now.
func (x *index) newID(row *Row) network.ID {
	if row.Key == "" {
		return network.NewID()
	}
	id := idOfKey(row)
	if e := x.byID[id]; e != nil && e.kind == row.Kind {
		return network.NewID()
	}
	return id
}

func idOfKey(row *Row) network.ID {
	sum := sha256.Sum256([]byte("musubi import\x00" + row.Kind + "\x00" + row.Key))
	return network.ID(strings.ToLower(base32.HexEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:16])))
}

// addRow makes the row known to references.
func (x *index) addRow(row *Row, id network.ID) {
	k := network.KindOf(row.Kind)
	e := x.byID[id]
	if e == nil {
		e = &entry{id: id, kind: k.Name}
	}
	e.row = true
	if e.key == "" {
		e.key = row.Key
	}
	x.add(x.rowKeys, row.Key, row.Key, e)
	for _, f := range k.UniqueFields() {
		c := normalCode(f, row.Fields[f.Name])
		x.add(x.codes, codeKey(k, f, c), c, e)
	}
	name, _ := row.Fields["name"].(string)
	x.add(x.names, network.Fold(name), name, e)
}

// claim takes the unique values of r; a fault for one that another record has.
func (x *index) claim(r *network.Record) (errs network.Errors) {
	k := network.KindOf(r.Kind)
	if x.owners == nil {
		x.owners = map[string]network.ID{}
		for key, list := range x.codes {
			for _, e := range list {
				if !e.row {
					x.owners[key] = e.id
				}
			}
		}
	}
	for _, f := range k.UniqueFields() {
		if r.Str(f.Name) == "" {
			continue
		}
		key := codeKey(k, f, r.Str(f.Name))
		if owner := x.owners[key]; owner != "" && owner != r.ID {
			errs = append(errs, errTaken().At(f.Name))
		}
		x.owners[key] = r.ID
	}
	return errs
}
