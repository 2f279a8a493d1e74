package edittest

import (
	"context"
	"fmt"
	"hash/fnv"
	"io"
	"sync"
	"time"

	"github.com/musubi-map/musubi/internal/edit"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// Crowd is people who write at the same time. Each of their writes has a key of
// its own, which alone says what it does and is its reason: so the log tells
// which writes were made, and how often.
type Crowd struct {
	Editor *edit.Editor
	// Limit is how long one write may take; 0: as long as it takes.
	Limit  time.Duration
	shared []network.ID
}

const (
	// sharedTopics are those that the crowd fights over.
	sharedTopics = 64
	// claims are those of one hearing: writes of many records are hit more often.
	claims = 5
)

// NewCrowd enters the shared topics into a store, or finds them.
func NewCrowd(ctx context.Context, s store.Store) (*Crowd, error) {
	c := &Crowd{Editor: &edit.Editor{Store: s, Clock: network.SystemClock()}}
	var rows []edit.Row
	for i := range sharedTopics {
		rows = append(rows, edit.Row{Kind: "Topic", Key: fmt.Sprint("shared", i)})
		if head, err := s.Head(ctx); err != nil {
			return nil, err
		} else if head == 0 {
			rows[i].Fields = map[string]any{"name": fmt.Sprint("話題", i)}
		}
	}
	report, err := c.Editor.Upsert(ctx, c.intent(""), rows, edit.UpsertOptions{})
	if err != nil {
		return nil, err
	}
	c.shared = report.IDs
	return c, nil
}

func (c *Crowd) intent(key string) edit.Intent {
	return edit.Intent{Viewer: network.Admin("crowd"), Reason: key, Key: key, Request: key}
}

// The ways to write, with how many entries each leaves in the log.
var ways = []struct {
	entries int
	write   func(ctx context.Context, c *Crowd, in edit.Intent, which uint32) (int64, error)
}{
	{1, func(ctx context.Context, c *Crowd, in edit.Intent, _ uint32) (int64, error) {
		return revisionOf(c.Editor.Create(ctx, in, "Topic", map[string]any{"name": in.Key}))
	}},
	{1, func(ctx context.Context, c *Crowd, in edit.Intent, which uint32) (int64, error) {
		return revisionOf(c.Editor.Update(ctx, in, c.shared[which%sharedTopics], "", map[string]any{"name": in.Key}, nil))
	}},
	{2 + claims, func(ctx context.Context, c *Crowd, in edit.Intent, which uint32) (int64, error) {
		said := make([]map[string]any, claims)
		for i := range said {
			said[i] = map[string]any{"record": string(c.shared[which%sharedTopics]), "field": "name", "value": fmt.Sprint(in.Key, " ", i)}
		}
		out, err := c.Editor.RecordHearing(ctx, in, map[string]any{"name": in.Key, "date": "2024-01-10"}, said)
		if err != nil {
			return 0, err
		}
		return out.Revision, nil
	}},
}

func revisionOf(out *edit.Outcome, err error) (int64, error) {
	if err != nil {
		return 0, err
	}
	return out.Revision, nil
}

func wayOf(key string) (way int, which uint32) {
	h := fnv.New32a()
	_, _ = h.Write([]byte(key))
	sum := h.Sum32()
	return int(sum>>8) % len(ways), sum
}

// Write makes the write of a key, and gives its revision.
func (c *Crowd) Write(ctx context.Context, key string) (int64, error) {
	if c.Limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.Limit)
		defer cancel()
	}
	way, which := wayOf(key)
	return ways[way].write(ctx, c, c.intent(key), which)
}

// Run lets so many people write until the context ends, under keys that begin
// with name; what they have begun they end. Before each write it writes the line "begin" and the key, once it
// is answered "done", the key and the revision, or "failed", the key and the
// code of the error.
func (c *Crowd) Run(ctx context.Context, name string, people int, out io.Writer) {
	var lines sync.Mutex
	say := func(words ...any) {
		lines.Lock()
		defer lines.Unlock()
		fmt.Fprintln(out, words...)
	}
	var wg sync.WaitGroup
	for person := range people {
		wg.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				key := fmt.Sprintf("%s-%d-%d", name, person, n)
				say("begin", key)
				if revision, err := c.Write(context.WithoutCancel(ctx), key); err != nil {
					say("failed", key, network.CodeOf(err))
				} else {
					say("done", key, revision)
				}
			}
		})
	}
	wg.Wait()
}
