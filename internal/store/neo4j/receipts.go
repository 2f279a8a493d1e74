package neo4j

import (
	"context"
	"iter"
	"sync"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

const (
	// receiptsPerPage is how many receipts one statement reads.
	receiptsPerPage = 500
	// settleTime bounds how long is asked what became of a batch.
	settleTime = 10 * time.Second
)

// receipt leaves the receipt, unless the actor has used its key before. The
// head is locked by now, so nobody can use it in between.
func (w *writer) receipt(r *store.Receipt) {
	if r == nil || w.err != nil {
		return
	}
	params := map[string]any{"actor": r.Actor, "key": r.Key, "props": map[string]any{
		"actor": r.Actor, "key": r.Key, "fingerprint": r.Fingerprint, "outcome": r.Outcome,
		"revision": r.Revision, "at": r.At.Format(time.RFC3339Nano), markProperty: w.mark}}
	made, err := list(w.ctx, w.tx, "OPTIONAL MATCH (old:_Receipt {actor: $actor, key: $key}) WITH old WHERE old IS NULL CREATE (n:_Receipt) SET n = $props RETURN true AS row", params)
	if w.err = err; err == nil && len(made) == 0 {
		w.err = store.ErrUsed()
	}
}

// leftBy is what a batch with the mark has done; nil when it has not been
// committed.
func leftBy(ctx context.Context, tx driver.ManagedTransaction, b *store.Batch, mark string) (*store.Applied, error) {
	text, params := "MATCH (n:_Receipt {actor: $actor, key: $key})", map[string]any{"mark": mark}
	if len(b.Writes) > 0 {
		text, params["record"] = "MATCH (n:_Change {record: $record})", string(b.Writes[0].After.ID)
	} else {
		params["actor"], params["key"] = b.Actor, b.Receipt.Key
	}
	rows, err := list(ctx, tx, text+" WHERE n."+markProperty+" = $mark RETURN n.revision AS row", params)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	revision, _ := rows[0].(int64)
	return &store.Applied{Revision: revision}, nil
}

// leftBy tells whether the batches are in already, and what they made.
func (a *attempt) leftBy(ctx context.Context, tx driver.ManagedTransaction, mark string) (bool, error) {
	for _, p := range a.sound() {
		made, err := leftBy(ctx, tx, p.b, mark)
		if made == nil || err != nil {
			return false, err
		}
		p.applied = made
	}
	return true, nil
}

// settleAll settles every sound batch of an attempt.
func (s *Store) settleAll(ctx context.Context, a *attempt, mark string, cause error) {
	var all sync.WaitGroup
	for _, p := range a.sound() {
		all.Go(func() {
			if p.applied, p.err = s.settle(ctx, p.b, mark, cause); p.err != nil && network.CodeOf(p.err) != network.OutcomeUnknown {
				p.fault = p.err
			}
		})
	}
	all.Wait()
}

// settle finds out what became of a batch whose commit was not answered with
// yes. Who holds the head knows it: a transaction that is still on its way has
// locked it. What is read then is true whether or not this transaction ends well.
func (s *Store) settle(ctx context.Context, b *store.Batch, mark string, cause error) (*store.Applied, error) {
	asking, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	session := s.session(asking, driver.AccessModeWrite)
	defer func() { _ = session.Close(context.WithoutCancel(ctx)) }()
	var made *store.Applied
	known := false
	_, err := session.ExecuteWrite(asking, func(tx driver.ManagedTransaction) (any, error) {
		w := &writer{ctx: asking, tx: tx}
		w.head(0)
		err := w.err
		if err == nil {
			made, err = leftBy(asking, tx, b, mark)
		}
		known = err == nil
		return nil, err
	}, limits(asking, "settle")...)
	switch {
	case known && made != nil:
		return made, nil
	case !known:
		s.log.WarnContext(ctx, "neo4j: nobody knows what became of a write", "error", err)
		return nil, &failed{errOutcomeUnknown(), cause}
	case serverCode(cause) != "" || ctx.Err() != nil:
		return nil, failure(ctx, cause)
	}
	return nil, &failed{network.Errorf(network.Unavailable, "the connection broke before the commit and nothing was written; try again"), cause}
}

func errOutcomeUnknown() *network.Error {
	return network.Errorf(network.OutcomeUnknown, "the connection broke at the commit, and Neo4j cannot be asked what became of it: the write may have been made; look before you try again, or try again with the same idempotencyKey")
}

// Receipt is what the actor's batch with this key left.
func (s *Store) Receipt(ctx context.Context, actor, key string) (*store.Receipt, error) {
	found, err := s.read(ctx, "receipt", "RETURN COLLECT { MATCH (n:_Receipt {actor: $actor, key: $key}) RETURN properties(n) } AS answer", map[string]any{"actor": actor, "key": key})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return decodeReceipt(found[0])
}

// receiptsAfter is the page of receipts after one of them, in their order.
const receiptsAfter = "RETURN COLLECT { MATCH (n:_Receipt) WHERE n.revision >= $revision AND (n.revision > $revision" +
	" OR datetime(n.at) > datetime($at) OR datetime(n.at) = datetime($at) AND (n.actor > $actor OR n.actor = $actor AND n.key > $key))" +
	" WITH n ORDER BY n.revision, datetime(n.at), n.actor, n.key LIMIT $size RETURN properties(n) } AS answer"

// Receipts reads the receipts left after since, page by page. One that is left
// meanwhile is read when it comes after those read so far.
func (s *Store) Receipts(ctx context.Context, since int64) iter.Seq2[*store.Receipt, error] {
	return func(yield func(*store.Receipt, error) bool) {
		last := &store.Receipt{Revision: since + 1} // before any of that revision
		for {
			page, err := s.read(ctx, "receipts", receiptsAfter, map[string]any{"revision": last.Revision, "at": last.At.Format(time.RFC3339Nano),
				"actor": last.Actor, "key": last.Key, "size": int64(receiptsPerPage)})
			for _, e := range page {
				if last, err = decodeReceipt(e); err != nil {
					break
				}
				if !yield(last, nil) {
					return
				}
			}
			if err != nil {
				yield(nil, err)
			}
			if err != nil || len(page) < receiptsPerPage {
				return
			}
		}
	}
}

func decodeReceipt(v any) (*store.Receipt, error) {
	props, _ := v.(map[string]any)
	str := func(name string) string { text, _ := props[name].(string); return text }
	at, err := time.Parse(time.RFC3339Nano, str("at"))
	if err != nil {
		return nil, internalf("a receipt has no time")
	}
	r := &store.Receipt{Actor: str("actor"), Key: str("key"), Fingerprint: str("fingerprint"), Outcome: str("outcome"), At: at}
	r.Revision, _ = props["revision"].(int64)
	return r, nil
}
