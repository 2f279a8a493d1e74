package neo4j

import (
	"context"
	"slices"
	"strings"
	"sync"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// races is how often a batch is tried when a constraint refused what its checks
// had let pass: another writer was faster, and the checks then say whose it is.
const races = 4

// Apply commits a batch in one transaction. An error carries the position of
// the write at fault in front of its path: ["writes", "3", "schoolCode"]. When
// the commit is not answered it looks what became of the batch.
func (s *Store) Apply(ctx context.Context, b *store.Batch) (*store.Applied, error) {
	if err := ctx.Err(); err != nil {
		return nil, failure(ctx, err)
	}
	if len(b.Writes) == 0 && b.Receipt == nil {
		head, err := s.Head(ctx)
		if err != nil {
			return nil, err
		}
		return &store.Applied{Revision: head}, nil
	}
	a, err := prepare(b)
	if err != nil {
		return nil, err
	}
	ctx, cancel := bounded(ctx)
	defer cancel()
	encodings := beside(a.encode) // which takes a while: the server is asked meanwhile
	defer func() { _, _ = encodings() }()
	if err := s.ready(ctx); err != nil {
		return nil, err
	}
	var applied *store.Applied
	for range races {
		if applied, err = s.transact(ctx, a, encodings); serverCode(err) != codeConstraint {
			break
		}
	}
	return applied, err
}

// transact makes the transaction, again as long as the driver says that it may
// come through the next time. The mark tells what it left from all else, so that
// nothing is done twice.
func (s *Store) transact(ctx context.Context, a *attempt, encodings func() ([]*encoded, error)) (out *store.Applied, err error) {
	ctx, end := s.told(ctx, "apply")
	defer func() { end(err) }()
	b := a.b
	session := s.session(ctx, driver.AccessModeWrite)
	defer func() { _ = session.Close(context.WithoutCancel(ctx)) }()
	committing, shortages, mark := false, 0, string(network.NewID())
	var now *commit
	defer func() { s.commits.end(now) }()
	revision, err := session.ExecuteWrite(ctx, func(tx driver.ManagedTransaction) (any, error) {
		if committing { // the commit was refused: it need not be true
			if made, err := leftBy(ctx, tx, b, mark); made != nil || err != nil {
				return made, err
			}
		}
		committing = false
		revision, err := applyIn(ctx, tx, a, encodings, mark)
		if outOfMemory(err) {
			if shortages++; shortages > 1 {
				s.log.WarnContext(ctx, "neo4j: a write is given up", "error", err)
				return nil, ofServer(serverCode(err)) // the driver would go on
			}
		}
		if committing = err == nil; committing && len(b.Writes) > 0 {
			s.commits.end(now)
			now = s.commits.begin(a, revision)
		}
		return &store.Applied{Revision: revision}, err
	}, limits(ctx, "apply")...)
	switch {
	case err == nil:
		return revision.(*store.Applied), nil
	case committing:
		return s.settle(ctx, b, mark, err)
	}
	return nil, failure(ctx, err)
}

// applyIn does the work of one attempt. The head is taken last, so that
// writers wait for one another as briefly as can be.
func applyIn(ctx context.Context, tx driver.ManagedTransaction, a *attempt, encodings func() ([]*encoded, error), mark string) (int64, error) {
	b, w := a.b, &writer{ctx: ctx, tx: tx, mark: mark}
	if len(b.Writes) > 0 {
		if err := a.read(ctx, tx); err != nil {
			return 0, err
		}
		var err error
		if a.enc, err = encodings(); err != nil {
			return 0, err
		}
		if err := a.check(); err != nil {
			return 0, err
		}
	}
	entries := beside(a.entries) // while the records are written
	defer func() { _, _ = entries() }()
	w.records(a)
	revision := w.head(len(b.Writes) > 0)
	w.decided(b.Decided, revision)
	w.log(entries, revision)
	w.receipt(b.Kept(revision))
	return revision, w.err
}

// beside does work while others go on, and gives what waits for its result.
func beside[T any](work func() (T, error)) func() (T, error) {
	result := sync.OnceValues(work)
	go func() { _, _ = result() }()
	return result
}

// attempt is a batch on its way in. What read and check find out they find out
// anew each time it is tried.
type attempt struct {
	b    *store.Batch
	kind []*network.Kind // by write
	next []*network.Record
	enc  []*encoded // of encode
	at   map[network.ID]int
	now  []*loaded // by write: what is there, nil for Create
	// other is the kind of each record that is referred to and is not written.
	other map[network.ID]string
	taken map[lookKey][]network.ID // unique values that records have now
	keys  map[lookKey]network.ID   // and that those of the batch will have
	used  map[network.ID]bool      // IDs of new records that the log knows
	// back are the links to records that change their kind.
	back map[network.ID][]backLink
}

// Setting a property locks. It goes when all of them are set.
const lockProperty = "_lock"

// lockNodes and lockTies take records in order of ID and give them as they are then.
func lockNodes() string {
	return "UNWIND $ids AS id MATCH (n:Record {id: id}) SET n." + lockProperty + " = true RETURN " + wholeNode() + " AS row"
}

func lockTies() string {
	return "MATCH (s)-[r:" + allTieTypes + "]->(o) WHERE r.id IN $ids WITH s, r, o ORDER BY r.id SET r." + lockProperty + " = true RETURN " + wholeTie + " AS row"
}

// changed are the records that are there and get another state. Each is looked for
// among nodes or among ties, or among both: what is withdrawn may have been a tie,
// or become one again.
func (a *attempt) changed() *idLooks {
	looks := &idLooks{}
	for i, w := range a.b.Writes {
		if w.Action == store.Create {
			continue
		}
		isTie, either := a.kind[i].Name == network.TieRecord, a.kind[i].Kept || w.Action == store.Restore
		if !isTie || either {
			looks.nodes = append(looks.nodes, string(w.After.ID))
		}
		if isTie || either {
			looks.ties = append(looks.ties, string(w.After.ID))
		}
	}
	return looks
}

// read fills in what the checks need.
func (a *attempt) read(ctx context.Context, tx driver.ManagedTransaction) error {
	if err := a.readNow(ctx, tx, a.changed()); err != nil {
		return err
	}
	if err := a.readUsed(ctx, tx); err != nil {
		return err
	}
	if err := a.readOthers(ctx, tx); err != nil {
		return err
	}
	if err := a.readTaken(ctx, tx); err != nil {
		return err
	}
	return a.readBack(ctx, tx)
}

// readNow takes the records to be changed, so that they stay as they are, and reads
// them. That the lock is among what is read shows that it was there before: the
// server reads some properties ahead when a statement names them.
func (a *attempt) readNow(ctx context.Context, tx driver.ManagedTransaction, there *idLooks) error {
	a.now = make([]*loaded, len(a.b.Writes))
	for _, part := range []struct {
		ids    []any
		text   string
		decode func(any) (*loaded, error)
	}{{there.nodes, lockNodes(), decodeNode}, {there.ties, lockTies(), decodeTie}} {
		if len(part.ids) == 0 {
			continue
		}
		slices.SortFunc(part.ids, func(a, b any) int { return strings.Compare(a.(string), b.(string)) })
		rows, err := list(ctx, tx, part.text, map[string]any{"ids": part.ids})
		if err != nil {
			return err
		}
		for _, row := range rows {
			r, err := part.decode(row)
			if err != nil {
				return err
			}
			if props, _ := row.([]any)[0].(map[string]any); props[lockProperty] != true {
				return internalf("%s was read before it was locked", r.ID)
			}
			a.now[a.at[r.ID]] = r
		}
	}
	return a.readEntries(ctx, tx)
}

// readEntries looks for what is to be changed and was not there among the entries
// of the log, which nobody may change.
func (a *attempt) readEntries(ctx context.Context, tx driver.ManagedTransaction) error {
	var missing []any
	for i, w := range a.b.Writes {
		if w.Action != store.Create && a.now[i] == nil {
			missing = append(missing, string(w.After.ID))
		}
	}
	if len(missing) == 0 {
		return nil
	}
	ids, err := list(ctx, tx, "MATCH (n:"+changeLabel+") WHERE n.id IN $ids RETURN n.id AS row", map[string]any{"ids": missing})
	for _, id := range ids {
		id, _ := id.(string)
		a.now[a.at[network.ID(id)]] = &loaded{Record: &network.Record{ID: network.ID(id), Kind: network.ChangeRecord}}
	}
	return err
}

// readUsed finds out which IDs of new records have been used before. The log
// knows: to look for ties would take an index for each of their kinds. Its own
// entries have IDs too.
func (a *attempt) readUsed(ctx context.Context, tx driver.ManagedTransaction) error {
	a.used = map[network.ID]bool{}
	var made []any
	for _, w := range a.b.Writes {
		if w.Action == store.Create {
			made = append(made, string(w.After.ID))
		}
	}
	if len(made) == 0 {
		return nil
	}
	rows, err := list(ctx, tx, "MATCH (n:_Change) WHERE n.record IN $ids RETURN DISTINCT n.record AS row UNION MATCH (n:_Change) WHERE n.id IN $ids RETURN n.id AS row", map[string]any{"ids": made})
	for _, row := range rows {
		id, _ := row.(string)
		a.used[network.ID(id)] = true
	}
	return err
}

func (a *attempt) readOthers(ctx context.Context, tx driver.ManagedTransaction) error {
	a.other = map[network.ID]string{}
	var ids, anything []network.ID
	for i, k := range a.kind {
		for _, f := range k.Fields {
			for _, id := range targets(a.next[i], f) {
				if _, in := a.at[id]; in {
					continue
				}
				if ids = append(ids, id); !f.IsRef() {
					anything = append(anything, id)
				}
			}
		}
	}
	if len(ids) == 0 {
		return nil
	}
	text := "MATCH (n:Record) WHERE n.id IN $ids RETURN [n.id, n.kind] AS row"
	if len(anything) > 0 {
		text += " UNION ALL MATCH ()-[r:" + allTieTypes + "]->() WHERE r.id IN $any RETURN [r.id, 'Tie'] AS row"
	}
	rows, err := list(ctx, tx, text, map[string]any{"ids": idList(network.Distinct(ids)), "any": idList(network.Distinct(anything))})
	for _, row := range rows {
		parts := row.([]any)
		id, _ := parts[0].(string)
		a.other[network.ID(id)], _ = parts[1].(string)
	}
	return err
}

// readTaken finds who has the unique values of the batch now.
func (a *attempt) readTaken(ctx context.Context, tx driver.ManagedTransaction) error {
	a.taken = map[lookKey][]network.ID{}
	var looks rowSets
	for i := range a.next {
		for _, key := range a.uniqueKeys(i) {
			if now := a.now[i]; now != nil && now.Kind == key.kind.Name && now.Fields[key.field] == any(key.value) {
				continue // it is its own
			}
			looks.add(takenBy(key.kind, key.field), key.value)
		}
	}
	for _, text := range looks.order {
		rows, err := list(ctx, tx, text, map[string]any{"values": looks.rows[text]})
		if err != nil {
			return err
		}
		for _, row := range rows {
			parts := row.([]any)
			str := func(i int) string { text, _ := parts[i].(string); return text }
			key := lookKey{network.KindOf(str(0)), str(1), str(2)}
			a.taken[key] = append(a.taken[key], network.ID(str(3)))
		}
	}
	return nil
}

// takenBy looks values of a unique field up. Keys of imports are looked up for
// every kind of node at once.
func takenBy(k *network.Kind, field string) string {
	pattern, kind := "(n:"+k.Name+")", "n.kind"
	switch {
	case k.Name == network.TieRecord:
		pattern, kind = "()-[n:"+allTieTypes+"]->()", "'"+k.Name+"'"
	case field == "importKey":
		pattern = "(n:" + recordLabel + ")"
	}
	return "MATCH " + pattern + " WHERE n." + field + " IN $values RETURN [" + kind + ", '" + field + "', n." + field + ", n.id] AS row"
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
