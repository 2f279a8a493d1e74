package neo4j

import (
	"context"
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
	err error
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

const (
	eachRow   = "UNWIND $rows AS row "
	matchNode = "MATCH (n:Record {id: row.id}) "
)

// records writes nodes, then links, then ties. Values that must be unique are
// taken away first, so that they can change hands.
func (w *writer) records(a *attempt) {
	var freed, nodes, gone, links, ties rowSets
	for i, next := range a.next {
		now := a.now[i]
		if a.kind[i].Name == network.TieRecord {
			tieRows(&gone, &ties, next, now, a.enc[i])
			continue
		}
		row := map[string]any{"id": string(next.ID), "props": a.enc[i].props}
		labels := labelsOf(a.kind[i])
		switch {
		case now == nil:
			nodes.add(eachRow+"CREATE (n:"+labels+") SET n = row.props", row)
		case now.Kind == next.Kind:
			freeUniques(&freed, a.kind[i], next, now)
			nodes.add(eachRow+matchNode+"SET n = row.props", row)
		default:
			old := network.MustKind(now.Kind)
			freeUniques(&freed, old, &network.Record{}, now)
			// The label comes last: its constraints look at the new values.
			nodes.add(eachRow+matchNode+"REMOVE n:"+strings.TrimPrefix(labelsOf(old), recordLabel+":")+" SET n = row.props SET n:"+labels, row)
		}
		linkRows(&gone, &links, a.kind[i], a.enc[i], now, next.ID)
	}
	for _, s := range []*rowSets{&freed, &gone, &nodes, &links, &ties} {
		w.send(s)
	}
}

func freeUniques(s *rowSets, k *network.Kind, next *network.Record, now *loaded) {
	for _, f := range k.Fields {
		if (f.Unique || f.Name == "importKey") && now.Fields[f.Name] != nil && now.Fields[f.Name] != next.Fields[f.Name] {
			s.add(eachRow+matchNode+"REMOVE n."+f.Name, map[string]any{"id": string(next.ID)})
		}
	}
}

func tieRows(gone, ties *rowSets, next *network.Record, now *loaded, e *encoded) {
	kind := next.Str("kind")
	row := map[string]any{"id": string(next.ID), "props": e.props, "subject": next.Str("subject"), "object": next.Str("object")}
	if now != nil {
		if now.Str("kind") == kind && now.Str("subject") == next.Str("subject") && now.Str("object") == next.Str("object") {
			ties.add(eachRow+"MATCH ()-[r:"+kind+" {id: row.id}]->() SET r = row.props", row)
			return
		}
		gone.add(eachRow+"MATCH ()-[r:"+now.Str("kind")+" {id: row.id}]->() DELETE r", map[string]any{"id": string(next.ID)})
	}
	ties.add(eachRow+"MATCH (s:Record {id: row.subject}) MATCH (o:Record {id: row.object}) CREATE (s)-[r:"+kind+"]->(o) SET r = row.props", row)
}

// linkRows replaces the links of the fields that change.
func linkRows(gone, links *rowSets, k *network.Kind, e *encoded, now *loaded, id network.ID) {
	had := map[string][]network.ID{} // by relationship type
	if now != nil {
		for _, f := range network.MustKind(now.Kind).Fields {
			if to := targets(now.Record, f); f.IsRef() && len(to) > 0 {
				had[f.Rel] = to
			}
		}
	}
	for _, f := range k.Fields {
		if !f.IsRef() {
			continue
		}
		to := e.links[f.Name]
		if slices.Equal(to, had[f.Rel]) {
			delete(had, f.Rel)
			continue
		}
		for i, t := range to {
			row := map[string]any{"from": string(id), "to": string(t)}
			position := ""
			if f.Type == network.Refs {
				row["position"], position = int64(i), " {position: row.position}"
			}
			links.add(eachRow+"MATCH (a:Record {id: row.from}) MATCH (b:Record {id: row.to}) CREATE (a)-[:"+f.Rel+position+"]->(b)", row)
		}
	}
	for _, rel := range linkTypes {
		if had[rel] != nil {
			gone.add(eachRow+"MATCH (n:Record {id: row.id})-[r:"+rel+"]->() DELETE r", map[string]any{"id": string(id)})
		}
	}
}

// head makes the revision. The lock comes in a statement of its own before the
// value is read.
func (w *writer) head() int64 {
	if w.err != nil {
		return 0
	}
	if w.err = run(w.ctx, w.tx, "MERGE (h:_Head {id: 'head'}) SET h._lock = true REMOVE h._lock", nil); w.err != nil {
		return 0
	}
	rows, err := list(w.ctx, w.tx, "MATCH (h:_Head {id: 'head'}) SET h.revision = coalesce(h.revision, 0) + 1 RETURN h.revision AS row", nil)
	if err != nil {
		w.err = err
		return 0
	}
	revision, _ := rows[0].(int64)
	return revision
}

func (w *writer) log(a *attempt, revision int64) {
	var entries rowSets
	for i, wr := range a.b.Writes {
		c := &store.Change{
			Revision: revision, Seq: i, At: a.b.At.UTC(), Actor: a.b.Actor, Reason: a.b.Reason, Action: wr.Action,
			Record: wr.After.ID, Kind: wr.After.Kind, After: a.next[i],
		}
		if a.now[i] != nil {
			c.Before = a.now[i].Record
		}
		props, err := encodeChange(c)
		if err != nil {
			w.err = err
			return
		}
		entries.add(eachRow+"CREATE (n:"+changeLabel+") SET n = row", props)
	}
	w.send(&entries)
}
