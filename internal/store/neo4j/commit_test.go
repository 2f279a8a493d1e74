package neo4j_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/musubi-map/musubi/internal/edit/edittest"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/neo4j"
	"github.com/musubi-map/musubi/internal/store/neo4j/neo4jtest"
	"github.com/musubi-map/musubi/internal/store/storetest"
)

// openBehind gives a store that reaches an empty server through the proxy.
func openBehind(t *testing.T) (*neo4j.Store, *boltProxy) {
	t.Helper()
	headOf(t, openEmpty(t))
	return openThrough(t)
}

// openThrough gives a store that reaches the server through a proxy.
func openThrough(t *testing.T) (*neo4j.Store, *boltProxy) {
	t.Helper()
	p := newBoltProxy(t, neo4jtest.Open(t))
	s, err := neo4j.Open(t.Context(), neo4j.Options{URI: p.uri()})
	if err != nil {
		t.Fatal(err)
	}
	storetest.CloseAfter(t, s)
	return s, p
}

// some spoils so many commits, and no more.
func some(n int, v verdict) func() verdict {
	var seen atomic.Int64
	return func() verdict {
		if seen.Add(1) <= int64(n) {
			return v
		}
		return pass
	}
}

// A commit that is not answered with yes has been made or not, and the store
// finds out which: with the key of a user or without, and when the connection
// that asks breaks at its end too.
func TestWhatBecameOfAWriteWhoseCommitWasNotAnswered(t *testing.T) {
	const (
		transient = "Neo.TransientError.Cluster.ReplicationFailure"
		broken    = "Neo.DatabaseError.Transaction.TransactionCommitFailed"
	)
	s, p := openBehind(t)
	ctx := t.Context()
	for i, tc := range []struct {
		name    string
		commits int // that are spoiled
		verdict verdict
		code    string // that the proxy answers with
		made    bool
		heard   network.ErrorCode
	}{
		{"cut before", 1, cutBefore, "", false, network.Unavailable},
		{"cut after", 1, cutAfter, "", true, ""},
		{"this and the next cut before", 2, cutBefore, "", false, network.Unavailable},
		{"this and the next cut after", 2, cutAfter, "", true, ""},
		{"refused, to be tried again, and made", 1, denied, transient, true, ""},
		{"refused and made", 1, denied, broken, true, ""},
	} {
		for _, key := range []string{"", "key"} {
			for _, writes := range []int{1, 0} {
				if writes == 0 && key == "" {
					continue
				}
				name := fmt.Sprintf("%s, key %q, %d writes", tc.name, key, writes)
				t.Run(name, func(t *testing.T) {
					b := &store.Batch{Actor: "a", At: time.Now()}
					id := network.ID(fmt.Sprint("r", i, key, writes))
					if writes > 0 {
						b.Writes = []store.Write{{Action: store.Create, After: &network.Record{ID: id, Kind: "Topic", Fields: map[string]any{"name": "一"}}}}
					}
					if key != "" {
						b.Receipt = &store.Receipt{Key: string(id)}
					}
					before := headOf(t, s)
					p.code = tc.code
					p.onCommit(some(tc.commits, tc.verdict))
					done, err := s.Apply(ctx, b)
					p.onCommit(func() verdict { return pass })
					wantCode(t, err, tc.heard)
					want := before
					if tc.made {
						want += int64(writes)
					}
					if head := headOf(t, s); head != want || tc.made && done.Revision != want {
						t.Errorf("%+v, and the store is at %d, want %d", done, head, want)
					}
					if key == "" {
						return
					}
					r, err := s.Receipt(ctx, "a", b.Receipt.Key)
					if (r != nil) != tc.made || err != nil {
						t.Errorf("receipt %+v, %v", r, err)
					}
				})
			}
		}
	}
}

func headOf(t *testing.T, s store.Store) int64 {
	t.Helper()
	head, err := s.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return head
}

// When Neo4j cannot be asked the store says that it does not know, and a user
// who tries again under the same key gets what was done the first time.
func TestWhatIsSaidWhenNobodyCanBeAskedAboutACommit(t *testing.T) {
	direct := openEmpty(t)
	if _, err := edittest.NewCrowd(t.Context(), direct); err != nil {
		t.Fatal(err)
	}
	var waiting sync.WaitGroup // most of the time is spent on trying to ask
	for key, v := range map[string]verdict{"not made": cutBefore, "made": cutAfter} {
		s, p := openThrough(t)
		crowd, err := edittest.NewCrowd(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		waiting.Go(func() {
			p.onCommit(func() verdict {
				go p.refuse(true)
				return v
			})
			_, err := crowd.Write(t.Context(), key)
			wantCode(t, err, network.OutcomeUnknown)
			p.onCommit(func() verdict { return pass })
			p.refuse(false)
			revision, err := crowd.Write(t.Context(), key)
			if at := revisionsOf(t, direct, key); err != nil || !slices.Equal(at, []int64{revision}) {
				t.Errorf("%s: revision %d, %v; the log has it at %d", key, revision, err, at)
			}
		})
	}
	waiting.Wait()
}

// revisionsOf are those that were made for a reason.
func revisionsOf(t *testing.T, s store.Store, reason string) (out []int64) {
	t.Helper()
	for c, err := range s.Changes(t.Context(), network.Admin(""), 0) {
		if err != nil {
			t.Error(err)
			return nil
		}
		if c.Reason == reason && !slices.Contains(out, c.Revision) {
			out = append(out, c.Revision)
		}
	}
	return out
}

// limited gives each call a deadline, as the server does.
type limited struct {
	store.Store
	limit time.Duration
}

func (s limited) Apply(ctx context.Context, b *store.Batch) (*store.Applied, error) {
	ctx, cancel := context.WithTimeout(ctx, s.limit)
	defer cancel()
	return s.Store.Apply(ctx, b)
}

// Whatever becomes of commits, what the clients are told is true.
func TestAreUpdatesLinearizableWhileCommitsBreak(t *testing.T) {
	s, p := openBehind(t)
	p.onCommit(func() verdict {
		return []verdict{pass, pass, pass, cutBefore, cutAfter}[rand.IntN(5)]
	})
	h, err := storetest.Race(t.Context(), limited{s, 20 * time.Second})
	for network.CodeOf(err) == network.Unavailable { // the first write was hit
		h, err = storetest.Race(t.Context(), limited{s, 20 * time.Second})
	}
	if err == nil {
		err = h.Check()
	}
	if err != nil {
		t.Error(err)
	}
	t.Log(h)
}

// Another's lock makes a write wait until its deadline, and not longer; the
// operator sees whose it is.
func TestDoesAWriteWaitForALockUntilItsDeadline(t *testing.T) {
	s := openEmpty(t)
	before := headOf(t, s)
	d := neo4jtest.Driver(t, neo4jtest.Open(t))
	session := d.NewSession(t.Context(), driver.SessionConfig{DatabaseName: neo4j.DefaultDatabase})
	defer func() { _ = session.Close(context.Background()) }()
	tx, err := session.BeginTransaction(t.Context())
	if err == nil {
		_, err = tx.Run(t.Context(), "MATCH (h:_Head) SET h._lock = true REMOVE h._lock", nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(store.WithRequest(t.Context(), "request-1"), time.Second)
	defer cancel()
	heard := make(chan error, 1)
	go func() {
		_, err := s.Apply(ctx, &store.Batch{Writes: []store.Write{{Action: store.Create, After: &network.Record{ID: "late", Kind: "Topic", Fields: map[string]any{"name": "一"}}}}})
		heard <- err
	}()
	awaitWriters(t, d, 1)
	result, err := driver.ExecuteQuery(t.Context(), d, "SHOW TRANSACTIONS YIELD metaData WHERE metaData.request = 'request-1' RETURN metaData.operation", nil,
		driver.EagerResultTransformer, driver.ExecuteQueryWithDatabase(neo4j.DefaultDatabase))
	if err != nil || len(result.Records) != 1 || result.Records[0].Values[0] != "apply" {
		t.Errorf("the server lists %+v, %v", result, err)
	}
	err = <-heard
	wantCode(t, err, network.Timeout)
	if err := tx.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	if head := headOf(t, s); head != before {
		t.Errorf("the store went from %d to %d", before, head)
	}
}
