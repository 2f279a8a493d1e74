package neo4j

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

func waitingBatch(t *testing.T, ctx context.Context, b *store.Batch) *turn {
	t.Helper()
	a, err := prepare(b)
	if err != nil {
		t.Fatal(err)
	}
	return newTurn(ctx, a)
}

func topicNamed(id string) store.Write {
	return store.Write{Action: store.Create, After: &network.Record{ID: network.ID(id), Kind: "Topic", Fields: map[string]any{"name": id}}}
}

func TestWhatGoesTogether(t *testing.T) {
	record := func(kind, id string, fields map[string]any) *store.Batch {
		return &store.Batch{Writes: []store.Write{{Action: store.Create, After: &network.Record{ID: network.ID(id), Kind: kind, Fields: fields}}}}
	}
	under := func(b *store.Batch, actor, key string) *store.Batch {
		b.Actor, b.Receipt = actor, &store.Receipt{Key: key}
		return b
	}
	named := map[string]any{"name": "名"}
	coded := map[string]any{"name": "名", "schoolCode": "B120221500026"}
	tie := map[string]any{"kind": "SUPPORTS", "subject": network.ID("a"), "object": network.ID("c")}
	for name, c := range map[string]struct {
		one, other *store.Batch
		want       bool
	}{
		"other records":                    {record("Person", "a", named), record("Person", "b", named), true},
		"the same record":                  {record("Person", "a", named), record("Person", "a", named), false},
		"a record and a tie to it":         {record("Person", "a", named), record("Tie", "t", tie), false},
		"a tie and a record that it needs": {record("Tie", "t", tie), record("Person", "a", named), false},
		"two ties of one record":           {record("Tie", "t", tie), record("Tie", "u", tie), true},
		"one code":                         {record("School", "a", coded), record("School", "b", coded), false},
		"one key of one actor":             {under(record("Person", "a", named), "x", "k"), under(record("Person", "b", named), "x", "k"), false},
		"one key of two actors":            {under(record("Person", "a", named), "x", "k"), under(record("Person", "b", named), "y", "k"), true},
	} {
		q := &queue{}
		one, other := waitingBatch(t, t.Context(), c.one), waitingBatch(t, t.Context(), c.other)
		q.waiting = []*turn{one, other}
		if got := len(q.group(one)) == 2; got != c.want || len(q.waiting) == 1 == c.want {
			t.Errorf("%s: together %v", name, got)
		}
	}
}

func TestWhichBatchesShareATransaction(t *testing.T) {
	many := &store.Batch{}
	for i := range smallBatch + 1 {
		many.Writes = append(many.Writes, topicNamed(fmt.Sprint(i)))
	}
	for name, c := range map[string]struct {
		b    *store.Batch
		want bool
	}{
		"one write":             {&store.Batch{Writes: []store.Write{topicNamed("a")}}, true},
		"many writes":           {many, false},
		"one that was decided":  {&store.Batch{Writes: []store.Write{topicNamed("a")}, Decided: &store.Decided{}}, false},
		"one that erases":       {&store.Batch{Writes: []store.Write{{Action: store.Erase, IfVersion: 1, After: (&network.Record{ID: "p", Kind: "Person", Fields: map[string]any{}}).Blank(0)}}}, false},
		"a receipt of no write": {&store.Batch{Receipt: &store.Receipt{Key: "k"}}, false},
	} {
		if got := waitingBatch(t, t.Context(), c.b).a.small(); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// recorder runs groups: it notes them, and takes its time for the first.
type recorder struct {
	mu     sync.Mutex
	groups []int
	first  chan struct{} // closed by the test, ends the first
}

func (r *recorder) run(group []*turn) {
	r.mu.Lock()
	n := len(r.groups)
	r.groups = append(r.groups, len(group))
	r.mu.Unlock()
	if n == 0 && r.first != nil {
		<-r.first
	}
	for _, t := range group {
		t.applied = &store.Applied{Revision: 7}
		close(t.done)
	}
}

// The first goes at once, and those that come meanwhile go together: when the
// first is through, or when they have waited long enough for it.
func TestWhoWaitsForWhom(t *testing.T) {
	const others = 10
	for _, tired := range []bool{false, true} {
		q, r := &queue{}, &recorder{first: make(chan struct{})}
		var all sync.WaitGroup
		join := func(id string) {
			turn := waitingBatch(t, t.Context(), &store.Batch{Writes: []store.Write{topicNamed(id)}})
			all.Go(func() {
				if applied, err := q.take(turn, r.run); err != nil || applied.Revision != 7 {
					t.Errorf("%+v, %v", applied, err)
				}
			})
		}
		join("first")
		until(t, func() bool { return q.count() == [2]int{0, 1} })
		for i := range others {
			join(fmt.Sprint(i))
		}
		if tired {
			until(t, func() bool { r.mu.Lock(); defer r.mu.Unlock(); return len(r.groups) > 1 })
		} else {
			until(t, func() bool { r.mu.Lock(); defer r.mu.Unlock(); return len(r.groups) > 1 || len(q.snapshot()) == others })
		}
		close(r.first)
		all.Wait()
		sum := 0
		for _, n := range r.groups {
			sum += n
		}
		if r.groups[0] != 1 || sum != others+1 || !slices.ContainsFunc(r.groups, func(n int) bool { return n > 1 }) {
			t.Errorf("tired %v: groups %v", tired, r.groups)
		}
		if got := q.count(); got != [2]int{0, 0} {
			t.Errorf("left %v", got)
		}
	}
}

// count is how many wait, and how many transactions run.
func (q *queue) count() [2]int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return [2]int{len(q.waiting), q.running}
}

func (q *queue) snapshot() []*turn {
	q.mu.Lock()
	defer q.mu.Unlock()
	return slices.Clone(q.waiting)
}

func until(t *testing.T, is func() bool) {
	t.Helper()
	for range 10_000 {
		if is() {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Fatal("it did not come")
}

// A batch whose time is over is taken out of the queue, or, once it is in a
// transaction, waits for what becomes of it.
func TestWhatBecomesOfABatchWhoseTimeIsOver(t *testing.T) {
	q := &queue{running: 1} // one that goes on and on
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	waiting := waitingBatch(t, ctx, &store.Batch{Writes: []store.Write{topicNamed("a")}})
	if _, err := q.take(waiting, (&recorder{}).run); err == nil || len(q.waiting) > 0 {
		t.Errorf("%v, %d wait", err, len(q.waiting))
	}
	q, r := &queue{}, &recorder{first: make(chan struct{})}
	ctx, cancel = context.WithCancel(t.Context())
	in := waitingBatch(t, ctx, &store.Batch{Writes: []store.Write{topicNamed("a")}})
	heard := make(chan error, 1)
	go func() {
		_, err := q.take(in, r.run)
		heard <- err
	}()
	until(t, func() bool { return q.count() == [2]int{0, 1} })
	cancel()
	close(r.first)
	if err := <-heard; err != nil {
		t.Error(err)
	}
}
