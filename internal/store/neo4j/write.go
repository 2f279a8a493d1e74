package neo4j

import (
	"context"
	"maps"
	"slices"
	"strings"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// rowsPerStatement bounds the parameters of one statement.
const rowsPerStatement = 2000

// writer sends the statements of a batch; after an error it sends no more.
type writer struct {
	ctx context.Context
	tx  driver.ManagedTransaction
	// mark is on the first entry that each batch leaves in the log and on its receipt,
	// and on nothing else.
	mark string
	err  error
}

// rowSets gathers rows by statement, so that each statement is sent once.
type rowSets struct {
	order []string
	rows  map[string][]any
}

func (s *rowSets) add(text string, row any) {
	if s.rows == nil {
		s.rows = map[string][]any{}
	}
	if s.rows[text] == nil {
		s.order = append(s.order, text)
	}
	s.rows[text] = append(s.rows[text], row)
}

func (w *writer) send(s *rowSets) {
	for _, text := range s.order {
		for rows := range slices.Chunk(s.rows[text], rowsPerStatement) {
			if w.err == nil {
				w.err = run(w.ctx, w.tx, text, map[string]any{"rows": rows})
			}
		}
	}
}

// Labels and relationship types are values of the row where nothing is matched
// by them: one statement then serves every kind. Before a server runs a text
// for the first time it takes some 50 ms to plan it, and a first import would
// bring a text for each kind, link and tie. They are names of the registry all
// the same. Neo4j takes them so since 5.26.
const (
	eachRow   = "UNWIND $rows AS row "
	matchNode = "MATCH (n:Record {id: row.id}) "
	// Its links to what was there before go with it.
	createNode = eachRow + "CREATE (n:Record:$(row.labels)) SET n = row.props WITH n, row UNWIND row.links AS link " +
		"MATCH (m:Record {id: link.to}) CREATE (n)-[r:$(link.type)]->(m) SET r = link.props"
	createLink = eachRow + "MATCH (a:Record {id: row.from}) MATCH (b:Record {id: row.to}) CREATE (a)-[r:$(row.type)]->(b) SET r = row.props"
	// Only what changes is written, the lock among it: the server compares nothing.
	updateNode = eachRow + matchNode + "SET n += row.props"
	// The label comes last: its constraints look at the new values.
	turnNode = eachRow + matchNode + "REMOVE n:$(row.old) SET n = row.props SET n:$(row.labels)"
)

func updateTie(kind string) string {
	return eachRow + "MATCH ()-[r:" + kind + " {id: row.id}]->() SET r += row.props"
}

// linkProps are the properties of the link of a field to the record at a position
// among those that it leads to.
func linkProps(f *network.Field, position int) map[string]any {
	if f.Type == network.Refs {
		return map[string]any{"position": int64(position)}
	}
	return map[string]any{}
}

// linkRow creates a link or a tie.
func linkRow(typ string, from, to string, props map[string]any) map[string]any {
	return map[string]any{"type": typ, "from": from, "to": to, "props": props}
}

// records writes nodes, then links, then ties, each in order of ID: writers of
// the same records wait for one another, and not crosswise. Values that must be
// unique are taken away first, so that they can change hands.
func (w *writer) records(a *attempt) {
	var freed, nodes, gone, links, ties rowSets
	for _, id := range slices.Sorted(maps.Keys(a.at)) {
		i := a.at[id]
		next, now := a.next[i], a.now[i]
		if a.partOf(i).fault != nil {
			unlock(&nodes, &ties, now)
			continue
		}
		if a.kind[i].Name == network.TieRecord {
			tieRows(&gone, &ties, next, now, a.enc[i])
			continue
		}
		if now != nil && now.Kind == network.TieRecord {
			gone.add(eachRow+"MATCH ()-[r:"+now.Str("kind")+" {id: row.id}]->() DELETE r", map[string]any{"id": string(next.ID)})
			now = nil
		}
		if now == nil {
			nodes.add(createNode, map[string]any{"props": a.enc[i].props, "labels": ownLabels(a.kind[i]), "links": a.ownLinks(i, &links)})
			continue
		}
		if now.Kind == next.Kind {
			freeUniques(&freed, a.kind[i], next, now)
			nodes.add(updateNode, map[string]any{"id": string(next.ID), "props": changedProps(a.enc[i].props, now.props)})
		} else {
			old := network.MustKind(now.Kind)
			freeUniques(&freed, old, &network.Record{}, now)
			nodes.add(turnNode, map[string]any{"id": string(next.ID), "props": a.enc[i].props, "old": ownLabels(old), "labels": ownLabels(a.kind[i])})
		}
		linkRows(&gone, &links, a.kind[i], a.enc[i], now, next.ID)
	}
	for _, s := range []*rowSets{&freed, &gone, &nodes, &links, &ties} {
		w.send(s)
	}
}

// unlock lets what is not written go as it was.
func unlock(nodes, ties *rowSets, now *loaded) {
	if now == nil || now.props == nil { // it was not locked
		return
	}
	row := map[string]any{"id": string(now.ID), "props": map[string]any{lockProperty: nil}}
	if now.Kind == network.TieRecord {
		ties.add(updateTie(now.Str("kind")), row)
	} else {
		nodes.add(updateNode, row)
	}
}

// changedProps are those that change, nil for what goes.
func changedProps(next, now map[string]any) map[string]any {
	out := map[string]any{}
	for name, v := range next {
		if !sameValue(v, now[name]) {
			out[name] = v
		}
	}
	for name := range now {
		if next[name] == nil {
			out[name] = nil
		}
	}
	return out
}

// ownLinks are the links of a new node, but for those to others that are new: these
// come when all nodes are there.
func (a *attempt) ownLinks(i int, later *rowSets) []any {
	out := []any{}
	for _, f := range a.kind[i].LeadingFields() {
		if !f.IsRef() {
			continue
		}
		for n, to := range a.enc[i].links[f.Name] {
			if at, in := a.at[to]; in && a.writes[at].Action == store.Create {
				later.add(createLink, linkRow(f.Rel, string(a.next[i].ID), string(to), linkProps(f, n)))
			} else {
				out = append(out, map[string]any{"type": f.Rel, "to": string(to), "props": linkProps(f, n)})
			}
		}
	}
	return out
}

func freeUniques(s *rowSets, k *network.Kind, next *network.Record, now *loaded) {
	for _, f := range k.Fields {
		if (f.Unique || f.Name == "importKey") && now.Fields[f.Name] != nil && now.Fields[f.Name] != next.Fields[f.Name] {
			s.add(eachRow+matchNode+"REMOVE n."+f.Name, map[string]any{"id": string(now.ID)})
		}
	}
}

func tieRows(gone, ties *rowSets, next *network.Record, now *loaded, e *encoded) {
	kind, subject, object := next.Str("kind"), next.Str("subject"), next.Str("object")
	switch {
	case now == nil:
	case now.Kind != network.TieRecord:
		gone.add(eachRow+matchNode+"DETACH DELETE n", map[string]any{"id": string(next.ID)})
	default:
		if now.Str("kind") == kind && now.Str("subject") == subject && now.Str("object") == object {
			ties.add(updateTie(kind), map[string]any{"id": string(next.ID), "props": changedProps(e.props, now.props)})
			return
		}
		gone.add(eachRow+"MATCH ()-[r:"+now.Str("kind")+" {id: row.id}]->() DELETE r", map[string]any{"id": string(next.ID)})
	}
	ties.add(createLink, linkRow(kind, subject, object, e.props))
}

// linkRows replaces the links of the fields that change.
func linkRows(gone, links *rowSets, k *network.Kind, e *encoded, now *loaded, id network.ID) {
	had := map[string][]network.ID{} // by relationship type
	for _, f := range network.MustKind(now.Kind).LeadingFields() {
		if to := targets(now.Record, f); f.IsRef() && len(to) > 0 {
			had[f.Rel] = to
		}
	}
	for _, f := range k.LeadingFields() {
		if !f.IsRef() {
			continue
		}
		to := e.links[f.Name]
		if slices.Equal(to, had[f.Rel]) {
			delete(had, f.Rel)
			continue
		}
		for i, t := range to {
			links.add(createLink, linkRow(f.Rel, string(id), string(t), linkProps(f, i)))
		}
	}
	for _, rel := range linkTypes {
		if had[rel] != nil {
			gone.add(eachRow+matchNode+"MATCH (n)-[r:"+strings.Join(linkTypes, "|")+"]->() WHERE type(r) = row.type DELETE r", map[string]any{"id": string(id), "type": rel})
		}
	}
}

// takeHead locks the head and only then reads it: all of its properties come back,
// the lock among them.
const takeHead = "MERGE (h:_Head {id: 'head'}) SET h." + lockProperty + " = true WITH h, properties(h) AS was " +
	"SET h.revision = coalesce(was.revision, 0) + $n REMOVE h." + lockProperty + " RETURN [coalesce(was.revision, 0) + $n, was." + lockProperty + "] AS row"

// head makes the next n revisions, if any, and gives the last. It waits for every
// other writer that has got as far as this.
func (w *writer) head(n int) int64 {
	if w.err != nil {
		return 0
	}
	rows, err := list(w.ctx, w.tx, takeHead, map[string]any{"n": int64(n)})
	if err != nil {
		w.err = err
		return 0
	}
	row, _ := rows[0].([]any)
	revision, _ := row[0].(int64)
	if row[1] != true {
		w.err = internalf("the head was read before it was locked")
	}
	return revision
}

// decided holds what the batch relies on against the log. The head is locked by
// now: nobody adds to it.
func (w *writer) decided(d *store.Decided, revision int64) {
	if d == nil || w.err != nil || d.Revision >= revision-1 {
		return
	}
	rows, err := list(w.ctx, w.tx, "MATCH (n:_Change) WHERE n.revision > $since RETURN properties(n) AS row", map[string]any{"since": d.Revision})
	if w.err = err; err != nil {
		return
	}
	for _, row := range rows {
		c, err := decodeChange(row)
		if err != nil {
			w.err = err
			return
		}
		if d.Upset(c) {
			w.err = store.ErrUpset()
			return
		}
	}
}

// log writes the entries of the log, now that the revisions are known.
func (w *writer) log(made func() ([]map[string]any, error), a *attempt) {
	if w.err != nil {
		return
	}
	var entries rowSets
	list, err := made()
	for i, props := range list {
		p := a.partOf(i)
		if p.fault != nil {
			continue
		}
		props["id"], props["revision"] = string(store.ChangeID(p.applied.Revision, i-p.from)), p.applied.Revision
		if i == p.from {
			props[markProperty] = w.mark
		}
		entries.add(eachRow+"CREATE (n:"+changeLabel+") SET n = row", props)
	}
	if w.err = err; err == nil {
		w.send(&entries)
	}
}

// entries are those of the log, but for the revision.
func (a *attempt) entries() ([]map[string]any, error) {
	out := make([]map[string]any, len(a.writes))
	for i := range out {
		if a.partOf(i).fault != nil {
			continue
		}
		var err error
		if out[i], err = encodeChange(a.change(i, 0)); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// change is the entry of the log about a write.
func (a *attempt) change(i int, revision int64) *store.Change {
	w, p := &a.writes[i], a.partOf(i)
	c := &store.Change{
		Revision: revision, Seq: i - p.from, At: p.b.At.UTC(), Actor: p.b.Actor, Reason: p.b.Reason, Action: w.Action,
		Record: w.After.ID, Kind: w.After.Kind, After: a.next[i],
	}
	if a.now != nil && a.now[i] != nil {
		c.Before = p.b.Prior(w, a.now[i].Record)
	}
	return c
}
