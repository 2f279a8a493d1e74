package neo4j

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// A reading is made again so often, and for so long, when it met a commit.
const (
	rereads    = 8
	rereadTime = time.Second
)

// commits are those of this store that are under way. Neo4j has no snapshots: a
// statement that meets a commit sees what of it has been put in place by then, a
// version beside the name that another version had, or the new revision before all
// that belongs to it. What was read so is read again when the commit is through.
// Commits of other servers on the database cannot be seen.
type commits struct {
	mu       sync.Mutex
	underWay map[*commit]struct{}
	readings map[*reading]struct{}
}

// commit is an attempt on its way in.
type commit struct {
	a        *attempt
	revision int64         // the first it makes
	through  chan struct{} // closed when the server has answered
}

// reading is a time in which something is read.
type reading struct {
	of  *commits
	met []*commit
}

func newCommits() *commits {
	return &commits{underWay: map[*commit]struct{}{}, readings: map[*reading]struct{}{}}
}

func (c *commits) begin(a *attempt) *commit {
	now := &commit{a, a.sound()[0].applied.Revision, make(chan struct{})}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.underWay[now] = struct{}{}
	for r := range c.readings {
		r.met = append(r.met, now)
	}
	return now
}

// end may be called for none.
func (c *commits) end(now *commit) {
	if now == nil {
		return
	}
	c.mu.Lock()
	delete(c.underWay, now)
	c.mu.Unlock()
	close(now.through)
}

func (c *commits) look() *reading {
	r := &reading{of: c}
	c.mu.Lock()
	defer c.mu.Unlock()
	for now := range c.underWay {
		r.met = append(r.met, now)
	}
	c.readings[r] = struct{}{}
	return r
}

// end gives the commits that the reading may have met.
func (r *reading) end() []*commit {
	r.of.mu.Lock()
	defer r.of.mu.Unlock()
	delete(r.of.readings, r)
	return r.met
}

// apart reads, and reads again after a commit that was met and mattered.
func (c *commits) apart(ctx context.Context, read func() error, matters func(*commit) bool) error {
	begun := time.Now()
	for n := 1; ; n++ {
		r := c.look()
		err := read()
		met := r.end()
		if err != nil || !slices.ContainsFunc(met, matters) || n == rereads || time.Since(begun) > rereadTime {
			return err
		}
		for _, now := range met {
			select {
			case <-now.through:
			case <-ctx.Done():
				return failure(ctx, ctx.Err())
			}
		}
	}
}

// writes says whether the commit writes one of the records that are read together
// with their versions.
func (now *commit) writes(p *store.Plan) bool { return slices.ContainsFunc(p.Roots, now.versions) }

func (now *commit) has(id network.ID) bool {
	_, is := now.a.at[id]
	return is
}

// versions says whether the collection, or one below it, gives versions of a kind
// that is written, and where it has records by ID, of one of these.
func (now *commit) versions(l *store.Collection) bool {
	may := l.Source.Op != store.ByID || slices.ContainsFunc(l.Source.IDs, now.has)
	for _, shape := range l.Shapes {
		for _, c := range shape.Columns {
			if c.Child != nil && now.versions(c.Child) || c.Builtin == store.Version && may && now.writesAny(shape.Kinds) {
				return true
			}
		}
	}
	return false
}

func (now *commit) writesAny(kinds []*network.Kind) bool {
	return slices.ContainsFunc(now.a.kind, func(k *network.Kind) bool { return slices.Contains(kinds, k) })
}
