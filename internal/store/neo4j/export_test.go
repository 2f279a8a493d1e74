package neo4j

import (
	"context"
	"strings"
	"sync"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/musubi-map/musubi/internal/store"
)

// Deprecated collects, while tests run, what the server says is deprecated.
var Deprecated = make(chan string, 100)

// Sent counts the statements sent, by their text.
var Sent sentTexts

type sentTexts struct {
	mu     sync.Mutex
	counts map[string]int
}

// Reset forgets the statements so far.
func (s *sentTexts) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.counts = map[string]int{}
}

// Texts are the statements since Reset, and how often each was sent.
func (s *sentTexts) Texts() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.counts
}

func init() {
	Sent.Reset()
	noticed = func(statement string, remarks []driver.Notification) {
		Sent.mu.Lock()
		Sent.counts[statement]++
		Sent.mu.Unlock()
		for _, r := range remarks {
			if strings.Contains(r.Code(), "Deprecat") {
				select {
				case Deprecated <- r.Code() + " " + r.Title() + "\n" + statement:
				default:
				}
			}
		}
	}
}

// Together applies those of the batches that go into one transaction with the first,
// and gives which they are and what became of each.
func (s *Store) Together(ctx context.Context, batches []*store.Batch) (went []int, outcomes []error, revisions []int64, err error) {
	ctx, cancel := bounded(ctx)
	defer cancel()
	if err := s.ready(ctx); err != nil {
		return nil, nil, nil, err
	}
	at := map[*turn]int{}
	q := &queue{}
	for i, b := range batches {
		a, err := prepare(b)
		if err != nil {
			return nil, nil, nil, err
		}
		a.parts[0].encodings = beside(a.encode)
		t := newTurn(ctx, a)
		at[t] = i
		q.waiting = append(q.waiting, t)
	}
	group := q.group(q.waiting[0])
	s.together(group)
	for _, t := range group {
		<-t.done
		went, outcomes = append(went, at[t]), append(outcomes, t.err)
		revision := int64(0)
		if t.err == nil {
			revision = t.applied.Revision
		}
		revisions = append(revisions, revision)
	}
	return went, outcomes, revisions, nil
}

// EntriesPerUpgrade sets how many log entries one transaction of the upgrade does,
// and gives what sets it back.
func EntriesPerUpgrade(n int) (back func()) {
	was := entriesPerUpgrade
	entriesPerUpgrade = n
	return func() { entriesPerUpgrade = was }
}

// IndexWait sets how long the filling of indexes is waited for, and gives what sets it
// back.
func IndexWait(d time.Duration) (back func()) {
	was := indexWait
	indexWait = d
	return func() { indexWait = was }
}

// UpgradePage does the next page of the upgrade of the log, and no more.
func UpgradePage(ctx context.Context, d driver.DriverWithContext) (int, error) {
	session := d.NewSession(ctx, driver.SessionConfig{DatabaseName: DefaultDatabase})
	defer func() { _ = session.Close(ctx) }()
	n, err := session.ExecuteWrite(ctx, func(tx driver.ManagedTransaction) (any, error) { return upgradePage(ctx, tx) })
	if err != nil {
		return 0, err
	}
	return n.(int), nil
}
