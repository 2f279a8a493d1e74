package neo4j

import (
	"context"
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
// the commit is not answered it looks what became of the batch. Small batches that
// have nothing to do with one another may share a transaction.
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
	a.parts[0].encodings = encodings
	if err := s.ready(ctx); err != nil {
		return nil, err
	}
	if !a.small() {
		return s.alone(ctx, a)
	}
	return s.queue.take(newTurn(ctx, a), s.together)
}

// alone commits a batch in a transaction of its own.
func (s *Store) alone(ctx context.Context, a *attempt) (applied *store.Applied, err error) {
	for range races {
		if err = s.transact(ctx, a); err == nil {
			return a.parts[0].applied, a.parts[0].err
		}
		if serverCode(err) != codeConstraint {
			break
		}
	}
	return nil, err
}

// newMark is short enough for Neo4j to keep it beside the other properties: a whole ID
// would take a record of its own for each entry of the log.
func newMark() string {
	id := string(network.NewID())
	return id[len(id)-12:] // of chance
}

// outcome is what became of a batch.
type outcome struct {
	applied *store.Applied
	err     error
}

// transact makes the transaction, again as long as the driver says that it may
// come through the next time. The mark tells what it left from all else, so that
// nothing is done twice. After an error nothing was written, of no part; else each
// has its fault or its outcome.
func (s *Store) transact(ctx context.Context, a *attempt) (err error) {
	ctx, end := s.told(ctx, "apply")
	defer func() { end(err) }()
	session := s.session(ctx, driver.AccessModeWrite)
	defer func() { _ = session.Close(context.WithoutCancel(ctx)) }()
	committing, shortages, mark := false, 0, newMark()
	var now *commit
	defer func() { s.commits.end(now) }()
	_, err = session.ExecuteWrite(ctx, func(tx driver.ManagedTransaction) (any, error) {
		if committing { // the commit was refused: it need not be true
			if made, err := a.leftBy(ctx, tx, mark); made || err != nil {
				return nil, err
			}
		}
		committing = false
		err := a.applyIn(ctx, tx, mark)
		if outOfMemory(err) {
			if shortages++; shortages > 1 {
				s.log.WarnContext(ctx, "neo4j: a write is given up", "error", err)
				return nil, ofServer(serverCode(err)) // the driver would go on
			}
		}
		if committing = err == nil; committing && len(a.writes) > 0 {
			s.commits.end(now)
			now = s.commits.begin(a)
		}
		return nil, err
	}, limits(ctx, "apply")...)
	switch {
	case err == nil:
		return nil
	case committing:
		s.settleAll(ctx, a, mark, err)
		return nil
	}
	return failure(ctx, err)
}

// applyIn does the work of one try. The head is taken last, so that writers wait
// for one another as briefly as can be. When no part is sound the error is the
// fault of the first.
func (a *attempt) applyIn(ctx context.Context, tx driver.ManagedTransaction, mark string) error {
	w := &writer{ctx: ctx, tx: tx, mark: mark}
	for _, p := range a.parts {
		p.fault, p.outcome = nil, outcome{}
	}
	if len(a.writes) > 0 {
		if err := a.read(ctx, tx); err != nil {
			return err
		}
		a.encoded()
		a.check()
		if len(a.sound()) == 0 {
			return a.parts[0].fault
		}
	}
	entries := beside(a.entries) // while the records are written
	defer func() { _, _ = entries() }()
	w.records(a)
	sound := a.sound()
	made := len(sound)
	if len(a.writes) == 0 {
		made = 0 // a receipt alone, of a batch alone
	}
	head := w.head(made)
	w.decided(a.parts[0].b.Decided, head) // such a batch is alone, too
	for i, p := range sound {
		p.applied = &store.Applied{Revision: head - int64(len(sound)-1-i)}
	}
	w.erase(a.parts[0].b) // alone as well
	w.log(entries, a)
	for _, p := range sound {
		w.receipt(p.b.Kept(p.applied.Revision))
	}
	return w.err
}

// beside does work while others go on, and gives what waits for its result.
func beside[T any](work func() (T, error)) func() (T, error) {
	result := sync.OnceValues(work)
	go func() { _, _ = result() }()
	return result
}

// attempt is a batch on its way in, or several that have nothing to do with one
// another. What read and check find out they find out anew each time it is tried.
type attempt struct {
	parts  []*part
	writes []store.Write   // of all parts, one after another
	kind   []*network.Kind // by write
	next   []*network.Record
	enc    []*encoded
	at     map[network.ID]int
	now    []*loaded // by write: what is there, nil for Create
	// other is the kind of each record that is referred to and is not written.
	other map[network.ID]string
	taken map[lookKey][]network.ID // unique values that records have now
	keys  map[lookKey]network.ID   // and that those of the batch will have
	used  map[network.ID]bool      // IDs of new records that the log knows
	// back are the links to records that change their kind.
	back map[network.ID][]backLink
}
