package neo4j

import (
	"context"
	"slices"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// Fill commits a batch of new records as Apply does, one revision with its log,
// but takes the caller's word for what Apply looks up first: that IDs have never
// been used, that what a record refers to is there and of a kind it may refer to,
// and that nobody relies on anything (Decided and Receipt are InvalidValue). It is
// for bulk loads into a store that nobody else writes to, several times as fast as
// Apply.
//
// An ID or unique value that is taken is still refused (Conflict), and so is a reference to
// nothing (NotFound); what else is wrong with a batch is not found out. After the last call
// comes Settle.
func (s *Store) Fill(ctx context.Context, b *store.Batch) (*store.Applied, error) {
	if b.Decided != nil || b.Receipt != nil || slices.ContainsFunc(b.Writes, func(w store.Write) bool { return w.Action != store.Create }) {
		return nil, network.Errorf(network.InvalidValue, "only new records can be filled in, without receipt; use Apply")
	}
	a, err := prepare(b)
	if err != nil {
		return nil, err
	}
	if err := s.ready(ctx); err != nil {
		return nil, err
	}
	a.now = make([]*loaded, len(b.Writes))
	session := s.session(ctx, driver.AccessModeWrite)
	defer func() { _ = session.Close(context.WithoutCancel(ctx)) }()
	mark := string(network.NewID())
	revision, failed := session.ExecuteWrite(ctx, func(tx driver.ManagedTransaction) (any, error) {
		w := &writer{ctx: ctx, tx: tx, mark: mark, trusting: true}
		w.records(a)
		revision := w.head(true)
		w.log(a, revision)
		return revision, w.err
	}, limits(ctx, "fill")...)
	if failed != nil {
		return nil, failure(ctx, failed)
	}
	return &store.Applied{Revision: revision.(int64)}, nil
}

// Settle lets the server know its indexes as they are after a bulk load: until
// then it plans by what was there before.
func (s *Store) Settle(ctx context.Context) error {
	if err := s.ready(ctx); err != nil {
		return err
	}
	session := s.session(ctx, driver.AccessModeWrite)
	defer func() { _ = session.Close(context.WithoutCancel(ctx)) }()
	for _, text := range []string{"CALL db.awaitIndexes(600)", "CALL db.resampleOutdatedIndexes()", "CALL db.prepareForReplanning(600)"} {
		result, err := session.Run(ctx, text, nil, limits(ctx, "settle")...)
		if err == nil {
			_, err = result.Consume(ctx)
		}
		if err != nil {
			return failure(ctx, err)
		}
	}
	return nil
}

// linkAll creates links and ties, every one of them.
func (w *writer) linkAll(params map[string]any, rows int) error {
	result, err := w.tx.Run(w.ctx, createLink, params)
	if err != nil {
		return err
	}
	summary, err := result.Consume(w.ctx)
	if err != nil {
		return err
	}
	if made := summary.Counters().RelationshipsCreated(); made != rows {
		return network.Errorf(network.NotFound, "%d of %d references lead to no record", rows-made, rows)
	}
	return nil
}
