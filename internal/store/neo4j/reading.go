package neo4j

import (
	"context"
	"slices"
	"strings"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// Setting a property locks. It goes when all of them are set.
const lockProperty = "_lock"

// lockNodes and lockTies take records in order of ID and give them as they are then: in
// one row for each statement, since each row of an answer costs both sides something.
func lockNodes() string {
	return "UNWIND $ids AS id MATCH (n:Record {id: id}) SET n." + lockProperty + " = true RETURN collect(" + wholeNode() + ") AS row"
}

func lockTies() string {
	return "MATCH (s)-[r:" + allTieTypes + "]->(o) WHERE r.id IN $ids WITH s, r, o ORDER BY r.id SET r." + lockProperty + " = true RETURN collect(" + wholeTie + ") AS row"
}

// read fills in what the checks need.
func (a *attempt) read(ctx context.Context, tx driver.ManagedTransaction) error {
	if err := a.readNow(ctx, tx); err != nil {
		return err
	}
	if err := a.readAround(ctx, tx); err != nil {
		return err
	}
	return a.readBack(ctx, tx)
}

// readNow takes the records to be changed, so that they stay as they are, and reads
// them. One that is not there as a node, or as a tie, may be there as the other: what
// is withdrawn may have been a tie, or become one again.
func (a *attempt) readNow(ctx context.Context, tx driver.ManagedTransaction) error {
	a.now = make([]*loaded, len(a.writes))
	nodes, ties := a.unread()
	if err := a.lock(ctx, tx, nodes, ties); err != nil {
		return err
	}
	if nodes, ties = a.unread(); len(nodes)+len(ties) == 0 {
		return nil
	}
	if err := a.lock(ctx, tx, ties, nodes); err != nil {
		return err
	}
	return a.readEntries(ctx, tx)
}

// unread are the records to be changed that have not been found.
func (a *attempt) unread() (nodes, ties []any) {
	for i, w := range a.writes {
		switch {
		case w.Action == store.Create || a.now[i] != nil:
		case a.kind[i].Name == network.TieRecord:
			ties = append(ties, string(w.After.ID))
		default:
			nodes = append(nodes, string(w.After.ID))
		}
	}
	return nodes, ties
}

// lock takes and reads nodes and ties. That the lock is among what is read shows
// that it was there before: the server reads some properties ahead when a statement
// names them.
func (a *attempt) lock(ctx context.Context, tx driver.ManagedTransaction, nodes, ties []any) error {
	for _, of := range []struct {
		ids    []any
		text   string
		decode func(any) (*loaded, error)
	}{{nodes, lockNodes(), decodeNode}, {ties, lockTies(), decodeTie}} {
		slices.SortFunc(of.ids, func(a, b any) int { return strings.Compare(a.(string), b.(string)) })
		for ids := range slices.Chunk(of.ids, rowsPerStatement) {
			if err := a.take(ctx, tx, of.text, ids, of.decode); err != nil {
				return err
			}
		}
	}
	return nil
}

// take runs one statement that locks.
func (a *attempt) take(ctx context.Context, tx driver.ManagedTransaction, text string, ids []any, decode func(any) (*loaded, error)) error {
	answer, err := list(ctx, tx, text, map[string]any{"ids": ids})
	if err != nil {
		return err
	}
	rows, _ := answer[0].([]any)
	for _, row := range rows {
		r, err := decode(row)
		if err != nil {
			return err
		}
		if r.props, _ = row.([]any)[0].(map[string]any); r.props[lockProperty] != true {
			return internalf("%s was read before it was locked", r.ID)
		}
		a.now[a.at[r.ID]] = r
	}
	return nil
}

// readEntries looks for what is to be changed and was not there among the entries
// of the log, which nobody may change.
func (a *attempt) readEntries(ctx context.Context, tx driver.ManagedTransaction) error {
	nodes, ties := a.unread()
	if len(nodes)+len(ties) == 0 {
		return nil
	}
	ids, err := list(ctx, tx, "MATCH (n:"+changeLabel+") WHERE n.id IN $ids RETURN n.id AS row", map[string]any{"ids": append(nodes, ties...)})
	for _, id := range ids {
		id, _ := id.(string)
		a.now[a.at[network.ID(id)]] = &loaded{Record: &network.Record{ID: network.ID(id), Kind: network.ChangeRecord}}
	}
	return err
}

// around is what must be known besides the records to be changed: which IDs of new
// records have been used before, what those are that are referred to, and who has
// the unique values of the batch now. What nearly every batch asks goes in one
// statement; the rest, by its own text, one after another.
type around struct {
	used, others, keys []any
	rest               rowSets
}

// The log knows which IDs have been used: to look for ties would take an index for
// each of their kinds. Keys of imports are looked up for every kind of node at once.
const lookAround = "MATCH (n:" + changeLabel + ") WHERE n.record IN $used RETURN DISTINCT ['used', n.record] AS row UNION ALL " +
	"MATCH (n:" + recordLabel + ") WHERE n.id IN $others RETURN ['other', n.id, n.kind] AS row UNION ALL " +
	"MATCH (n:" + recordLabel + ") WHERE n.importKey IN $keys RETURN ['taken', n.id, n.kind, 'importKey', n.importKey] AS row"

// Entries of the log have IDs, too.
const usedByEntries = "MATCH (n:" + changeLabel + ") WHERE n.id IN $values RETURN ['used', n.id] AS row"

func otherTies() string {
	return "MATCH ()-[n:" + allTieTypes + "]->() WHERE n.id IN $values RETURN ['other', n.id, '" + network.TieRecord + "'] AS row"
}

func takenBy(k *network.Kind, field string) string {
	pattern := "(n:" + k.Name + ")"
	if k.Name == network.TieRecord {
		pattern = "()-[n:" + allTieTypes + "]->()"
	}
	return "MATCH " + pattern + " WHERE n." + field + " IN $values RETURN ['taken', n.id, '" + k.Name + "', '" + field + "', n." + field + "] AS row"
}

func (a *attempt) readAround(ctx context.Context, tx driver.ManagedTransaction) error {
	a.used, a.other, a.taken = map[network.ID]bool{}, map[network.ID]string{}, map[lookKey][]network.ID{}
	var q around
	a.askUsed(&q)
	a.askOthers(&q)
	a.askTaken(&q)
	if len(q.used)+len(q.others)+len(q.keys) > 0 {
		if err := a.look(ctx, tx, lookAround, map[string]any{"used": q.used, "others": q.others, "keys": q.keys}); err != nil {
			return err
		}
	}
	for _, text := range q.rest.order {
		if err := a.look(ctx, tx, text, map[string]any{"values": q.rest.rows[text]}); err != nil {
			return err
		}
	}
	return nil
}

// look notes what a statement finds: rows of what it is about, an ID, a kind, and a
// field and its value.
func (a *attempt) look(ctx context.Context, tx driver.ManagedTransaction, text string, params map[string]any) error {
	rows, err := list(ctx, tx, text, params)
	for _, row := range rows {
		parts := row.([]any)
		str := func(i int) string { text, _ := parts[i].(string); return text }
		switch id := network.ID(str(1)); str(0) {
		case "used":
			a.used[id] = true
		case "other":
			a.other[id] = str(2)
		case "taken":
			key := lookKey{network.KindOf(str(2)), str(3), str(4)}
			a.taken[key] = append(a.taken[key], id)
		}
	}
	return err
}

func (a *attempt) askUsed(q *around) {
	for _, w := range a.writes {
		if w.Action != store.Create {
			continue
		}
		q.used = append(q.used, string(w.After.ID))
		if store.IsChangeID(w.After.ID) {
			q.rest.add(usedByEntries, string(w.After.ID))
		}
	}
}

// askOthers asks for what is referred to and is not written.
func (a *attempt) askOthers(q *around) {
	var others, anything []network.ID
	for i, k := range a.kind {
		for _, f := range k.LeadingFields() {
			for _, id := range targets(a.next[i], f) {
				if _, in := a.at[id]; in || a.leads(i, f, id) {
					continue
				}
				if others = append(others, id); !f.IsRef() {
					anything = append(anything, id)
				}
			}
		}
	}
	q.others = idList(network.Distinct(others))
	for _, id := range network.Distinct(anything) {
		q.rest.add(otherTies(), string(id))
	}
}

// leads tells whether the record leads to another by this field as it is, and need
// not be asked about: what is referred to can neither go nor become what may not be.
func (a *attempt) leads(i int, f *network.Field, id network.ID) bool {
	now := a.now[i]
	return now != nil && f.IsRef() && now.Kind == a.kind[i].Name && now.Kind != network.TieRecord && slices.Contains(now.IDs(f.Name), id)
}

func (a *attempt) askTaken(q *around) {
	for i := range a.next {
		for _, key := range a.uniqueKeys(i) {
			now := a.now[i]
			switch {
			case now != nil && now.Kind == key.kind.Name && now.Fields[key.field] == any(key.value): // it is its own
			case key.field == "importKey" && key.kind.Name != network.TieRecord:
				q.keys = append(q.keys, key.value)
			default:
				q.rest.add(takenBy(key.kind, key.field), key.value)
			}
		}
	}
}

// uniqueKeys are the values of the write that only one record of its kind may
// have.
func (a *attempt) uniqueKeys(i int) []lookKey {
	var out []lookKey
	for _, f := range a.kind[i].Fields {
		if !f.Unique && f.Name != "importKey" {
			continue
		}
		if v, ok := a.next[i].Fields[f.Name].(string); ok {
			out = append(out, lookKey{a.kind[i], f.Name, v})
		}
	}
	return out
}

// backLink is a link or tie to a record, from one that is not written.
type backLink struct {
	id, other network.ID // of a tie: itself and its other end
	kind, rel string     // of the record it comes from; Tie for ties
	otherKind string
	outward   bool // the record is the tie's subject
}

func (a *attempt) readBack(ctx context.Context, tx driver.ManagedTransaction) error {
	a.back = map[network.ID][]backLink{}
	var ids []any
	for i, now := range a.now {
		if now != nil && now.Kind != a.kind[i].Name {
			ids = append(ids, string(now.ID))
		}
	}
	if len(ids) == 0 {
		return nil
	}
	rows, err := list(ctx, tx, "MATCH (n:Record) WHERE n.id IN $ids MATCH (n)-[r]-(o) RETURN [n.id, o.id, o.kind, type(r), r.id, startNode(r) = n] AS row", map[string]any{"ids": ids})
	for _, row := range rows {
		parts := row.([]any)
		str := func(i int) string { text, _ := parts[i].(string); return text }
		l := backLink{id: network.ID(str(1)), kind: str(2), rel: str(3), otherKind: str(2)}
		l.outward, _ = parts[5].(bool)
		if network.TieKindOf(l.rel) != nil {
			l.id, l.other, l.kind = network.ID(str(4)), network.ID(str(1)), network.TieRecord
		} else if l.outward {
			continue
		}
		a.back[network.ID(str(0))] = append(a.back[network.ID(str(0))], l)
	}
	return err
}
